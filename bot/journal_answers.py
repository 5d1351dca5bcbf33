"""Reads and writes answers shown, their references and what people thought of them.

Transactions and hashes of persons are `journal`'s, grouping what was missed is `gaps`', forgetting is `forgetting`'s.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.journal_records import Missed, Reference, Shown
from bot.journal_values import stamp, when, whole

_MISSED = (
    "guild = ? and asked_at >= ? and question is not null and (outcome = 'nothing' or exists"
    " (select 1 from feedback where feedback.shown = shown.id and not good)) order by asked_at desc, id desc limit ?"
)


def insert_shown(
    rows: Any,
    *,
    guild: int | None,
    channel: int | None,
    asker: str,
    asked_at: datetime,
    question: str | None,
    outcome: str,
    confidence: float,
    private: bool,
    generation: int,
    references: Sequence[Reference],
    first: int,
) -> int:
    """Gives the new id. A direct message leaves neither its question nor its channel, which one person alone has."""
    direct = guild is None
    shown = int(
        rows.execute(
            "insert into shown (guild, channel, asker, asked_at, question, outcome, confidence, private, generation, first)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            (
                guild,
                None if direct else channel,
                asker,
                stamp(asked_at),
                None if direct or question is None else whole(question),
                outcome,
                confidence,
                private,
                generation,
                first,
            ),
        ).fetchone()[0]
    )
    rows.executemany(
        "insert into shown_references values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                shown,
                place,
                whole(one.collection),
                whole(one.article_id),
                one.start,
                one.end,
                one.highlight_start,
                one.highlight_end,
                one.digest,
            )
            for place, one in enumerate(references)
        ],
    )
    return shown


def read_shown(rows: Any, shown: int) -> Shown | None:
    found = rows.execute(
        "select guild, channel, asker, asked_at, question, outcome, confidence, private, generation, first"
        " from shown where id = ?",
        (shown,),
    ).fetchone()
    if found is None:
        return None
    references = rows.execute(
        "select collection, article_id, start, end, highlight_start, highlight_end, digest"
        " from shown_references where shown = ? order by place",
        (shown,),
    ).fetchall()
    guild, channel, asker, asked_at, question, outcome, confidence, private, generation, first = found
    return Shown(
        id=shown,
        guild=guild,
        channel=channel,
        asker=asker,
        asked_at=when(asked_at),
        question=question,
        outcome=outcome,
        confidence=confidence,
        private=bool(private),
        generation=generation,
        references=tuple(Reference(*one) for one in references),
        first=first,
    )


def write_feedback(rows: Any, shown: int, person: str, *, good: bool, reason: str, now: datetime) -> bool:
    """The same mark again without a reason keeps the reason given before; False where the answer is not known."""
    found = rows.execute("select guild from shown where id = ?", (shown,)).fetchone()
    if found is None:
        return False
    kept = "" if found[0] is None else whole(reason)  # what is written in a direct message is not kept
    rows.execute(
        "insert into feedback (shown, person, good, reason, at) values (?, ?, ?, ?, ?) on conflict do update set"
        " at = excluded.at, good = excluded.good,"
        " reason = iif(excluded.reason = '' and good = excluded.good, reason, excluded.reason)",
        (shown, person, good, kept, stamp(now)),
    )
    return True


def read_missed(rows: Any, guild: int, since: datetime, most: int) -> list[Missed]:
    """The newest questions of a server that nothing answered or that got a 👎, while their text is kept; newest first."""
    asked = (guild, stamp(since), most)
    reasons: dict[int, list[str]] = {}
    for shown, reason in rows.execute(
        f"select shown, reason from feedback where not good and shown in (select id from shown where {_MISSED})"  # noqa: S608 - constants alone
        " order by at desc, person",
        asked,
    ):
        reasons.setdefault(shown, []).append(reason)
    return [
        Missed(
            id=shown,
            question=question,
            asker=asker,
            asked_at=when(asked_at),
            nothing=outcome == "nothing",
            disliked=len(reasons.get(shown, ())),
            reasons=tuple(filter(None, reasons.get(shown, ()))),
        )
        for shown, question, asker, asked_at, outcome in rows.execute(
            f"select id, question, asker, asked_at, outcome from shown where {_MISSED}",  # noqa: S608 - constants alone
            asked,
        )
    ]
