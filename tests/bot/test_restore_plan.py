"""Several renames as one change: all of them, in the end, or none; and doing them again does no harm."""

import json
from pathlib import Path

import pytest

from bot.errors import BackupError
from bot.restore_plan import PLAN, Plan, replace_all, settle


def laid_ready(place: Path) -> Plan:
    """Two files, each with the new one beside it."""
    for name in ("one", "two"):
        (place / name).write_text(f"old {name}")
        (place / f"{name}.new").write_text(f"new {name}")
    return Plan(
        aside=tuple((str(place / name), str(place / "aside" / name)) for name in ("one", "two", "absent")),
        into=tuple((str(place / f"{name}.new"), str(place / name)) for name in ("one", "two")),
    )


def texts(place: Path) -> dict[str, str]:
    return {file.relative_to(place).as_posix(): file.read_text() for file in place.rglob("*") if file.is_file()}


DONE = {"one": "new one", "two": "new two", "aside/one": "old one", "aside/two": "old two"}


def test_what_is_new_takes_the_place_and_what_was_there_is_kept_aside(tmp_path: Path) -> None:
    replace_all(tmp_path, laid_ready(tmp_path))
    assert texts(tmp_path) == DONE
    assert not settle(tmp_path)


@pytest.mark.parametrize("renames", range(5))
def test_a_plan_that_was_cut_short_anywhere_is_finished(tmp_path: Path, renames: int) -> None:
    plan = laid_ready(tmp_path)
    before = texts(tmp_path)
    replace_all(tmp_path, plan)
    (tmp_path / PLAN).write_text(json.dumps({"aside": plan.aside, "into": plan.into}))
    for name, text in before.items():  # back to where `renames` of the four renames were done
        (tmp_path / name).write_text(text)
    done = [*plan.aside[:2], *plan.into][:renames]
    for _, target in plan.aside[:2]:
        Path(target).unlink()
    for source, target in done:
        Path(source).replace(target)
    assert settle(tmp_path)
    assert texts(tmp_path) == DONE


def test_a_rename_that_fails_is_told_and_done_when_it_can_be(tmp_path: Path) -> None:
    plan = laid_ready(tmp_path)
    (tmp_path / "aside").write_text("a file stands where the folder should be")
    with pytest.raises(BackupError, match="either goes on where it stopped"):
        replace_all(tmp_path, plan)
    assert texts(tmp_path)["one"] == "old one"
    (tmp_path / "aside").unlink()
    assert settle(tmp_path)
    assert texts(tmp_path) == DONE


def test_where_the_plan_can_not_be_written_nothing_moves(tmp_path: Path) -> None:
    plan = laid_ready(tmp_path)
    before = texts(tmp_path)
    with pytest.raises(BackupError, match="Nothing was replaced"):
        replace_all(tmp_path / "absent", plan)
    assert texts(tmp_path) == before


@pytest.mark.parametrize("text", ["", "[]", '{"aside": 1, "into": []}', "\udcff"])
def test_a_plan_that_is_none_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / PLAN).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BackupError, match="is no plan of a restore"):
        settle(tmp_path)
