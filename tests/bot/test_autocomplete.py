"""What is offered while somebody types."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.autocomplete import Offers
from bot.desk import Desk
from index.records import IndexedArticle
from tests.engines import ADDED, ASKED, SmallEngine, configure, open_engine, write


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[tuple[Offers, SmallEngine]]:
    config = configure(tmp_path)
    for number in range(3):
        write(tmp_path / "articles", f"a{number}", f"The mill closed for the {number}th time.")
    engine = open_engine(config)
    engine.reindex(now=ADDED)
    desk = Desk(engine, threads=1, queue=0, seconds=1)
    yield Offers(engine, desk), engine
    await desk.close(5)
    engine.close()


async def test_outlets_are_offered_by_what_they_hold_of_what_is_typed(parts: tuple[Offers, SmallEngine]) -> None:
    offers, _ = parts
    for typed in ("", "harb", "POST", " post "):
        assert await offers.outlets(("public",), typed, ASKED) == ["Harbour Post"]
    assert await offers.outlets(("public",), "times", ASKED) == []
    assert await offers.outlets(("guild:7",), "", ASKED) == []


async def test_an_outlet_of_which_nothing_can_be_seen_is_not_offered(
    parts: tuple[Offers, SmallEngine],
) -> None:
    offers, engine = parts
    write(engine.folder.directory, "blank", "The mill opened.", outlet="\u2800\u3164")
    engine.reindex(now=ADDED)
    assert await offers.outlets(("public",), "", ASKED) == ["Harbour Post"]


async def test_of_a_server_that_is_forgotten_nothing_is_remembered(parts: tuple[Offers, SmallEngine]) -> None:
    offers, _ = parts
    for collections in (("public",), ("public", "guild:7"), ("public", "guild:77")):
        await offers.outlets(collections, "", ASKED)
    offers.forget(7)
    assert list(offers._known) == [("public",), ("public", "guild:77")]


async def test_the_index_is_read_once_a_minute_and_not_at_each_letter(
    parts: tuple[Offers, SmallEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers, engine = parts
    read: list[object] = []
    articles = engine.articles

    def counted(collections: tuple[str, ...]) -> list[IndexedArticle]:
        read.append(collections)
        return articles(collections)

    monkeypatch.setattr(engine, "articles", counted)
    for second in range(0, 60, 10):
        await offers.outlets(("public",), "h", ASKED + timedelta(seconds=second))
    assert read == [("public",)]
    await offers.outlets(("public",), "h", ASKED + timedelta(seconds=60))
    await offers.outlets(("guild:7",), "h", ASKED)
    assert read == [("public",), ("public",), ("guild:7",)]
