"""Reads and writes answers shown, their references and what people thought of them.

Transactions and hashes of persons are `journal`'s, grouping what was missed is `gaps`', forgetting is `forgetting`'s.
"""

from datetime import datetime
from typing import Any

from bot.journal_records import Missed, Reference, Shown
from bot.journal_values import stamp, when, whole

_MISSED = (
    "select id, question, asker, asked_at, outcome from shown"
    " where guild = ? and asked_at >= ? and question is not null and (outcome = 'nothing' or exists"
    " (select 1 from feedback where feedback.shown = shown.id and not good)) order by asked_at desc, id desc limit ?"
)


def insert_shown(rows: Any, shown: Shown) -> int:
    """Gives the new id. A direct message leaves neither its question nor its channel, which one person alone has."""
    direct = shown.guild is None
    new = int(
        rows.execute(
            "insert into shown (guild, channel, asker, asked_at, question, outcome, confidence, private, generation, first)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            (
                shown.guild,
                None if direct else shown.channel,
                shown.asker,
                stamp(shown.asked_at),
                None if direct or shown.question is None else whole(shown.question),
                shown.outcome,
                shown.confidence,
                shown.private,
                shown.generation,
                shown.first,
            ),
        ).fetchone()[0]
    )
    rows.executemany(
        "insert into shown_references values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                new,
                place,
                whole(one.collection),
                whole(one.article_id),
                one.start,
                one.end,
                one.highlight_start,
                one.highlight_end,
                one.digest,
            )
            for place, one in enumerate(shown.references)
        ],
    )
    return new


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


def read_shared(rows: Any, shown: int) -> bool:
    """One question of a person has one moment: what was shared is a later row with it, which is not private."""
    found = rows.execute(
        "select exists (select 1 from shown as own join shown as other on other.asker = own.asker"
        " and other.asked_at = own.asked_at and other.guild is own.guild and other.channel is own.channel"
        " and other.id > own.id and not other.private where own.id = ? and own.private)",
        (shown,),
    ).fetchone()
    return bool(found[0])


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
    """The newest questions of a server that nothing answered or that got a 👎, while their text is kept; newest first.

    A private answer that was shared is two rows of one question: who asked and when are the same.
    """
    asked = (guild, stamp(since), most)
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for asker, asked_at, person, reason in rows.execute(
        f"select asker, asked_at, person, reason from feedback join ({_MISSED}) as missed on missed.id = feedback.shown"  # noqa: S608 - constants alone
        " where not good order by at desc, person",
        asked,
    ):
        said.setdefault((asker, asked_at), []).append((person, reason))
    missed: dict[tuple[str, str], Missed] = {}
    for shown, question, asker, asked_at, outcome in rows.execute(_MISSED, asked):
        down = said.get((asker, asked_at), ())
        missed[asker, asked_at] = Missed(
            id=shown,
            question=question,
            asker=asker,
            asked_at=when(asked_at),
            nothing=outcome == "nothing",
            disliked=len({person for person, _ in down}),
            reasons=tuple(reason for _, reason in down if reason),
        )
    return list(missed.values())
