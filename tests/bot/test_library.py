"""What moderators do with their server's articles, below Discord: each server's alone, and nothing is lost on the way."""

import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import library as module
from bot.errors import GoneError, WordsError
from bot.library import ASIDE, Library, article_mark
from corpus.errors import StoreError
from corpus.fetch import Fetcher
from corpus.keep import Corrections
from corpus.proposals import LIFETIME, Proposal
from tests.bot.mischief import full_disk, no_room
from tests.corpus.test_fetch import fetcher as local_fetcher
from tests.engines import ASKED, SmallEngine, configure, open_engine, write
from tests.fakes import WebServer, response

OURS, THEIRS = 7, 8
TEXT = "The millers of Tidewick walked out over the price of flour. The mill of Tidewick stands still."
PAGE = f"""<html><head><title>Millers walk out</title></head><body><article><h1>Millers walk out</h1>
<p>{TEXT}</p><p>{TEXT} Nobody knows for how long.</p></article></body></html>"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    config = configure(tmp_path)
    write(tmp_path / "articles", "shared", "The dockers of Aldmouth walked out over their pay.")
    write(tmp_path / "articles", "ours", TEXT, title="Ours", collection=f"guild:{OURS}")
    write(tmp_path / "articles", "theirs", TEXT, title="Theirs", collection=f"guild:{THEIRS}")
    made = open_engine(config)
    yield made
    made.close()


@pytest.fixture
def library(engine: SmallEngine) -> Library:
    return Library(engine)


def add(library: Library, text: str, *, guild: int = OURS, name: str = "new.txt") -> None:
    made = library.propose_upload(name, text.encode(), guild=guild, now=ASKED)
    library.confirm(made.token, guild=guild, now=ASKED)


def correct(library: Library, made: Proposal, **fields: Any) -> Proposal:
    empty = {"title": "", "outlet": "", "published": "", "url": ""}
    return library.correct(made.token, Corrections(**empty | fields), guild=OURS, now=ASKED)


def go_back(library: Library, generation: int) -> None:
    library.go_back(OURS, generation, library.undoing(OURS, generation).mark)


def files(engine: SmallEngine, guild: int) -> dict[str, bytes]:
    folder = engine.folder.directory / f"guild-{guild}"
    return {place.name: place.read_bytes() for place in sorted(folder.glob("*.md"))}


def test_each_server_lists_and_finds_its_own_alone(library: Library) -> None:
    assert [one.article.id for one in library.listed(OURS)] == ["ours"]
    assert library.find(OURS, article_mark("ours")).article.title == "Ours"
    for mark in ("theirs", "shared", article_mark("theirs"), article_mark("shared"), "", "../guild-8/theirs"):
        with pytest.raises(GoneError):
            library.find(OURS, mark)
        with pytest.raises(GoneError):
            library.remove(OURS, mark)
        with pytest.raises(GoneError):
            library.revise(OURS, mark, now=ASKED)


def test_what_is_listed_says_whether_it_is_indexed_as_it_is(library: Library, engine: SmallEngine) -> None:
    assert [one.indexed for one in library.listed(OURS)] == [False]
    engine.reindex(now=ASKED)
    assert [one.indexed for one in library.listed(OURS)] == [True]
    add(library, "Another article of Fennick.")
    assert [one.indexed for one in library.listed(OURS)] == [True, False]  # undated last


def test_what_is_listed_says_why_its_date_is_in_doubt_as_long_as_it_is_indexed_as_it_is(
    library: Library, engine: SmallEngine
) -> None:
    folder = engine.folder.directory
    early = "The ferry line was closed for weeks. It reopened on May 25, and the strike is history."
    write(folder, "ours", early, title="Ours", collection=f"guild:{OURS}")
    engine.reindex(now=ASKED)
    assert [one.doubt for one in library.listed(OURS)] == ["It tells “May 25” as past, but is dated 10 May 2031."]
    write(folder, "ours", TEXT, title="Ours", collection=f"guild:{OURS}")
    assert [one.doubt for one in library.listed(OURS)] == [""]


def test_a_proposal_is_seen_by_its_server_and_for_two_days(library: Library) -> None:
    made = library.propose_text("Flour", TEXT, guild=OURS, now=ASKED)
    assert library.proposal(made.token, guild=OURS, now=ASKED) == made
    for guild, now in ((THEIRS, ASKED), (OURS, ASKED + LIFETIME + timedelta(seconds=1))):
        for deed in (library.proposal, library.confirm, library.discard):
            with pytest.raises(GoneError):
                deed(made.token, guild=guild, now=now)
    for token in ("x" * 16, "../../bot", "", "é" * 16):
        with pytest.raises(GoneError):
            library.proposal(token, guild=OURS, now=ASKED)


def test_an_address_is_fetched_and_its_connections_are_given_back(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Fetcher] = []

    def opening(_: object) -> Fetcher:
        opened.append(local_fetcher())
        return opened[-1]

    closed: list[Fetcher] = []
    close = Fetcher.close

    def closing(one: Fetcher) -> None:
        closed.append(one)
        close(one)

    monkeypatch.setattr(Fetcher, "close", closing)
    monkeypatch.setattr(module, "Fetcher", opening)  # the real one, which for once may dial this machine
    with WebServer() as server:
        server.routes["/a"] = response(PAGE.encode())
        made = library.propose_address(f"http://news.example:{server.port}/a", guild=OURS, now=ASKED)
    (item,) = made.addable
    assert item.article is not None
    assert (item.article.title, item.article.collection) == ("Millers walk out", f"guild:{OURS}")
    assert opened == closed != []


@pytest.mark.parametrize("url", ["news.example/a", "", "javascript:alert(1)"])
def test_what_is_no_address_is_told(library: Library, url: str) -> None:
    with pytest.raises(WordsError, match="no web address"):
        library.propose_address(url, guild=OURS, now=ASKED)


def test_what_was_removed_comes_back_as_it_was_and_going_back_can_be_undone(
    library: Library, engine: SmallEngine
) -> None:
    engine.reindex(now=ASKED)
    first, theirs = files(engine, OURS), files(engine, THEIRS)
    library.remove(OURS, "ours")
    add(library, "Another article of Fennick.")
    engine.reindex(now=ASKED)
    second = files(engine, OURS)
    assert set(second) == {"new.md"}
    go_back(library, 1)
    assert files(engine, OURS) == first
    go_back(library, 2)
    assert files(engine, OURS) == second
    assert files(engine, THEIRS) == theirs
    with pytest.raises(GoneError, match="Generation 9"):
        library.undoing(OURS, 9)


def test_tidying_keeps_what_a_kept_generation_names_and_the_rest_for_thirty_days(
    library: Library, engine: SmallEngine
) -> None:
    engine.reindex(now=ASKED)
    library.remove(OURS, "ours")
    for guild in (OURS, THEIRS):
        add(library, "Another article of Fennick.", guild=guild)
        library.remove(guild, "new")  # never indexed, so no generation leads back to it
    now = datetime.now(UTC)
    assert library.tidy(now + ASIDE - timedelta(hours=1)) == 0
    assert library.tidy(now + ASIDE + timedelta(hours=1)) == 2  # every server's
    go_back(library, 1)
    assert set(files(engine, OURS)) == {"ours.md"}


def test_what_no_generation_ever_named_outlives_a_rollback_and_the_reindex_after_it(
    library: Library, engine: SmallEngine
) -> None:
    engine.reindex(now=ASKED)
    add(library, "Another article of Fennick.")
    written = files(engine, OURS)["new.md"]
    go_back(library, 1)
    write(engine.folder.directory, "later", "The glaziers of Aldmouth struck.")
    engine.reindex(now=ASKED)
    library.tidy(datetime.now(UTC))
    assert [place.read_bytes() for place in (engine.storage / "attic" / f"guild-{OURS}").iterdir()] == [written]


def test_what_was_added_since_a_change_was_shown_does_not_go_with_it(library: Library, engine: SmallEngine) -> None:
    engine.reindex(now=ASKED)
    library.remove(OURS, "ours")
    shown = library.undoing(OURS, 1)
    add(library, "Another article of Fennick.")
    between = files(engine, OURS)
    now = library.go_back(OURS, 1, shown.mark)
    assert now.away == (f"guild-{OURS}/new.md",)
    assert files(engine, OURS) == between
    library.go_back(OURS, 1, now.mark)
    assert set(files(engine, OURS)) == {"ours.md"}


def test_tidying_drops_nothing_where_a_generation_can_t_be_read(library: Library, engine: SmallEngine) -> None:
    engine.reindex(now=ASKED)
    library.remove(OURS, "ours")
    engine.reindex(now=ASKED)
    (engine.storage / "index" / "generations" / "000001" / "manifest.json").write_text("{")
    for place in (engine.storage / "attic").rglob("*.md"):
        os.utime(place, (0, 0))
    assert library.tidy(datetime.now(UTC)) == 0


def test_forgetting_a_server_leaves_nothing_of_it_and_everything_of_the_others(
    library: Library, engine: SmallEngine
) -> None:
    engine.reindex(now=ASKED)
    library.propose_text("Flour", TEXT, guild=OURS, now=ASKED)
    kept = library.propose_text("Flour", TEXT, guild=THEIRS, now=ASKED)
    library.remove(OURS, "ours")
    add(library, "Another article of Fennick.")
    write(
        engine.folder.directory / f"guild-{OURS}", "deeper", TEXT, collection=f"guild:{THEIRS}"
    )  # in folders of its own
    assert library.listed(OURS)
    assert library.forget(OURS) == 2
    assert not [one for one in library._known if one.collection == f"guild:{OURS}"]  # nor in memory
    for folder in (engine.folder.directory, engine.storage / "attic"):  # its id is not told by an empty one either
        assert not (folder / f"guild-{OURS}").exists()
    assert [place.stem for place in (engine.storage / "proposals").glob("*")] == [kept.token]
    assert set(files(engine, THEIRS)) == {"theirs.md"}


def test_what_somebody_else_put_into_a_forgotten_servers_folder_stays(library: Library, engine: SmallEngine) -> None:
    note = engine.folder.directory / f"guild-{OURS}" / "note.txt"
    note.write_text("The operator's own.", "utf-8")
    assert library.forget(OURS) == 1
    assert [place.name for place in note.parent.iterdir()] == ["note.txt"]


def test_a_full_disk_while_going_back_loses_nothing(library: Library, engine: SmallEngine) -> None:
    engine.reindex(now=ASKED)
    first = files(engine, OURS)
    library.remove(OURS, "ours")
    add(library, "Another article of Fennick.")
    between = files(engine, OURS)
    target = engine.folder.directory / f"guild-{OURS}" / "ours.md"
    with full_disk(target), pytest.raises(StoreError, match="No space left"):
        go_back(library, 1)
    assert files(engine, OURS) == between
    go_back(library, 1)
    assert files(engine, OURS) == first


def test_a_correction_of_what_replaces_an_article_stays_a_correction(library: Library) -> None:
    """Also where it takes something out: the outlet, the date, the link."""
    made = library.revise(OURS, "ours", now=ASKED)
    fixed = correct(library, made, title="Better")
    (kept,) = library.confirm(fixed.token, guild=OURS, now=ASKED)
    assert (kept.status, kept.id) == ("updated", "ours")
    stored = library.find(OURS, "ours").article
    assert (stored.title, stored.outlet, stored.published, stored.url) == ("Better", "", None, None)


def test_of_two_corrections_at_once_the_second_overwrites_nothing(library: Library) -> None:
    first, second = (library.revise(OURS, "ours", now=ASKED) for _ in range(2))
    correct(library, first, title="Ours", published=date(2031, 5, 1))
    correct(library, second, title="Better")
    library.confirm(first.token, guild=OURS, now=ASKED)
    with pytest.raises(GoneError, match="“Better” was changed, added or removed meanwhile"):
        library.confirm(second.token, guild=OURS, now=ASKED)
    stored = library.find(OURS, "ours").article
    assert (stored.title, str(stored.published)) == ("Ours", "2031-05-01")


def test_a_correction_brings_no_removed_article_back(library: Library, engine: SmallEngine) -> None:
    made = library.revise(OURS, "ours", now=ASKED)
    correct(library, made, title="Better")
    library.remove(OURS, "ours")
    with pytest.raises(GoneError, match="correct it in /corpus show"):
        library.confirm(made.token, guild=OURS, now=ASKED)
    assert files(engine, OURS) == {}


def test_a_correction_that_was_written_before_a_kill_can_be_confirmed_again(
    library: Library, engine: SmallEngine
) -> None:
    made = library.revise(OURS, "ours", now=ASKED)
    correct(library, made, title="Better")
    place = engine.storage / "proposals" / f"{made.token}.json"
    before = place.read_bytes()
    library.confirm(made.token, guild=OURS, now=ASKED)
    place.write_bytes(before)
    (kept,) = library.confirm(made.token, guild=OURS, now=ASKED)
    assert (kept.status, kept.title) == ("unchanged", "Better")


LINE = json.dumps({"id": "ours", "title": "Flour", "text": TEXT + " It was a Monday.", "url": "https://a.example/1"})
SAME_ID = ("all.jsonl", LINE)
SAME_TEXT = ("again.txt", f"Title: Flour\n\n{TEXT}")
SAME_ADDRESS = ("again.txt", f"Title: Flour\nURL: https://a.example/1\n\n{TEXT} It was a Monday.")


@pytest.mark.parametrize(("name", "body"), [SAME_ID, SAME_TEXT, SAME_ADDRESS])
@pytest.mark.parametrize("removed", [False, True])
def test_a_preview_undoes_nothing_that_became_of_the_article_meanwhile(
    library: Library, engine: SmallEngine, name: str, body: str, removed: bool
) -> None:
    if name == "again.txt" and "URL" in body:
        fixed = correct(library, library.revise(OURS, "ours", now=ASKED), title="Ours", url="https://a.example/1")
        library.confirm(fixed.token, guild=OURS, now=ASKED)
    waiting = library.propose_upload(name, body.encode(), guild=OURS, now=ASKED)
    assert [one.kept.status for one in waiting.items] == ["updated"]
    if removed:
        library.remove(OURS, "ours")
    else:
        fixed = correct(library, library.revise(OURS, "ours", now=ASKED), title="Put right", url="https://a.example/1")
        library.confirm(fixed.token, guild=OURS, now=ASKED)
    between = files(engine, OURS)
    with pytest.raises(GoneError, match="“Flour” was changed, added or removed meanwhile"):
        library.confirm(waiting.token, guild=OURS, now=ASKED)
    assert files(engine, OURS) == between
    again = library.propose_upload(name, body.encode(), guild=OURS, now=ASKED)  # judged against what is there now
    library.confirm(again.token, guild=OURS, now=ASKED)
    assert set(files(engine, OURS)) == ({f"{Path(name).stem}.md"} if removed and name == "again.txt" else {"ours.md"})


def test_a_preview_of_what_was_new_replaces_nothing_that_came_under_its_id_meanwhile(
    library: Library, engine: SmallEngine
) -> None:
    library.remove(OURS, "ours")
    first, second = (
        library.propose_upload("all.jsonl", LINE.replace("Flour", title).encode(), guild=OURS, now=ASKED)
        for title in ("Flour", "Bread")
    )
    library.confirm(first.token, guild=OURS, now=ASKED)
    with pytest.raises(GoneError, match="“Bread” was changed, added or removed meanwhile"):
        library.confirm(second.token, guild=OURS, now=ASKED)
    assert library.find(OURS, "ours").article.title == "Flour"


def test_a_preview_with_one_that_came_in_by_another_meanwhile_adds_what_is_new_in_it(library: Library) -> None:
    other = LINE.replace('"ours"', '"new"')
    later = ASKED + timedelta(minutes=1)
    library.remove(OURS, "ours")
    first = library.propose_upload("all.jsonl", LINE.encode(), guild=OURS, now=ASKED)
    second = library.propose_upload("all.jsonl", f"{LINE}\n{other}".encode(), guild=OURS, now=later)
    library.confirm(first.token, guild=OURS, now=later)
    kept = library.confirm(second.token, guild=OURS, now=later)
    assert [(one.id, one.status) for one in kept] == [("ours", "unchanged"), ("new", "added")]
    assert library.find(OURS, "ours").article.added == ASKED


def test_what_replaces_one_article_twice_is_added_also_after_a_kill_in_between(
    library: Library, engine: SmallEngine
) -> None:
    body = "\n".join([LINE, LINE.replace("Monday", "Friday")]).encode()
    made = library.propose_upload("all.jsonl", body, guild=OURS, now=ASKED)
    assert [one.kept.status for one in made.items] == ["updated", "updated"]
    first = made.items[0].article
    assert first is not None
    for written in (False, True):  # the second time, Picket was killed when it had written the first of them
        place = engine.storage / "proposals" / f"{made.token}.json"
        kept = place.read_bytes()
        if written:
            engine.folder.write(first, path=f"guild-{OURS}/ours.md")
        library.confirm(made.token, guild=OURS, now=ASKED)
        assert "Friday" in library.find(OURS, "ours").article.text
        place.write_bytes(kept)


def test_a_correction_at_the_moment_of_adding_is_in_it_or_is_told_that_it_came_too_late(
    library: Library, engine: SmallEngine
) -> None:
    made = library.propose_text("Flour", "The mill closed.", guild=OURS, now=ASKED)
    told: list[BaseException | Proposal] = []

    def late() -> None:
        try:
            told.append(correct(library, made, title="Better"))
        except GoneError as error:
            told.append(error)

    correcting = threading.Thread(target=late)
    with library._changing:  # as `confirm` holds it
        correcting.start()
        correcting.join(0.3)
        library.proposals.confirm(made, engine.folder, library.attic, now=ASKED)
    correcting.join()
    assert [type(one) for one in told] == [GoneError]
    assert list((engine.storage / "proposals").glob("*.json")) == []


def test_an_article_is_taken_down_where_no_file_can_grow(library: Library, engine: SmallEngine) -> None:
    engine.reindex(now=ASKED)
    before = files(engine, OURS)
    with no_room():
        library.remove(OURS, "ours")
    assert files(engine, OURS) == {}
    (kept,) = (engine.storage / "attic" / f"guild-{OURS}").iterdir()
    assert abs(kept.stat().st_mtime - time.time()) < 60  # it was put aside now, whenever it was written
    go_back(library, 1)
    assert files(engine, OURS) == before
