"""Runs Picket from connecting to its end: signals, an unreachable Discord, and exit codes that a supervisor can act on.

0: told to end, and did. 1: somebody has to mend something (the token, the settings); starting again won't help. 70: an
error that nobody foresaw; starting again may. What passes by itself, such as Discord being unreachable, is waited out.
"""

import asyncio
import os
import signal
import threading
from contextlib import suppress

import discord

from bot import log
from bot.app import Picket
from bot.commands_sync import sync
from bot.credentials import Token
from bot.errors import SetupError
from bot.voices import UNCONNECTED, UNREACHED

UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h
# Seconds from the signal, of the ten that are promised: a thread that can't be stopped, such as one in the middle of
# encoding, is left behind. A kill at any moment leaves every file whole, so this one does too.
_LAST = 9.5
# Seconds between two attempts to reach Discord at the start, doubled up to the last; its own library waits alike later.
_RETRY, _RETRY_MOST = 1.0, 60.0
_AUTHENTICATION_FAILED = 4004  # a close code of the gateway
_TOO_MANY = 429  # a status: too many requests, also of others behind the same address


async def serve(bot: Picket, token: Token, logs: log.Logs) -> None:
    """Returns after a signal to end was carried out; SetupError where Discord doesn't let it in. Closes the bot in any case."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def signalled(number: signal.Signals) -> None:
        if told.is_set():
            logs.close()
            os._exit(128 + number)
        log.event("ending", signal=number.name)
        _end_at_last(logs)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled, number)
    connected = asyncio.create_task(_connected(bot, token), name="connected")
    ending = asyncio.create_task(told.wait(), name="ending")
    try:
        await asyncio.wait((connected, ending), return_when=asyncio.FIRST_COMPLETED)
    finally:
        await bot.close()
        ending.cancel()
        connected.cancel()  # where it still logs in, or waits to
    with suppress(asyncio.CancelledError):
        try:
            await connected
        except UNCONNECTED:
            if not told.is_set():
                raise
    log.event("ended")


async def sync_once(bot: Picket, token: Token) -> int:
    """Logs in, sends the commands whether they changed or not, and closes the bot; gives how many there are."""
    try:
        await _log_in(bot, token)
        await sync(bot, force=True)
        return len(bot.tree.get_commands())
    except UNCONNECTED as error:
        raise SetupError(f"Discord did not take the commands ({error}); try again in a minute.") from error
    finally:
        await bot.close()


async def _connected(bot: Picket, token: Token) -> None:
    """Logs in, as often as it takes, and stays connected until the bot is closed."""
    wait = _RETRY
    while True:
        try:
            await _log_in(bot, token)
            break
        except UNREACHED as error:
            if bot.extensions:  # past Discord's part of logging in: not its fault, and not to be done twice
                raise
            log.event("unreachable", level="warning", error=type(error).__name__, told=str(error), seconds=wait)
        # The closed session's connector can't be used again; without one, discord.py makes another.
        await bot.http.close()
        bot.http.connector = discord.utils.MISSING
        await asyncio.sleep(wait)
        wait = min(2 * wait, _RETRY_MOST)
    try:
        await bot.connect()
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise _refused(token) from error
        raise SetupError(
            f"Discord closed the connection for good (code {error.code}); look that code up in its documentation."
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise SetupError(str(error)) from error


async def _log_in(bot: Picket, token: Token) -> None:
    """SetupError where trying again would end alike; what passes by itself is raised as it is."""
    try:
        await bot.login(token.text)
    except discord.LoginFailure as error:
        raise _refused(token) from error
    except discord.HTTPException as error:
        if bot.extensions or error.status >= 500 or error.status == _TOO_MANY:
            raise
        raise SetupError(
            f"Discord doesn't let Picket log in (status {error.status}: {error.text}); look at the application in its "
            "developer portal."
        ) from error


def _refused(token: Token) -> SetupError:
    return SetupError(
        f"Discord doesn't know the token from {token.origin}; copy it anew from the application's page “Bot” in the "
        "developer portal."
    )


def _end_at_last(logs: log.Logs) -> None:
    """Ends the process though a thread still runs; a daemon, so that it doesn't keep the process itself."""

    def end() -> None:
        log.event("ended", level="warning", left="a thread that could not be stopped")
        logs.close()
        os._exit(0)

    timer = threading.Timer(_LAST, end)
    timer.daemon = True
    timer.start()
