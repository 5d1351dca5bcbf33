"""The schema of `bot.db` as numbered steps, each applied once and in one transaction with the note that it was.

Which steps a file has had stands in the file; a file with a step that is not known here comes from a newer Picket and
is refused. A step that was released is never changed: what comes later is a step of its own.
"""

from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from bot.errors import JournalError

# “Pckt”: tells our file from any other SQLite file that lies in its place.
APPLICATION = 0x50636B74

MIGRATIONS = Migrations("picket")

# Discord's ids are below 2^63 until the year 2084. `autoincrement`: the id of a removed answer is never given to another,
# else an old button would open a stranger's answer.
_FIRST = (
    "create table salt (only integer primary key check (only = 1), salt blob not null) strict",
    "create table facts (key text primary key, value text not null) strict, without rowid",
    "create table guild_settings (guild integer primary key, settings text not null) strict",
    "create table person_settings (person text primary key, private integer, timezone text, guild integer)"
    " strict, without rowid",
    "create table shown (id integer primary key autoincrement, guild integer, channel integer, asker text not null,"
    " asked_at text not null, question text, outcome text not null, confidence real not null, private integer not null,"
    " generation integer not null, first integer not null) strict",
    "create table shown_references (shown integer not null references shown on delete cascade, place integer not null,"
    " collection text not null, article_id text not null, start integer not null, end integer not null,"
    " highlight_start integer not null, highlight_end integer not null, digest text not null,"
    " primary key (shown, place)) strict, without rowid",
    "create table feedback (shown integer not null references shown on delete cascade, person text not null,"
    " good integer not null, reason text not null, at text not null, primary key (shown, person)) strict, without rowid",
    "create table builds (id integer primary key autoincrement, guild integer, whom integer, began_at text not null,"
    " ended_at text not null, outcome text not null, generation integer, added integer not null, removed integer not null,"
    " changed integer not null, failures text not null) strict",
    "create table audit (id integer primary key autoincrement, guild integer, at text not null, whom integer,"
    " action text not null, detail text not null) strict",
    "create table departures (guild integer primary key, left_at text not null) strict",
    "create index shown_by_guild on shown (guild, asked_at)",
    "create index shown_by_asker on shown (asker)",
    "create index shown_with_text on shown (asked_at) where question is not null",
    "create index references_by_collection on shown_references (collection)",
    "create index feedback_by_person on feedback (person)",
    "create index audit_by_guild on audit (guild, id)",
    f"pragma application_id = {APPLICATION}",
)


def _people(database: Any) -> None:
    for statement in _FIRST:
        database.conn.execute(statement)  # not executescript, which would end the transaction


MIGRATIONS(name="0001_people")(_people)


def migrate(database: Any, place: Path, migrations: Migrations = MIGRATIONS) -> None:
    """Brings an open database up to date. Nobody else may write to it; a failed step leaves what was before it.

    JournalError where the file is another program's or a newer Picket's: then nothing is written.
    """
    refuse_strangers(database, place, migrations)
    migrations.apply(database)


def refuse_strangers(database: Any, place: Path, migrations: Migrations = MIGRATIONS) -> None:
    """JournalError where the file is another program's or a newer Picket's. Reads only."""
    application = database.conn.execute("pragma application_id").fetchone()[0]
    # The library makes its own table before the first step; a kill in between leaves that alone.
    others = database.conn.execute(
        "select count(*) from sqlite_master where tbl_name <> ?", (migrations.migrations_table,)
    ).fetchone()[0]
    if application not in (0, APPLICATION) or (application == 0 and others):
        raise JournalError(f"{place} is another program's database; move it away, or set [storage] directory anew.")
    known = {step.name for step in migrations.pending(Database(memory=True))}
    if newer := [step.name for step in migrations.applied(database) if step.name not in known]:
        raise JournalError(
            f"{place} was written by a newer Picket (step {newer[-1]} is not known here); "
            "update Picket, or restore an older backup."
        )
