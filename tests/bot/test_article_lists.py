"""Pages of articles, and what was chosen as it travels in the ids of buttons."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article_lists import Chosen, Kind, outlet_mark, page_of
from bot.blocks import Listing, Source, parts_of
from bot.button_ids import MAX_CUSTOM_ID, PATTERNS, custom_id
from bot.reply import layout
from index.unions import unions
from tests.engines import ADDED, PLACES, SmallEngine, configure, open_engine, write, write_corpus


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallEngine]:
    place = tmp_path_factory.mktemp("listing")
    config = configure(place)
    write_corpus(place / "articles")
    for number in range(20):
        write(
            place / "articles",
            f"own{number}",
            f"Report {number} of a mill.",
            title=f"Mill {number}",
            collection="guild:7",
        )
    made = open_engine(config)
    made.reindex(now=ADDED)
    yield made
    made.close()


def titles(engine: SmallEngine, kind: Kind, collections: tuple[str, ...], page: int) -> list[str]:
    reply, actions = page_of(engine, kind, collections, Chosen(), page, locale="en")
    layout(reply, actions)  # within Discord's limits
    lines = [one.reference for one in reply.blocks if isinstance(one, Source)]
    lines += [item for one in reply.blocks if isinstance(one, Listing) for item in one.items]
    return ["".join(part.text for part in parts_of(line)) for line in lines]


@pytest.mark.parametrize("kind", ["articles", "timeline"])
def test_paging_loses_nothing_and_shows_nothing_twice(engine: SmallEngine, kind: Kind) -> None:
    for collections, count in ((("public",), 12), (("public", "guild:7"), 32), (("guild:8",), 0)):
        seen: list[str] = []
        for page in range(1, 50):
            found = titles(engine, kind, collections, page)
            if found and found[0] in seen:
                break
            seen += found
            if not found:
                break
        assert len(seen) == len(set(seen)) == count
        assert ("Mill 3" in "".join(seen)) == ("guild:7" in collections)
        assert all((place in "".join(seen)) == ("public" in collections) for place in PLACES)


def test_a_page_that_is_not_there_is_the_nearest(engine: SmallEngine) -> None:
    assert titles(engine, "articles", ("public",), 999) == titles(engine, "articles", ("public",), 2)
    assert titles(engine, "articles", ("public",), 0) == titles(engine, "articles", ("public",), 1)


days = st.none() | st.dates(date(1000, 1, 1))
keys = st.sampled_from(["", *unions()])


@given(days, days, keys, st.text(max_size=30), st.integers(1, 99_999))
def test_what_was_chosen_comes_back_from_the_id_and_every_id_is_short_enough(
    since: date | None, until: date | None, union: str, outlet: str, page: int
) -> None:
    for kind, mark in (("articles", outlet_mark(outlet)), ("timeline", "")):
        chosen = Chosen(since, until, union, mark)
        identity = custom_id(kind, 0, *chosen.arguments(kind), page)  # type: ignore[arg-type]
        assert len(identity) <= MAX_CUSTOM_ID
        match = PATTERNS[kind].fullmatch(identity)
        assert match is not None
        assert Chosen.read(match.groupdict()) == chosen
        assert int(match["page"]) == page


@given(st.from_regex(PATTERNS["articles"], fullmatch=True))
def test_whatever_id_somebody_makes_up_is_read_without_an_error(identity: str) -> None:
    match = PATTERNS["articles"].fullmatch(identity)
    assert match is not None
    chosen = Chosen.read(match.groupdict())
    own = PATTERNS["articles"].fullmatch(custom_id("articles", 0, *chosen.arguments("articles"), 1))
    assert own is not None
    assert Chosen.read(own.groupdict()) == chosen


def test_an_outlet_is_the_same_however_it_is_written() -> None:
    assert outlet_mark("Harbour Post") == outlet_mark("  harbour   POST ")
    assert outlet_mark("Harbour Post") != outlet_mark("Harbour Times")
    assert outlet_mark("") == outlet_mark("  ") == ""
