"""What is told of each thing that can go wrong, and what of it is logged."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from simcord.http.client import FakeWebhookAdapter

from bot import errors, words_asking, words_corpus
from bot.faults import known, original, sentence
from corpus import errors as corpus_errors
from index import errors as index_errors
from tests.bot.calls import begin, command_data
from tests.bot.conftest import World


def http(kind: type[discord.HTTPException], status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="made up")
    return kind(response, {"code": code, "message": "made up"})


TOLD_AS_THEY_ARE = [
    errors.BusyError("Too many questions; try again."),
    errors.SlowError("Too slow; try again."),
    errors.RateError("Too often; wait.", 3.0),
    errors.WordsError("No date; write another."),
    errors.NotAllowedError("Not you."),
    errors.GoneError("Not there."),
    errors.ClosingError("Restarting."),
    index_errors.QuestionError("No words."),
    index_errors.BusyError("Being reindexed since noon.", None),
    corpus_errors.FetchError("Not found."),
]


@pytest.mark.parametrize("error", TOLD_AS_THEY_ARE, ids=lambda error: type(error).__name__)
def test_what_people_can_mend_is_told_in_its_own_words(error: Exception) -> None:
    assert known(error) == str(error)


FAULTS = [
    (errors.JournalError("/var/bot.db can't grow"), words_asking.journal_fault),
    (index_errors.StorageError("/var is gone"), words_asking.index_fault),
    (index_errors.DamagedError("/var/x is damaged"), words_asking.index_fault),
    (index_errors.ModelError("/var/models is gone"), words_asking.index_fault),
    (corpus_errors.StoreError("/articles is gone"), words_corpus.store_fault),
    (http(discord.Forbidden, 403, 50013), words_asking.forbidden),
    (http(discord.NotFound, 404, 10003), words_asking.vanished),
    (http(discord.NotFound, 404, 10008), words_asking.vanished),
    (http(discord.NotFound, 404, 10062), words_asking.expired),
    (http(discord.NotFound, 404, 10015), words_asking.overdue),
    (http(discord.HTTPException, 401, 50027), words_asking.overdue),
    (http(discord.DiscordServerError, 500), words_asking.discord_fault),
    (http(discord.HTTPException, 429), words_asking.discord_fault),
    (aiohttp.ClientConnectionError("down"), words_asking.discord_fault),
    (TimeoutError(), words_asking.discord_fault),
    (http(discord.HTTPException, 400, 50035), words_asking.unforeseen),
    (ZeroDivisionError("oh"), words_asking.unforeseen),
]


@pytest.mark.parametrize(("error", "told"), FAULTS, ids=lambda one: type(one).__name__)
def test_a_fault_is_told_in_general_words_with_its_id_and_no_path(error: Exception, told: Any) -> None:
    assert known(error) is None
    assert sentence(error, "1a2b3c4d") == told("1a2b3c4d")
    assert "1a2b3c4d" in sentence(error, "1a2b3c4d")
    assert "/" not in sentence(error, "1a2b3c4d")


def test_every_error_of_this_floor_is_either_told_or_a_fault() -> None:
    kinds = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.BotError)}
    faults = {errors.JournalError, errors.BackupError}
    for kind in kinds - {errors.RateError}:
        assert (known(kind("Told.")) is None) == (kind in faults), kind


def test_nothing_indexed_yet_is_told_without_what_only_the_operator_sees() -> None:
    assert known(index_errors.NoGenerationError("/var/index is empty")) == words_asking.NOTHING_INDEXED
    assert known(index_errors.OutdatedError("/var/index is old")) == words_asking.INDEXED_ANEW


def test_what_discord_py_wraps_is_unwrapped_and_its_own_refusals_have_sentences() -> None:
    class Command:
        name = "ask"

    inner = errors.WordsError("No date.")
    wrapped = app_commands.CommandInvokeError(Command(), inner)  # type: ignore[arg-type]
    wrapped.__cause__ = inner
    assert original(wrapped) is inner
    refused = app_commands.CheckFailure("no")
    assert known(refused) == words_asking.NOT_HERE
    refused.__cause__ = errors.NotAllowedError("Only moderators can do that.")
    assert known(refused) == "Only moderators can do that."
    assert known(app_commands.CommandNotFound("old", [])) == words_asking.OUTDATED_COMMAND


@pytest.mark.parametrize("closed", [False, True])
async def test_what_a_person_typed_is_not_in_the_log_where_they_can_t_be_told_of_it(
    picket: World, caplog: pytest.LogCaptureFixture, closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    picket.env.inject_error("PATCH", "/webhooks/*", status=404, code=10015, times=None)
    picket.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    if closed:
        monkeypatch.setattr(picket.bot, "is_closed", lambda: True)
    typed = command_data(picket.env, "ask", question="when did it start?", since="my boss Ermintrude Smith")
    begin(picket.env, picket.ann, picket.channel, typed)
    await picket.env.settle()
    monkeypatch.undo()
    untold = [getattr(record, "fields", {}) for record in caplog.records if record.msg == "untold"]
    assert [fields["what"] for fields in untold] == ["WordsError"] * (1 if closed else 2)
    assert [fields.get("error") for fields in untold] == ([None] if closed else ["NotFound", "Forbidden"])
    assert "Ermintrude" not in str([vars(record) for record in caplog.records])


async def test_a_connection_that_breaks_while_a_person_is_told_is_logged_and_raises_nothing(
    picket: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FakeWebhookAdapter.request

    async def breaking(adapter: FakeWebhookAdapter, route: Any, session: Any, **kwargs: Any) -> Any:
        if route.method == "PATCH":
            raise BrokenPipeError(32, "Broken pipe")
        return await request(adapter, route, session, **kwargs)

    monkeypatch.setattr(FakeWebhookAdapter, "request", breaking)
    begin(picket.env, picket.ann, picket.channel, command_data(picket.env, "ask", question="when?", since="soonish"))
    await picket.env.settle()
    untold = [getattr(record, "fields", {}) for record in caplog.records if record.msg == "untold"]
    assert untold == [{"what": "WordsError", "error": "BrokenPipeError", "status": None}]


def test_every_sentence_ends_as_one() -> None:
    for name, value in vars(words_asking).items():
        if name.isupper() and isinstance(value, str) and " " in value and not name.endswith(("TITLE", "LABEL")):
            assert value.endswith((".", "?")), name
