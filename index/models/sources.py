"""Finds the folder of a model that a setting names: a local path, an installed package that carries it, or a hub name.

What must lie in the folder, and the next step where there is none, the kind of model says by its `Needs`.
"""

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePath

from index.errors import ModelError

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_PACKAGE_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Needs:
    """What one kind of model needs. The texts end the sentences that tell why a setting can't be used.

    `carries` says by a package's file whether the model lies in its folder, `holds` whether a fetched folder has one. `fetched`
    are the patterns of what is fetched from the hub: the next only where those before brought no model.
    """

    section: str
    carries: Callable[[PurePath], bool]
    holds: Callable[[Path], bool]
    fetched: tuple[tuple[str, ...], ...]
    no_folder: str
    no_name: str
    not_installed: str
    not_carried: str
    not_cached: str
    not_fetched: str


def model_folder(setting: str, needs: Needs) -> Path:
    """The folder that `setting` names; ModelError where there is none. A package's code isn't run."""
    path = Path(setting).expanduser()
    if setting and path.is_dir():  # Path("") is the current directory
        return path.resolve()
    told = f"[{needs.section}] model “{setting}”"
    if setting.startswith((".", "/", "~")) or setting.count("/") > 1:
        raise ModelError(f"{told} is no folder; {needs.no_folder}.")
    if _HUB_NAME.fullmatch(setting):
        return _from_hub(setting, needs, told)
    if not _PACKAGE_NAME.fullmatch(setting):
        raise ModelError(f"{told} is neither {needs.no_name}.")
    return _from_package(setting, needs, told)


def plain_name(name: str) -> str:
    """A model's name as a part of a folder's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or "model"


def _from_package(setting: str, needs: Needs, told: str) -> Path:
    try:
        files: Iterable[metadata.PackagePath] = metadata.distribution(setting).files or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"{told} is not installed; install the package of that name, {needs.not_installed}."
        ) from error
    for file in sorted(files, key=lambda file: (len(file.parts), str(file))):  # a module's own weights lie deeper
        if needs.carries(file):
            return Path(str(file.locate())).parent.resolve()
    raise ModelError(f"{told}: that package carries no {needs.not_carried}.")


def _from_hub(setting: str, needs: Needs, told: str) -> Path:
    """The snapshot of a hub model, from the local cache; otherwise fetched, unless HF_HUB_OFFLINE forbids it."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = [pattern for patterns in needs.fetched for pattern in patterns]
    with contextlib.suppress(LocalEntryNotFoundError, OSError, ValueError):
        folder = Path(snapshot_download(setting, allow_patterns=wanted, local_files_only=True))
        if needs.holds(folder):  # an earlier fetch may have been cut short
            return folder
    if constants.HF_HUB_OFFLINE:
        raise ModelError(
            f"{told} is not in the local hub cache and HF_HUB_OFFLINE is set; unset it once, {needs.not_cached}."
        )
    try:
        for patterns in needs.fetched:
            folder = Path(snapshot_download(setting, allow_patterns=[*patterns]))
            if needs.holds(folder):
                break
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise ModelError(
            f"{told} can't be fetched ({type(error).__name__}); check its name and the network, {needs.not_fetched}."
        ) from error
    return folder
