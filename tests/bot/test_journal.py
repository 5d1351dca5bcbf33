"""The journal: what is kept comes back, what must not be kept is not, and a server sees what is its own."""

import hashlib
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import JournalError
from bot.journal import Audited, Built, GuildSettings, Journal, PersonSettings, Reference, Shown

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
REFERENCES = (
    Reference("public", "aldmouth", 10, 90, 12, 40, hashlib.sha256(b"one").hexdigest()),
    Reference("guild:7", "brackwater", 0, 30, 0, 30, hashlib.sha256(b"two").hexdigest()),
)
ASKED: dict[str, Any] = {
    "guild": 7,
    "channel": 70,
    "asked_at": NOON,
    "question": "when did the dockers of Aldmouth walk out",
    "outcome": "answered",
    "confidence": 0.75,
    "private": False,
    "generation": 3,
    "references": REFERENCES,
    "first": 1,
}


def note(journal: Journal, person: int = 1001, **changed: Any) -> int:
    return journal.note(Shown(asker=journal.hashed(person), **ASKED | changed))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "bot.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal.open(path, now=NOON)
    yield opened
    opened.close()


def test_an_answer_comes_back_as_it_was_noted_also_after_a_restart(journal: Journal, path: Path) -> None:
    number = note(journal)
    expected = Shown(id=number, asker=journal.hashed(1001), **ASKED)
    assert journal.shown(number) == expected
    journal.close()
    again = Journal.open(path, now=NOON)
    assert again.shown(number) == expected
    assert again.hashed(1001) == expected.asker
    again.close()


def test_of_a_direct_message_neither_the_question_nor_the_channel_is_kept(journal: Journal, path: Path) -> None:
    number = note(journal, guild=None, channel=987654321, question="my secret question")
    journal.feedback(number, 1001, good=False, reason="my secret reason", now=NOON)
    found = journal.shown(number)
    assert found is not None
    assert (found.question, found.channel, found.references) == (None, None, REFERENCES)
    journal.close()
    for file in path.parent.iterdir():
        assert b"secret" not in file.read_bytes()


def test_no_id_of_an_asker_is_in_the_file(journal: Journal, path: Path) -> None:
    person = 123456789012345678
    number = note(journal, person=person)
    journal.feedback(number, person, good=True, now=NOON)
    journal.change_person(person, PersonSettings(private=True))
    journal.close()
    raw = path.read_bytes()
    for written in (str(person).encode(), person.to_bytes(8, "big"), person.to_bytes(8, "little")):
        assert written not in raw


def test_the_hash_of_a_person_differs_from_file_to_file(journal: Journal, tmp_path: Path) -> None:
    other = Journal.open(tmp_path / "other" / "bot.db", now=NOON)
    assert journal.hashed(1001) != other.hashed(1001)
    assert journal.hashed(1001) == journal.hashed(1001) != journal.hashed(1002)
    other.close()


@pytest.mark.parametrize("number", [0, -1, 2, 2**63, 10**40])
def test_an_id_that_was_never_given_is_nobodys(journal: Journal, number: int) -> None:
    note(journal)
    assert journal.shown(number) is None
    assert not journal.feedback(number, 1001, good=True, now=NOON)
    assert not journal.forget_shown(number)


def test_the_id_of_a_removed_answer_is_not_given_again(journal: Journal) -> None:
    first = note(journal)
    assert journal.forget_shown(first)
    assert note(journal) > first
    assert journal.shown(first) is None


@settings(max_examples=30, deadline=None)
@given(question=st.text(max_size=50), article=st.text(max_size=20))
def test_any_text_can_be_kept(tmp_path_factory: pytest.TempPathFactory, question: str, article: str) -> None:
    journal = Journal.open(tmp_path_factory.mktemp("any") / "bot.db", now=NOON)
    number = note(journal, question=question, references=(replace(REFERENCES[0], article_id=article),))
    journal.set_value(question, article)
    found = journal.shown(number)
    assert found is not None
    assert (found.question, found.references[0].article_id, journal.value(question)) == (question, article, article)
    journal.close()


def test_half_a_character_as_json_may_carry_it_becomes_a_question_mark(journal: Journal) -> None:
    number = note(journal, question="a\ud800b")
    found = journal.shown(number)
    assert found is not None
    assert found.question == "a?b"
    journal.change_guild(7, GuildSettings(locale="\udfff"), whom=1, now=NOON)
    assert journal.guild_settings(7).locale == "?"


def test_times_come_back_in_utc_and_a_time_without_a_zone_is_refused(journal: Journal) -> None:
    summer = datetime(2031, 5, 20, 14, tzinfo=timezone(timedelta(hours=2)))
    found = journal.shown(note(journal, asked_at=summer))
    assert found is not None
    assert found.asked_at == NOON
    assert found.asked_at.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="no time zone"):
        note(journal, asked_at=summer.replace(tzinfo=None))


def test_settings_are_kept_and_the_audit_tells_who_changed_what(journal: Journal) -> None:
    assert journal.guild_settings(7) == GuildSettings()
    chosen = GuildSettings((70, 71), True, (5,), 72, "Europe/Berlin", "de")
    assert journal.change_guild(7, chosen, whom=42, now=NOON) == (
        "channels: none → 70, 71; private: no → yes; moderator roles: none → 5; log channel: none → 72; "
        "timezone: UTC → Europe/Berlin; locale: en → de"
    )
    assert journal.guild_settings(7) == chosen
    assert journal.change_guild(7, chosen, whom=43, now=NOON) == ""
    assert journal.change_guild(7, replace(chosen, private=False), whom=None, now=NOON) == "private: yes → no"
    assert [(one.whom, one.action) for one in journal.audit(7, 10)] == [(None, "settings"), (42, "settings")]
    assert journal.all_guild_settings() == {7: replace(chosen, private=False)}
    assert journal.guild_settings(8) == GuildSettings()


def test_a_persons_settings_are_kept_by_their_hash_and_the_defaults_not_at_all(journal: Journal) -> None:
    chosen = PersonSettings(private=False, timezone="Europe/Berlin", guild=7)
    journal.change_person(1001, chosen)
    journal.change_person(1002, PersonSettings(private=True))
    assert journal.person_settings(1001) == chosen
    assert journal.person_settings(1003) == PersonSettings()
    journal.change_person(1002, PersonSettings())
    assert journal.all_person_settings() == {journal.hashed(1001): chosen}


def test_a_person_has_one_opinion_of_an_answer_the_latest(journal: Journal) -> None:
    number = note(journal)
    assert journal.feedback(number, 1001, good=False, now=NOON)
    assert journal.feedback(number, 1001, good=False, reason="an old article", now=NOON)
    assert journal.feedback(number, 1001, good=False, now=NOON)
    (gap,) = journal.gaps(7, since=NOON)
    assert (gap.disliked, gap.nothing, gap.reasons) == (1, 0, ("an old article",))
    assert journal.feedback(number, 1001, good=True, now=NOON)
    assert journal.gaps(7, since=NOON) == []
    assert journal.feedback(number, 1001, good=False, now=NOON)
    assert journal.gaps(7, since=NOON)[0].reasons == ()


def test_gaps_are_of_one_server_since_a_time_and_not_of_answers_that_were_liked(journal: Journal) -> None:
    nothing = ASKED | {"outcome": "nothing", "references": (), "first": 0}
    note(journal, **nothing)
    note(journal, **nothing | {"person": 1002, "asked_at": NOON - timedelta(days=1)})
    note(journal, **nothing | {"asked_at": NOON - timedelta(days=31), "question": "who leads the bakers"})
    note(journal, **nothing | {"guild": 8, "question": "a question of another server"})
    note(journal, **nothing | {"guild": None, "question": "a direct message"})
    note(journal, outcome="weak", question="a weak answer")
    liked = note(journal, question="a liked answer")
    journal.feedback(liked, 1002, good=True, now=NOON)
    (gap,) = journal.gaps(7, since=NOON - timedelta(days=30))
    assert (gap.question, gap.times, gap.people, gap.nothing, gap.last) == (ASKED["question"], 2, 2, 2, NOON)


def test_an_answer_that_was_shared_is_known_as_such_and_is_one_gap(journal: Journal) -> None:
    nothing = ASKED | {"outcome": "nothing", "references": (), "first": 0}
    private = note(journal, **nothing | {"private": True})
    assert not journal.is_shared(private)
    note(journal, **nothing | {"person": 1002})  # of the same moment, and another person's
    assert not journal.is_shared(private)
    shared = note(journal, **nothing)
    assert [journal.is_shared(one) for one in (private, shared, 99, 10**30)] == [True, False, False, False]
    (gap,) = journal.gaps(7, since=NOON)
    assert (gap.times, gap.people, gap.nothing, gap.disliked) == (2, 2, 2, 0)
    journal.forget_shown(shared)
    assert not journal.is_shared(private)


def test_reasons_are_listed_the_newest_first(journal: Journal) -> None:
    number = note(journal)
    for minute, reason in enumerate(["first", "second", "third"]):
        journal.feedback(number, minute, good=False, reason=reason, now=NOON + timedelta(minutes=minute))
    (gap,) = journal.gaps(7, since=NOON)
    assert (gap.reasons, gap.disliked) == (("third", "second", "first"), 3)


def test_the_audit_is_read_page_by_page_and_of_one_server(journal: Journal) -> None:
    for number in range(5):
        journal.record(7, "remove", whom=42, detail=f"article {number}", now=NOON + timedelta(seconds=number))
    journal.record(8, "remove", whom=43, detail="of another server", now=NOON)
    journal.record(None, "restore", whom=None, detail="of the operator", now=NOON)
    first = journal.audit(7, 3)
    assert [one.detail for one in first] == ["article 4", "article 3", "article 2"]
    assert [one.detail for one in journal.audit(7, 3, before=first[-1].id)] == ["article 1", "article 0"]
    assert journal.audit(7, 3, before=10**30) == first
    assert first[0] == Audited(first[-1].id + 2, 7, NOON + timedelta(seconds=4), 42, "remove", "article 4")
    assert [one.detail for one in journal.audit(None, 3)] == ["of the operator"]


def test_a_server_does_not_see_who_built_for_another_nor_what_failed_there(journal: Journal) -> None:
    built: dict[str, Any] = {
        "began_at": NOON,
        "ended_at": NOON + timedelta(minutes=2),
        "outcome": "done",
        "generation": 4,
    }
    journal.note_build(Built(guild=7, whom=42, added=2, failures=("“guild-7/secret.md” is not UTF-8",), **built))
    journal.note_build(Built(guild=None, whom=None, **built | {"generation": 5}))
    journal.note_build(Built(guild=8, whom=43, **built | {"generation": 6}))
    assert [(one.generation, one.guild, one.whom) for one in journal.builds(10)] == [
        (6, 8, 43),
        (5, None, None),
        (4, 7, 42),
    ]
    own, others = journal.builds(10, guild=7)[2], journal.builds(10, guild=8)[2]
    assert (own.whom, own.added, own.failures) == (42, 2, ("“guild-7/secret.md” is not UTF-8",))
    assert others == replace(own, guild=None, whom=None, failures=())
    assert [one.generation for one in journal.builds(1)] == [6]


def test_facts_are_kept_by_name(journal: Journal) -> None:
    assert journal.value("commands") is None
    journal.set_value("commands", "abc")
    journal.set_value("commands", "def")
    assert journal.value("commands") == "def"


def test_nobody_else_on_the_machine_can_read_the_file(journal: Journal, path: Path) -> None:
    note(journal)
    for name in ("bot.db", "bot.db-wal", "bot.db-shm"):
        assert stat.S_IMODE(path.with_name(name).stat().st_mode) == 0o600


def test_a_second_journal_on_the_same_file_is_refused(journal: Journal, path: Path) -> None:
    with pytest.raises(JournalError, match="is in use by the bot since 2031-05-20"):
        Journal.open(path, now=NOON)
    journal.close()
    Journal.open(path, now=NOON).close()


def test_many_threads_write_and_read_at_once_and_nothing_is_lost(journal: Journal) -> None:
    given_out: list[int] = []
    wrong: list[object] = []

    def work(person: int) -> None:
        try:
            for _ in range(20):
                number = note(journal, person=person)
                found = journal.shown(number)
                if found is None or found.references != REFERENCES or found.asker != journal.hashed(person):
                    wrong.append(found)
                given_out.append(number)
        except BaseException as error:
            wrong.append(error)
            raise

    threads = [threading.Thread(target=work, args=(person,)) for person in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(given_out)) == 160
    assert all(journal.shown(number) for number in given_out)


def test_a_reader_does_not_wait_for_the_writer_and_sees_what_was_before(journal: Journal) -> None:
    journal.set_value("commands", "before")
    with journal._file.writing() as rows:
        rows.execute("update facts set value = 'after'")
        assert journal.value("commands") == "before"
    assert journal.value("commands") == "after"


def test_a_closed_journal_says_so(journal: Journal) -> None:
    journal.close()
    for use in (lambda: journal.shown(1), lambda: note(journal)):
        with pytest.raises(JournalError, match="Picket is stopping"):
            use()
    journal.close()


def test_what_is_acknowledged_is_on_the_disk_and_not_only_with_the_system(journal: Journal) -> None:
    with journal._file.writing() as rows:
        assert rows.execute("pragma synchronous").fetchone() == (2,)  # full
        assert rows.execute("pragma journal_mode").fetchone() == ("wal",)
        assert rows.execute("pragma foreign_keys").fetchone() == (1,)


def test_a_backup_is_the_journal_as_it_is_while_it_goes_on(journal: Journal, tmp_path: Path) -> None:
    numbers = [note(journal) for _ in range(3)]
    (tmp_path / "copy").mkdir()
    journal.backup(tmp_path / "copy" / "bot.db")
    note(journal)
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["bot.db"]
    copy = Journal.open(tmp_path / "copy" / "bot.db", now=NOON)
    assert [copy.shown(number) for number in numbers] == [journal.shown(number) for number in numbers]
    assert copy.shown(numbers[-1] + 1) is None
    copy.close()
    with pytest.raises(JournalError, match="File exists"):
        journal.backup(tmp_path / "copy" / "bot.db")
