"""`python -m tests.bench`: speed and memory, each figure beside a reference measured in the same run."""
