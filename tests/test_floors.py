"""The golden measures stay at or above tests/floors.json, measured with the real model on the starter corpus."""

from pathlib import Path

import pytest

from index.engine import Engine
from tests.floors import FLOORS, FloorError, digest, floor_of, read_floors, write_floors
from tests.quality_golden import CORPUS, QUESTIONS, guarded, load_questions, measure_golden
from tests.real_model import exported_storage, starter

__all__ = ["exported_storage", "starter"]  # fixtures

MEASURED = {"date exact": 0.9, "answerable or not, AUROC": 0.95}
COUNTS = {"date exact": 50, "answerable or not, AUROC": 80}


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Where floors go, and made-up questions and articles to measure on."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "dockers.md").write_text("The dockers walked out.", "utf-8")
    (tmp_path / "questions.toml").write_text("[[question]]", "utf-8")
    return tmp_path / "floors.json", tmp_path / "questions.toml", tmp_path / "articles"


def test_the_floors_belong_to_these_questions_and_this_corpus() -> None:
    floors = read_floors(FLOORS)
    advice = "what is measured on has changed; run python -m tests.quality_golden --write-floors"
    assert (floors.questions, floors.corpus) == (digest(QUESTIONS), digest(CORPUS)), advice


@pytest.mark.model
def test_no_golden_measure_lies_below_its_floor(starter: Engine) -> None:
    measured = measure_golden(starter, guarded(load_questions()))
    floors = read_floors(FLOORS).floors
    assert floors.keys() == measured.keys()
    fallen = {name: (round(measured[name], 4), floor) for name, floor in floors.items() if not measured[name] >= floor}
    assert not fallen, "measured, floor"


def test_floors_lie_three_questions_below_what_is_measured(data: tuple[Path, Path, Path]) -> None:
    floors = write_floors(data[0], MEASURED, COUNTS, *data[1:])
    assert floors.floors == {"date exact": 0.84, "answerable or not, AUROC": 0.93}
    assert read_floors(data[0]) == floors


def test_floors_rise_and_are_not_lowered_by_a_value_within_the_slack(data: tuple[Path, Path, Path]) -> None:
    write_floors(data[0], MEASURED, COUNTS, *data[1:])
    raised = write_floors(data[0], MEASURED | {"date exact": 0.94}, COUNTS, *data[1:]).floors
    assert raised["date exact"] == 0.88
    assert write_floors(data[0], MEASURED | {"date exact": 0.93}, COUNTS, *data[1:]).floors == raised


def test_a_floor_is_lowered_only_where_that_is_asked_for(data: tuple[Path, Path, Path]) -> None:
    write_floors(data[0], MEASURED, COUNTS, *data[1:])
    before = data[0].read_bytes()
    with pytest.raises(FloorError, match=r"“date exact” from 0\.84 to 0\.800.*--lower"):
        write_floors(data[0], MEASURED | {"date exact": 0.8}, COUNTS, *data[1:])
    assert data[0].read_bytes() == before
    lowered = write_floors(data[0], MEASURED | {"date exact": 0.8}, COUNTS, *data[1:], lower=True)
    assert lowered.floors["date exact"] == 0.74


def test_a_measure_does_not_vanish_unnoticed(data: tuple[Path, Path, Path]) -> None:
    write_floors(data[0], MEASURED, COUNTS, *data[1:])
    with pytest.raises(FloorError, match="“date exact” is not measured"):
        write_floors(data[0], {"answerable or not, AUROC": 0.95}, COUNTS, *data[1:])


def test_what_is_no_share_is_not_written(data: tuple[Path, Path, Path]) -> None:
    write_floors(data[0], MEASURED, COUNTS, *data[1:])
    for value in (float("nan"), 1.2, -0.1):
        with pytest.raises(FloorError, match=r"“date exact”.*no share"):
            write_floors(data[0], MEASURED | {"date exact": value}, COUNTS, *data[1:], lower=True)


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"questions": 1}', "null"])
def test_a_damaged_floors_file_is_one_sentence(data: tuple[Path, Path, Path], written: str) -> None:
    data[0].write_text(written, "utf-8")
    with pytest.raises(FloorError, match="can't be read"):
        read_floors(data[0])


def test_any_change_of_the_corpus_or_the_questions_changes_the_digest(data: tuple[Path, Path, Path]) -> None:
    _, questions, articles = data
    seen = [digest(questions), digest(articles)]
    (articles / "dockers.md").rename(articles / "harbour.md")
    seen.append(digest(articles))
    (articles / "bakers.md").write_text("Bread.", "utf-8")
    seen.append(digest(articles))
    (articles / "bakers.md").write_text("Bread!", "utf-8")
    seen.append(digest(articles))
    questions.write_text("[[question]]\n", "utf-8")
    seen.append(digest(questions))
    assert len(set(seen)) == len(seen)


def test_a_floor_is_never_below_zero() -> None:
    assert floor_of("date exact", 0.0, 10) == 0.0
