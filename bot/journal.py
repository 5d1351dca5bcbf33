"""Keeps people's data in `bot.db`: settings, answers shown, feedback, the audit, and how all of it is forgotten.

Gives each call its transaction, and each person a salted hash; only moderators stand in the audit by their id. The rows
are `journal_settings`', `journal_answers`', `journal_audit`'s and `forgetting`'s. All of it is synchronous and
thread-safe; the bot calls it from threads.
"""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Self

from bot import forgetting, journal_answers, journal_audit, journal_settings
from bot.errors import JournalError
from bot.gaps import MOST, group
from bot.journal_file import PATIENCE, JournalFile, copy_database, number_rows
from bot.journal_records import (
    GONE,
    About,
    Audited,
    Built,
    Forgotten,
    Gap,
    GuildSettings,
    Missed,
    PersonSettings,
    Reference,
    Shown,
)
from bot.journal_values import LARGEST, is_id, stamp, whole
from bot.restore_plan import settle
from bot.storage_lock import Running

# Judged: long enough to see who changed what last season, short enough not to keep moderators' ids for ever.
AUDIT_DAYS = 365


class Journal:
    """`bot.db`, held by this process alone. Every method raises JournalError where the file can't be used.

    A change costs one fsync and is all there or not at all; what a method has returned from is on the disk.
    """

    def __init__(self, file: JournalFile, running: Running, now: datetime) -> None:
        self._file = file
        self._running = running
        with file.writing() as rows:
            if rows.execute("insert or ignore into salt values (1, ?)", (secrets.token_bytes(32),)).rowcount:
                # A new file, perhaps in the place of a lost one: past every id that may stand on an old button.
                number_rows(rows, int(now.timestamp()))
        with file.reading() as rows:
            self._salt: bytes = rows.execute("select salt from salt").fetchone()[0]

    @classmethod
    def open(cls, path: Path, *, now: datetime, patience: float = PATIENCE) -> Self:
        """Makes the file or brings it up to date. `patience`: seconds that a change waits for a program that holds it.

        JournalError where another Picket has it, it is damaged, another program's or a newer Picket's. Finishes a restore
        that was cut short; a JournalError then asks for a new start, since the settings were read before.
        """
        running = Running.claim(path.parent, now=now)
        try:
            if settle(path.parent):
                raise JournalError(
                    "A restore that had been cut short is finished now; start Picket again, so that it reads the settings anew."
                )
            file = JournalFile(path, patience=patience)
            try:
                return cls(file, running, now)
            except BaseException:
                file.close()
                raise
        except BaseException:
            running.close()
            raise

    def close(self) -> None:
        """Waits for a change that is being made. What is asked later gets a JournalError."""
        try:
            self._file.close()
        finally:
            self._running.close()

    def backup(self, target: Path) -> None:
        """A whole checked copy in one file, which must not be there yet; everything else goes on meanwhile."""
        copy_database(self._file.path, target)

    def hashed(self, person: int) -> str:
        """32 hexadecimal digits for a person: the same in this file for ever, others in every other file.

        Without the file nobody can make it. Who has the file can test an id that they know: it is a pseudonym.
        """
        return hashlib.blake2b(str(person).encode(), key=self._salt, digest_size=16).hexdigest()

    # Settings

    def guild_settings(self, guild: int) -> GuildSettings:
        """The defaults where nothing was chosen."""
        with self._file.reading() as rows:
            return journal_settings.read_guild(rows, guild)

    def all_guild_settings(self) -> dict[int, GuildSettings]:
        """Of every server that chose something."""
        with self._file.reading() as rows:
            return journal_settings.read_guilds(rows)

    def change_guild(self, guild: int, settings: GuildSettings, *, whom: int | None, now: datetime) -> str:
        """Keeps the settings and tells the audit what changed; gives that as text, “” where nothing did."""
        with self._file.writing() as rows:
            changed = journal_settings.write_guild(rows, guild, settings)
            if changed:
                journal_audit.write_audit(rows, guild, "settings", whom=whom, detail=changed, now=now)
        return changed

    def person_settings(self, person: int) -> PersonSettings:
        """The defaults where nothing was chosen."""
        with self._file.reading() as rows:
            return journal_settings.read_person(rows, self.hashed(person)) or PersonSettings()

    def all_person_settings(self) -> dict[str, PersonSettings]:
        """Of everybody who chose something, by `hashed`."""
        with self._file.reading() as rows:
            return journal_settings.read_persons(rows)

    def change_person(self, person: int, settings: PersonSettings) -> None:
        with self._file.writing() as rows:
            journal_settings.write_person(rows, self.hashed(person), settings)

    # Answers

    def note(self, shown: Shown) -> int:
        """Keeps an answer for its buttons, and gives the id they carry, which is never given to another.

        With `guild` None, a direct message, neither question nor channel is kept, whatever is given. An `outcome` of
        “nothing” makes it a gap.
        """
        with self._file.writing() as rows:
            return journal_answers.insert_shown(rows, shown)

    def shown(self, shown_id: int) -> Shown | None:
        """What a button's id stands for; None where it was forgotten, or never was. Who may see it is the caller's to check."""
        if not is_id(shown_id):
            return None
        with self._file.reading() as rows:
            return journal_answers.read_shown(rows, shown_id)

    def is_shared(self, shown_id: int) -> bool:
        """Whether a private answer stands there for all to see, too: of the same person and moment."""
        if not is_id(shown_id):
            return False
        with self._file.reading() as rows:
            return journal_answers.read_shared(rows, shown_id)

    def forget_shown(self, shown_id: int) -> bool:
        """Removes one answer with its feedback, when its message is deleted; False where it is not there."""
        if not is_id(shown_id):
            return False
        with self._file.writing() as rows:
            gone = bool(rows.execute("delete from shown where id = ?", (shown_id,)).rowcount)
        self._file.scrub()
        return gone

    def feedback(self, shown_id: int, person: int, *, good: bool, reason: str = "", now: datetime) -> bool:
        """Keeps a person's latest 👍 or 👎; the same one again without a reason keeps the reason given before.

        False where the answer is no longer known. In a direct message no reason is kept.
        """
        if not is_id(shown_id):
            return False
        with self._file.writing() as rows:
            return journal_answers.write_feedback(
                rows, shown_id, self.hashed(person), good=good, reason=reason, now=now
            )

    def gaps(self, guild: int, *, since: datetime) -> list[Gap]:
        """What was asked in this server since then and not answered well, by likeness; most asked first.

        Only questions whose text is still kept, the newest `gaps.MOST` of them.
        """
        with self._file.reading() as rows:
            missed = journal_answers.read_missed(rows, guild, since, MOST)
        return group(missed)

    # Who changed what

    def record(self, guild: int | None, action: str, *, whom: int | None, detail: str, now: datetime) -> None:
        """One entry of a server's audit (None: the operator's); `whom` is a Discord id, None for Picket itself."""
        with self._file.writing() as rows:
            journal_audit.write_audit(rows, guild, action, whom=whom, detail=detail, now=now)

    def audit(self, guild: int | None, limit: int, before: int | None = None) -> list[Audited]:
        """Newest first; the next page is what comes `before` the id of the last entry."""
        with self._file.reading() as rows:
            return journal_audit.read_audit(rows, guild, limit, None if before is None else min(before, LARGEST))

    def note_build(self, build: Built) -> int:
        """Keeps how a reindex or rollback ended; gives its id."""
        with self._file.writing() as rows:
            return journal_audit.write_build(rows, build)

    def builds(self, limit: int, *, guild: int | None = None) -> list[Built]:
        """Newest first. With `guild`, who started another server's build and what failed in it is left out."""
        with self._file.reading() as rows:
            return journal_audit.read_builds(rows, limit, guild)

    # Forgetting

    def about(self, person: int) -> About:
        """Everything that is kept of a person."""
        with self._file.reading() as rows:
            return forgetting.about_person(rows, self.hashed(person), person)

    def forget_person(self, person: int) -> Forgotten:
        """Removes everything of a person but their entries in the audit; see `forgetting.forget_person`."""
        with self._file.writing() as rows:
            gone = forgetting.forget_person(rows, self.hashed(person))
        self._file.scrub()
        return gone

    def expire(self, now: datetime, days: int, *, audit_days: int = AUDIT_DAYS) -> Forgotten:
        """Removes questions and reasons older than `days`, audit entries older than `audit_days`; buttons go on working."""
        with self._file.writing() as rows:
            gone = forgetting.expire(rows, now, days, audit_days)
        self._file.scrub()
        return gone

    def guild_left(self, guild: int, now: datetime) -> None:
        """The bot is no longer in this server: the grace time begins, unless it has begun."""
        with self._file.writing() as rows:
            rows.execute("insert into departures values (?, ?) on conflict do nothing", (guild, stamp(now)))

    def guild_back(self, guild: int) -> bool:
        """The bot is in this server: nothing of it will go. Whether it had left."""
        with self._file.writing() as rows:
            return bool(rows.execute("delete from departures where guild = ?", (guild,)).rowcount)

    def departed(self, before: datetime) -> list[int]:
        """The servers that the bot left before then and has not come back to."""
        with self._file.reading() as rows:
            found = rows.execute("select guild from departures where left_at < ? order by guild", (stamp(before),))
            return [guild for (guild,) in found]

    def guilds(self) -> list[int]:
        """Every server of which anything is kept: those that the bot is not in were left while it was not running."""
        with self._file.reading() as rows:
            return forgetting.known_guilds(rows)

    def forget_guild(self, guild: int) -> Forgotten:
        """Removes everything of a server from this file; its articles are the caller's to remove."""
        with self._file.writing() as rows:
            gone = forgetting.forget_guild(rows, guild)
        self._file.scrub()
        return gone

    # Facts that the bot keeps for itself, such as the hash of the commands it synced

    def value(self, key: str) -> str | None:
        with self._file.reading() as rows:
            found = rows.execute("select value from facts where key = ?", (whole(key),)).fetchone()
        return found[0] if found else None

    def set_value(self, key: str, text: str) -> None:
        with self._file.writing() as rows:
            rows.execute(
                "insert into facts values (?, ?) on conflict do update set value = excluded.value",
                (whole(key), whole(text)),
            )


__all__ = [
    "AUDIT_DAYS",
    "GONE",
    "About",
    "Audited",
    "Built",
    "Forgotten",
    "Gap",
    "GuildSettings",
    "Journal",
    "Missed",
    "PersonSettings",
    "Reference",
    "Shown",
]
