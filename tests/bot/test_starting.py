"""What a start does besides loading cogs; `test_process` has it in the real process."""

import gc
from pathlib import Path

import pytest

from bot.builds import Ended
from bot.config import load_settings
from bot.starting import refresh, steps, warm
from index.errors import ModelError
from index.models.embedders import EXPORT_FILE, EXPORT_FORMAT, Export
from index.models.embedding import find_model
from index.models.runtimes import RuntimeName
from index.records import Answer, Question
from tests.bot.conftest import World
from tests.engines import write


async def test_articles_that_came_meanwhile_are_indexed_and_noted(picket: World) -> None:
    write(picket.bot.engine.folder.directory, "cooks", "The cooks of Dunmere stopped work on Sunday.")
    await refresh(picket.bot)
    build = picket.bot.builds.current
    assert build is not None
    outcome = await build.outcome
    assert outcome.ended is Ended.DONE
    assert outcome.changes is not None
    assert outcome.changes.added == (("public", "cooks"),)
    (noted,) = picket.bot.journal.builds(5)
    assert (noted.outcome, noted.guild, noted.whom) == ("done", None, None)


async def test_where_nothing_changed_nothing_is_noted(picket: World) -> None:
    await refresh(picket.bot)
    build = picket.bot.builds.current
    assert build is not None
    assert (await build.outcome).ended is Ended.UNCHANGED
    assert picket.bot.journal.builds(5) == []


async def test_after_warming_up_the_garbage_collector_passes_by_what_is_loaded(picket: World) -> None:
    """A look at all of it would hold the event loop for a tenth of a second."""
    gc.unfreeze()
    try:
        await warm(picket.bot)
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()


async def test_a_model_that_is_not_exported_is_not_exported_for_warming_up(picket: World) -> None:
    asked: list[Question] = []
    picket.bot.engine.ask = asked.append  # type: ignore[method-assign, assignment]
    await warm(picket.bot)
    assert asked == []


@pytest.mark.picket(extra='[embedding]\nmodel = "mine"\n')
async def test_a_model_in_a_folder_beside_the_settings_is_warmed_too(picket: World, config: Path) -> None:
    (config.parent / "mine").mkdir()
    for name in ("config.json", "model.safetensors"):
        (config.parent / "mine" / name).write_text("{}")
    model = find_model(str(config.parent / "mine"), picket.bot.engine.storage)
    made = model.export_folder(picket.bot.engine.storage)
    made.mkdir(parents=True)
    export = Export(EXPORT_FORMAT, model.key, 8, 128, 0, "", "", "", RuntimeName.ONNX, RuntimeName.ONNX, {}, [])
    (made / EXPORT_FILE).write_text(export.to_json())
    asked: list[Question] = []
    picket.bot.engine.ask = asked.append  # type: ignore[method-assign, assignment]
    await warm(picket.bot)
    assert len(asked) == 1


@pytest.mark.parametrize(("error", "level"), [(ModelError("unfit"), "WARNING"), (ZeroDivisionError("once"), "ERROR")])
async def test_what_goes_wrong_while_warming_up_is_logged_and_keeps_nobody(
    error: Exception, level: str, picket: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(question: Question) -> Answer:
        raise error

    picket.expect_fault(type(error).__name__)
    picket.bot.engine.ask = fail  # type: ignore[method-assign]
    monkeypatch.setattr("bot.starting.find_model", lambda *_: Exported())
    await warm(picket.bot)
    (told,) = [record for record in caplog.records if record.msg == "not-warm"]
    assert told.levelname == level


async def test_picket_s_end_while_it_warms_up_is_no_fault(picket: World, caplog: pytest.LogCaptureFixture) -> None:
    picket.bot.desk.abandon()
    await warm(picket.bot)
    (told,) = [record for record in caplog.records if record.msg == "not-warm"]
    assert told.levelname == "WARNING"


class Exported:
    """A model whose export is there."""

    def is_exported(self, storage: Path) -> bool:
        return True


def test_it_listens_only_where_it_is_told_to(config: Path) -> None:
    settings = load_settings(config)
    assert len(steps(settings)) == 4
    listening = settings.model_copy(update={"bot": settings.bot.model_copy(update={"http": "127.0.0.1:0"})})
    assert len(steps(listening)) == 5
