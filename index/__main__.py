"""`python -m index`."""

import signal

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # no traceback of imports: `corpus.shell` takes it then

    from index.cli import main

    main()
