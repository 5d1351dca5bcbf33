"""Forgetting a person, a server, or what is old: all of it goes, from the file's bytes too, and nothing else does."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.journal import GONE, About, Built, Forgotten, GuildSettings, Journal, PersonSettings, Reference, Shown

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
DAYS = 30
# Found again in any column by their value alone.
GUILDS = (777000000001, 777000000002)
PERSONS = (555000000001, 555000000002, 555000000003)
MODERATOR = 999000000001
BEFORE = int(NOON.timestamp())  # ids of a file that was made then go on from it


def reference(collection: str) -> Reference:
    return Reference(collection, "aldmouth", 1, 20, 2, 10, "0" * 64)


def note(journal: Journal, person: int, guild: int | None, **changed: Any) -> int:
    asked: dict[str, Any] = {
        "channel": 70,
        "asked_at": NOON,
        "question": "when did the dockers walk out",
        "outcome": "nothing",
        "confidence": 0.1,
        "private": False,
        "generation": 1,
        "references": (reference("public"),),
        "first": 1,
    }
    return journal.note(Shown(guild=guild, asker=journal.hashed(person), **asked | changed))


def values(journal: Journal) -> Iterator[tuple[str, object]]:
    """Every value of every row, with its table's name."""
    with journal._file.reading() as rows:
        tables = [name for (name,) in rows.execute("select name from sqlite_master where type = 'table' order by name")]
        for table in tables:
            for row in rows.execute(f"select * from {table}"):
                for value in row:
                    yield table, value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal.open(path, now=NOON)
    yield opened
    opened.close()


def test_a_forgotten_person_leaves_what_the_server_saw_and_nothing_of_their_own(journal: Journal) -> None:
    person, other = PERSONS[:2]
    public = note(journal, person, GUILDS[0])
    private = note(journal, person, GUILDS[0], private=True)
    direct = note(journal, person, None)
    others = note(journal, other, GUILDS[0])
    journal.feedback(others, person, good=False, reason="wrong", now=NOON)
    journal.feedback(public, other, good=True, now=NOON)
    journal.change_person(person, PersonSettings(private=True))
    before = journal.shown(public)
    assert before is not None
    about = journal.about(person)
    assert (about.questions, about.with_text, about.feedback, about.oldest) == (3, 2, 1, NOON)
    assert about.settings == PersonSettings(private=True)
    assert about.recent == ("when did the dockers walk out",)  # of one moment: a private answer that was shared

    assert journal.forget_person(person) == Forgotten(settings=1, questions=3, feedback=1)
    assert journal.about(person) == About(None, 0, 0, (), 0, 0, None)
    assert journal.shown(public) == replace(before, asker="", question=None)  # its buttons work on
    assert journal.shown(private) is None
    assert journal.shown(direct) is None
    kept = journal.shown(others)
    assert kept is not None
    assert kept.question is not None
    assert journal.forget_person(person) == Forgotten(0, 0, 0)


def test_a_moderators_entries_in_the_audit_outlive_their_request_and_are_told(journal: Journal) -> None:
    journal.record(GUILDS[0], "remove", whom=MODERATOR, detail="an article", now=NOON)
    journal.note_build(Built(GUILDS[0], MODERATOR, NOON, NOON, "done", generation=1, failures=("a",)))
    journal.forget_person(MODERATOR)
    assert journal.about(MODERATOR).audited == 2
    journal.record(GUILDS[0], "reindex", whom=MODERATOR, detail="done", now=NOON)  # the same deed as the build
    assert journal.about(MODERATOR).audited == 2
    late = NOON + timedelta(days=365)
    journal.expire(late, DAYS)
    assert journal.about(MODERATOR).audited == 2
    journal.expire(late + timedelta(seconds=1), DAYS)
    assert journal.about(MODERATOR).audited == 0
    (build,) = journal.builds(5)
    assert (build.outcome, build.guild, build.failures) == ("done", None, ())


def test_what_is_forgotten_is_not_in_the_bytes_of_any_file_any_more(journal: Journal, path: Path) -> None:
    def bytes_of_all() -> bytes:
        return b"".join(place.read_bytes() for place in path.parent.iterdir() if place.name.startswith("bot.db"))

    secrets = [f"secret number {number} of the Brackwater dockers" for number in range(4)]
    old, mine, theirs = (
        note(journal, PERSONS[number], GUILDS[number % 2], question=secrets[number]) for number in range(3)
    )
    journal.feedback(old, PERSONS[2], good=False, reason=secrets[3], now=NOON)
    for secret in secrets:
        assert secret.encode() in bytes_of_all()
    journal.forget_person(PERSONS[1])
    assert secrets[1].encode() not in bytes_of_all()
    assert journal.hashed(PERSONS[1]).encode() not in bytes_of_all()
    journal.forget_shown(theirs)
    assert secrets[2].encode() not in bytes_of_all()
    journal.expire(NOON + timedelta(days=DAYS, seconds=1), DAYS)
    for secret in secrets:
        assert secret.encode() not in bytes_of_all()
    assert journal.shown(mine) is not None


def test_words_go_after_their_days_and_the_buttons_stay(journal: Journal) -> None:
    old = note(journal, PERSONS[0], GUILDS[0], asked_at=NOON - timedelta(days=DAYS, microseconds=1))
    new = note(journal, PERSONS[0], GUILDS[0], asked_at=NOON - timedelta(days=DAYS))
    journal.feedback(new, PERSONS[1], good=False, reason="old words", now=NOON - timedelta(days=DAYS, seconds=1))
    before = journal.shown(old)
    assert before is not None
    assert journal.expire(NOON, DAYS) == Forgotten(settings=0, questions=1, feedback=1)
    assert journal.shown(old) == replace(before, question=None)
    (gap,) = journal.gaps(GUILDS[0], since=NOON - timedelta(days=365))
    assert (gap.times, gap.disliked, gap.reasons) == (1, 1, ())
    assert journal.expire(NOON, DAYS) == Forgotten(0, 0, 0)


def test_with_no_days_nothing_older_than_now_keeps_its_words(journal: Journal) -> None:
    number = note(journal, PERSONS[0], GUILDS[0], asked_at=NOON - timedelta(microseconds=1))
    journal.expire(NOON, 0)
    found = journal.shown(number)
    assert found is not None
    assert found.question is None


def test_references_into_a_forgotten_servers_articles_go_from_direct_messages_and_keep_their_places(
    journal: Journal,
) -> None:
    mixed = (reference("public"), reference(f"guild:{GUILDS[0]}"), reference(f"guild:{GUILDS[1]}"))
    number = note(journal, PERSONS[0], None, references=mixed)
    journal.change_person(PERSONS[0], PersonSettings(guild=GUILDS[0]))
    journal.change_person(PERSONS[1], PersonSettings(guild=GUILDS[0], timezone="Europe/Berlin"))
    journal.forget_guild(GUILDS[0])
    found = journal.shown(number)
    assert found is not None
    assert found.references == (mixed[0], GONE, mixed[2])
    assert found.first == 1
    assert journal.all_person_settings() == {journal.hashed(PERSONS[1]): PersonSettings(timezone="Europe/Berlin")}


def test_a_server_that_was_left_waits_for_its_time_and_can_come_back(journal: Journal) -> None:
    journal.guild_left(GUILDS[0], NOON)
    journal.guild_left(GUILDS[1], NOON)
    journal.guild_left(GUILDS[0], NOON + timedelta(days=5))  # told again at a start: the time began before
    assert journal.departed(NOON) == []
    assert journal.departed(NOON + timedelta(seconds=1)) == list(GUILDS)
    assert journal.guild_back(GUILDS[1])
    assert not journal.guild_back(GUILDS[1])
    assert journal.departed(NOON + timedelta(days=99)) == [GUILDS[0]]
    assert journal.guilds() == [GUILDS[0]]
    journal.forget_guild(GUILDS[0])
    assert journal.departed(NOON + timedelta(days=99)) == journal.guilds() == []


def test_every_server_with_anything_kept_is_known(journal: Journal) -> None:
    journal.change_guild(1, GuildSettings(private=True), whom=None, now=NOON)
    note(journal, PERSONS[0], 2)
    journal.record(3, "remove", whom=None, detail="", now=NOON)
    journal.note_build(Built(4, None, NOON, NOON, "done", generation=1))
    journal.change_person(PERSONS[0], PersonSettings(guild=5))
    journal.guild_left(6, NOON)
    note(journal, PERSONS[0], None, references=(reference("guild:7"), reference("public")))
    assert journal.guilds() == [1, 2, 3, 4, 5, 6, 7]
    for guild in range(1, 8):
        journal.forget_guild(guild)
    assert journal.guilds() == []


class Forgetting(RuleBasedStateMachine):
    """The journal beside plain dictionaries that say what it should hold."""

    guild = st.sampled_from(GUILDS)
    person = st.sampled_from(PERSONS)

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.journal = Journal.open(self.place / "bot.db", now=NOON)
        self.now = NOON
        self.shown: dict[int, Shown] = {}
        self.gone: set[int] = set()
        self.opinions: dict[tuple[int, int], tuple[bool, str, datetime]] = {}
        self.guilds: dict[int, GuildSettings] = {}
        self.persons: dict[int, PersonSettings] = {}
        self.audit: list[tuple[int, datetime]] = []

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.place)

    @rule(
        person=person, guild=st.none() | guild, private=st.booleans(), theirs=st.none() | guild, days=st.integers(0, 40)
    )
    def note(self, person: int, guild: int | None, private: bool, theirs: int | None, days: int) -> None:
        references = (reference("public"), reference(f"guild:{theirs}" if theirs else "public"))
        asked_at = self.now - timedelta(days=days)
        number = note(self.journal, person, guild, private=private, references=references, asked_at=asked_at)
        assert number not in self.shown
        assert number not in self.gone
        self.shown[number] = Shown(
            id=number,
            guild=guild,
            channel=70 if guild else None,
            asker=self.journal.hashed(person),
            asked_at=asked_at,
            question="when did the dockers walk out" if guild else None,
            outcome="nothing",
            confidence=0.1,
            private=private,
            generation=1,
            references=references,
            first=1,
        )

    @rule(
        number=st.integers(BEFORE + 1, BEFORE + 25),
        person=person,
        good=st.booleans(),
        reason=st.sampled_from(("", "old", "wrong")),
    )
    def feedback(self, number: int, person: int, good: bool, reason: str) -> None:
        known = number in self.shown
        assert self.journal.feedback(number, person, good=good, reason=reason, now=self.now) == known
        if known:
            before = self.opinions.get((number, person), (good, "", self.now))
            same = before[0] == good and not reason
            kept = before[1] if same else reason
            self.opinions[number, person] = (good, kept if self.shown[number].guild else "", self.now)

    @rule(guild=guild, private=st.booleans())
    def change_guild(self, guild: int, private: bool) -> None:
        if self.journal.change_guild(guild, GuildSettings(private=private), whom=MODERATOR, now=self.now):
            self.audit.append((guild, self.now))
            self.guilds[guild] = GuildSettings(private=private)

    @rule(person=person, chosen=st.builds(PersonSettings, st.none() | st.booleans(), st.none(), st.none() | guild))
    def change_person(self, person: int, chosen: PersonSettings) -> None:
        self.journal.change_person(person, chosen)
        self.persons[person] = chosen

    @rule(days=st.integers(1, 200))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def expire(self) -> None:
        self.journal.expire(self.now, DAYS, audit_days=100)
        cut = self.now - timedelta(days=DAYS)
        for number, one in self.shown.items():
            if one.asked_at < cut:
                self.shown[number] = replace(one, question=None)
        for key, (good, _, at) in self.opinions.items():
            if at < cut:
                self.opinions[key] = (good, "", at)
        self.audit = [(guild, at) for guild, at in self.audit if at >= self.now - timedelta(days=100)]

    @precondition(lambda self: self.shown)
    @rule(person=person)
    def forget_person(self, person: int) -> None:
        self.journal.forget_person(person)
        asker = self.journal.hashed(person)
        for number, one in list(self.shown.items()):
            if one.asker == asker and (one.private or one.guild is None):
                self.drop(number)
            elif one.asker == asker:
                self.shown[number] = replace(one, asker="", question=None)
        self.opinions = {key: value for key, value in self.opinions.items() if key[1] != person}
        self.persons.pop(person, None)
        assert self.journal.about(person) == About(None, 0, 0, (), 0, 0, None)
        found = [table for table, value in values(self.journal) if value == person or asker in str(value)]
        assert found == []

    @precondition(lambda self: self.shown)
    @rule(guild=guild)
    def forget_guild(self, guild: int) -> None:
        self.journal.forget_guild(guild)
        for number, one in list(self.shown.items()):
            if one.guild == guild:
                self.drop(number)
            else:
                kept = tuple(GONE if each.collection == f"guild:{guild}" else each for each in one.references)
                self.shown[number] = replace(one, references=kept)
        self.guilds.pop(guild, None)
        for person, chosen in self.persons.items():
            if chosen.guild == guild:
                self.persons[person] = replace(chosen, guild=None)
        self.audit = [(of, at) for of, at in self.audit if of != guild]
        found = [table for table, value in values(self.journal) if str(guild) in str(value)]
        assert found == []

    def drop(self, number: int) -> None:
        del self.shown[number]
        self.gone.add(number)
        self.opinions = {key: value for key, value in self.opinions.items() if key[0] != number}

    @invariant()
    def the_journal_holds_what_it_should(self) -> None:
        for number in range(BEFORE + 1, BEFORE + 1 + len(self.shown) + len(self.gone)):
            assert self.journal.shown(number) == self.shown.get(number)
        with self.journal._file.reading() as rows:
            opinions = rows.execute("select shown, person, good, reason from feedback order by 1, 2").fetchall()
        assert opinions == sorted(
            (number, self.journal.hashed(person), int(good), reason)
            for (number, person), (good, reason, _) in self.opinions.items()
        )
        assert self.journal.all_guild_settings() == self.guilds
        chosen = {self.journal.hashed(one): its for one, its in self.persons.items() if its != PersonSettings()}
        assert self.journal.all_person_settings() == chosen
        for guild in GUILDS:
            entries = [at for of, at in self.audit if of == guild]
            assert [one.at for one in reversed(self.journal.audit(guild, 100))] == entries
            # Who asked and when are the same of a private answer and where it was shared.
            missed = {(one.asker, one.asked_at) for one in self.shown.values() if one.guild == guild and one.question}
            assert sum(gap.times for gap in self.journal.gaps(guild, since=NOON - timedelta(days=50))) == len(missed)


TestForgetting = Forgetting.TestCase
TestForgetting.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
