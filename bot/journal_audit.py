"""Reads and writes who changed what: the audit, and how reindexes and rollbacks ended. Transactions are `journal`'s."""

import json
from datetime import datetime
from typing import Any

from bot.journal_records import Audited, Built
from bot.journal_values import stamp, when, whole


def write_audit(rows: Any, guild: int | None, action: str, *, whom: int | None, detail: str, now: datetime) -> None:
    rows.execute(
        "insert into audit (guild, at, whom, action, detail) values (?, ?, ?, ?, ?)",
        (guild, stamp(now), whom, whole(action), whole(detail)),
    )


def read_audit(rows: Any, guild: int | None, limit: int, before: int | None) -> list[Audited]:
    """Newest first, those older than the entry `before`; of one server, or with None the operator's own."""
    return [
        Audited(entry, of, when(at), whom, action, detail)
        for entry, of, at, whom, action, detail in rows.execute(
            "select id, guild, at, whom, action, detail from audit where guild is ? and (? is null or id < ?)"
            " order by id desc limit ?",
            (guild, before, before, limit),
        )
    ]


def write_build(rows: Any, build: Built) -> int:
    return int(
        rows.execute(
            "insert into builds (guild, whom, began_at, ended_at, outcome, generation, added, removed, changed, failures)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            (
                build.guild,
                build.whom,
                stamp(build.began_at),
                stamp(build.ended_at),
                whole(build.outcome),
                build.generation,
                build.added,
                build.removed,
                build.changed,
                json.dumps(build.failures),
            ),
        ).fetchone()[0]
    )


def read_builds(rows: Any, limit: int, guild: int | None) -> list[Built]:
    """Newest first. For a server, who started another's build and which articles failed in it is left out."""
    builds = []
    for found in rows.execute(
        "select id, guild, whom, began_at, ended_at, outcome, generation, added, removed, changed, failures"
        " from builds order by id desc limit ?",
        (limit,),
    ):
        entry, of, whom, began_at, ended_at, outcome, generation, added, removed, changed, failures = found
        told = guild is None or of == guild
        builds.append(
            Built(
                id=entry,
                guild=of if told else None,
                whom=whom if told else None,
                began_at=when(began_at),
                ended_at=when(ended_at),
                outcome=outcome,
                generation=generation,
                added=added,
                removed=removed,
                changed=changed,
                failures=tuple(json.loads(failures)) if told else (),
            )
        )
    return builds
