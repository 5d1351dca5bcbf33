"""Replaces several files at once, so that a kill at any moment leaves all of the old or can only end in all of the new.

What is new lies ready first. A plan of renames, written durably, is the one moment from which on the new holds: who
opens the storage directory next finishes a plan that was cut short. What is replaced is moved aside, never deleted.
Which files these are is `backups`' business.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import BackupError
from corpus.errors import StoreError
from corpus.files import replace_file

PLAN = "restore.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """Renames, each from its first path to its second.

    Those of `aside` come first, and only where nothing is in their place yet; those of `into` replace what is there.
    So doing all of it again, from the beginning, changes nothing that was done.
    """

    aside: tuple[tuple[str, str], ...]
    into: tuple[tuple[str, str], ...]


_PLANS = TypeAdapter(Plan)


def replace_all(storage: Path, plan: Plan) -> None:
    """BackupError where the plan can't be written: nothing was moved; or where a rename fails: `settle` does the rest."""
    try:
        replace_file(storage / PLAN, _encoded(json.dumps(asdict(plan), ensure_ascii=False, indent=1) + "\n"))
    except StoreError as error:
        raise BackupError(f"{error} Nothing was replaced.") from error
    settle(storage)


def settle(storage: Path) -> bool:
    """Finishes a replacement that was cut short; whether there was one. The caller holds the storage directory."""
    place = storage / PLAN
    try:
        plan = _PLANS.validate_python(json.loads(place.read_bytes().decode("utf-8", "surrogateescape")))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BackupError(f"{place} can't be read ({error.strerror}); check its permissions.") from error
    except ValueError as error:
        raise BackupError(f"{place} is no plan of a restore; delete it, and restore the backup again.") from error
    try:
        for source, target in plan.aside:
            if not os.path.lexists(target):
                _rename(source, target)
        os.sync()  # else a power cut might keep a later rename and lose an earlier one
        for source, target in plan.into:
            _rename(source, target)
        os.sync()  # all folders at once, of which there may be many
        place.unlink()
    except OSError as error:
        raise BackupError(
            f"The restore is not finished, {error.filename or storage} can't be moved ({error.strerror}); correct that and"
            " run it again or start Picket: either goes on where it stopped."
        ) from error
    return True


def _rename(source: str, target: str) -> None:
    if os.path.lexists(source):  # else it was done before
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(source).replace(target)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")  # as the system's file names are
