"""The moderators' cards: ends of a reindex differ, and none exceeds Discord's limits, whatever an article or a question holds."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words_corpus
from bot.builds import BuildOutcome, Ended
from bot.corpus_cards import (
    added_reply,
    article_reply,
    gaps_reply,
    history_reply,
    list_reply,
    outcome_reply,
    preview_reply,
    removal_reply,
    rollback_reply,
)
from bot.journal_records import About, Audited, Gap, GuildSettings, PersonSettings
from bot.library import Stored
from bot.reply import layout
from bot.settings_cards import Standing, forget_reply, kept_reply, person_reply, server_reply
from corpus.article import make_article
from corpus.attic import Undoing
from corpus.keep import Kept
from corpus.proposals import Proposal, Proposed
from index.engine import Changes
from tests.bot.calls import texts
from tests.bot.discord_markdown import length_of
from tests.bot.hostile import texts as hostile

NOW = datetime(2031, 5, 20, tzinfo=UTC)
NONE = Changes((), (), ())


def said(reply: object, actions: object = ()) -> str:
    return texts([one.to_component_dict() for one in layout(reply, actions).children])  # type: ignore[arg-type]


def outcome(
    ended: Ended, *, error: str = "", failures: tuple[str, ...] = (), changes: Changes | None = NONE
) -> BuildOutcome:
    return BuildOutcome(ended, 3, changes, failures, 0, error, 1.0)


def test_each_end_of_a_reindex_is_told_differently_at_first_sight() -> None:
    ends = [
        outcome(Ended.DONE),
        outcome(Ended.FAILURES, failures=("“a.md” is not UTF-8.",)),
        outcome(Ended.FAILED, error="The disk is full.", changes=None),
        outcome(Ended.CANCELLED, changes=None),
        outcome(Ended.UNKNOWN, changes=None),
        outcome(Ended.UNCHANGED),
    ]
    first = [said(outcome_reply(one)).splitlines()[0] for one in ends]
    assert len(set(first)) == len(first)
    assert "nothing changed" in first[2]
    assert "The disk is full" in said(outcome_reply(ends[2]))


def test_what_changed_is_counted_by_kind_and_named_as_far_as_there_is_room() -> None:
    changes = Changes(tuple(("guild:7", f"new-{n}") for n in range(20)), (("guild:7", "old"),), (("public", "other"),))
    told = said(outcome_reply(outcome(Ended.DONE, changes=changes))).replace("\\", "")
    assert words_corpus.changes(20, 1, 1) in told
    assert "+ new-0" in told
    assert words_corpus.more_items(10) in told


def test_an_article_whose_date_is_in_doubt_says_so_in_the_list_and_why_on_its_card() -> None:
    article = make_article(
        id="a", title="Ferries", text="x", outlet="Post", published=date(2031, 5, 2), added=NOW, collection="guild:7"
    )
    stored = Stored(article, "guild-7/a.md", indexed=True, doubt="It tells “May 25” as past.")
    assert "(date uncertain)" in said(*list_reply([stored], 1, "en"))
    assert "Date uncertain: It tells “May 25” as past." in said(*article_reply(stored, "en"))


@settings(max_examples=40, deadline=None)
@given(hostile, hostile, hostile, st.integers(0, 40))
def test_no_card_exceeds_discords_limits_whatever_it_holds(one: str, two: str, three: str, count: int) -> None:
    text = f"The dockers of Aldmouth walked out over their pay.\n\n{two}"
    article = make_article(
        id="a", title=one, text=text, outlet=three, published=date(2031, 5, 2), added=NOW, collection="guild:7"
    )
    stored = Stored(article, "guild-7/a.md", indexed=False, doubt=two)
    kept = Kept(one, "added", "a", two, date(2031, 5, 2), three)
    failed = Kept(one, "failed", note=two)
    made = Proposal("A" * 16, "guild:7", NOW, (Proposed(kept, article),))
    several = Proposal("A" * 16, "guild:7", NOW, (Proposed(kept, article), Proposed(failed, None)) * count)
    gap = Gap(one, (two, three), 5, 2, 3, 2, (two, three), NOW)
    paths = tuple((f"guild-7/{number}{one}.md", "0" * 64) for number in range(count))
    about = About(PersonSettings(private=True, timezone=one), 5, 5, (one, two, three) * 3, 2, 1, NOW)
    changes = Changes(tuple(("guild:7", f"{n}{one}") for n in range(count)), (("public", two),), ())
    cards = [
        preview_reply(made, "en"),
        preview_reply(several, "en"),
        added_reply([kept, failed] * count, "en"),
        (outcome_reply(outcome(Ended.FAILURES, error=two, failures=(one, two, three) * count, changes=changes)), ()),
        list_reply([stored] * count, 1, "en"),
        article_reply(stored, "en"),
        removal_reply(stored, "en"),
        rollback_reply(3, Undoing(paths, tuple(path for path, _ in paths), (one,))),
        history_reply([Audited(n, 7, NOW, 5, one, two) for n in range(1, 12)], [(1, one, True)] * min(count, 3)),
        gaps_reply([gap] * count, 1),
        person_reply(PersonSettings(timezone=one[:60]), Standing(True, True, two, False)),
        server_reply(GuildSettings(channels=tuple(range(1, count + 1)), timezone=one[:60]), manages=False, remark=two),
        kept_reply(about, keep_days=30, departed_days=30),
        forget_reply(about),
    ]
    for reply, actions in cards:
        assert 0 < length_of(layout(reply, actions)) <= 4_000  # ValueError past Discord's other limits


def test_a_rollback_says_what_can_t_be_brought_back() -> None:
    told = said(*rollback_reply(3, Undoing((), (), ("guild-7/lost.md",))))
    assert "can't be brought back: 1" in told
    assert "lost.md" in told.replace("\\", "")


def test_what_was_never_indexed_is_not_promised_to_come_back_by_a_rollback() -> None:
    article = make_article(id="a", title="Flour", text="Words.", added=NOW, collection="guild:7")
    for indexed in (True, False):
        told = said(*removal_reply(Stored(article, "guild-7/a.md", indexed=indexed), "en"))
        assert (words_corpus.REMOVE_INDEXED in told) == indexed
        assert (words_corpus.REMOVE_UNINDEXED in told) == (not indexed)


@pytest.mark.parametrize("status", ["added", "updated"])
def test_a_preview_says_what_would_become_of_the_article(status: str) -> None:
    article = make_article(id="a", title="Flour", text="Words.", added=NOW, collection="guild:7")
    kept = Kept("a.txt", status, "a", "Flour", None, "the same address as before" if status == "updated" else "x")
    told = said(*preview_reply(Proposal("A" * 16, "guild:7", NOW, (Proposed(kept, article),)), "en"))
    assert (words_corpus.STATUS["updated"] in told) == (status == "updated")
