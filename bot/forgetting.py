"""What is kept of a person or a server, and its removal: on request, after a time, or when the bot has left.

Each function works within the transaction of its caller, `journal`.
"""

from datetime import datetime, timedelta
from typing import Any

from bot.journal_records import GONE, About, Forgotten
from bot.journal_settings import read_person
from bot.journal_values import stamp, when

# The questions of a person that are told word for word: as many as one card shows well.
_RECENT = 10


def about_person(rows: Any, person: str, whom: int) -> About:
    """Everything that is kept of one person, who is `person` where hashed and `whom` where a moderator's id stands."""
    questions, with_text, oldest = rows.execute(
        "select count(*), count(question), min(asked_at) from shown where asker = ?", (person,)
    ).fetchone()
    recent = rows.execute(
        # A private answer that was shared is two rows of one question.
        "select question from shown where asker = ? and question is not null group by asked_at, question"
        " order by asked_at desc, max(id) desc limit ?",
        (person, _RECENT),
    ).fetchall()
    return About(
        settings=read_person(rows, person),
        questions=questions,
        with_text=with_text,
        recent=tuple(question for (question,) in recent),
        feedback=_count(rows, "select count(*) from feedback where person = ?", person),
        audited=_count(
            rows,
            # A reindex stands in both; in one of them alone where the other could not be written.
            "select (select count(*) from audit where whom = ?1 and action <> 'reindex') + max((select count(*) from audit"
            " where whom = ?1 and action = 'reindex'), (select count(*) from builds where whom = ?1))",
            whom,
        ),
        oldest=when(oldest) if oldest else None,
    )


def forget_person(rows: Any, person: str) -> Forgotten:
    """Settings and feedback go. Answers that only the person saw go too; those that a server saw lose asker and text.

    The audit keeps what the person did as a moderator, until its own time is over.
    """
    questions = _count(rows, "select count(*) from shown where asker = ?", person)
    feedback = rows.execute("delete from feedback where person = ?", (person,)).rowcount
    rows.execute("delete from shown where asker = ? and (guild is null or private)", (person,))
    rows.execute("update shown set asker = '', question = null where asker = ?", (person,))
    settings = rows.execute("delete from person_settings where person = ?", (person,)).rowcount
    return Forgotten(settings=settings, questions=questions, feedback=feedback)


def forget_guild(rows: Any, guild: int) -> Forgotten:
    """Everything of a server goes: also the references into its articles from direct messages, and where people chose it."""
    questions = _count(rows, "select count(*) from shown where guild = ?", guild)
    feedback = _count(
        rows, "select count(*) from feedback join shown on shown.id = feedback.shown where guild = ?", guild
    )
    rows.execute("delete from shown where guild = ?", (guild,))
    rows.execute(
        "update shown_references set collection = ?, article_id = ?, start = ?, end = ?, highlight_start = ?,"
        " highlight_end = ?, digest = ? where collection = ?",
        (
            GONE.collection,
            GONE.article_id,
            GONE.start,
            GONE.end,
            GONE.highlight_start,
            GONE.highlight_end,
            GONE.digest,
            f"guild:{guild}",
        ),
    )
    settings = rows.execute("delete from guild_settings where guild = ?", (guild,)).rowcount
    rows.execute("update person_settings set guild = null where guild = ?", (guild,))
    rows.execute("delete from person_settings where private is null and timezone is null and guild is null")
    audited = rows.execute("delete from audit where guild = ?", (guild,)).rowcount
    rows.execute("update builds set guild = null, whom = null, failures = '[]' where guild = ?", (guild,))
    rows.execute("delete from departures where guild = ?", (guild,))
    return Forgotten(settings=settings, questions=questions, feedback=feedback, audited=audited)


def expire(rows: Any, now: datetime, days: int, audit_days: int) -> Forgotten:
    """The words of people older than `days` go: questions and reasons. Audit entries go after `audit_days`."""
    cut, audit_cut = stamp(now - timedelta(days=days)), stamp(now - timedelta(days=audit_days))
    questions = rows.execute(
        "update shown set question = null where question is not null and asked_at < ?", (cut,)
    ).rowcount
    feedback = rows.execute("update feedback set reason = '' where reason <> '' and at < ?", (cut,)).rowcount
    audited = rows.execute("delete from audit where at < ?", (audit_cut,)).rowcount
    rows.execute("update builds set guild = null, whom = null, failures = '[]' where ended_at < ?", (audit_cut,))
    return Forgotten(settings=0, questions=questions, feedback=feedback, audited=audited)


def known_guilds(rows: Any) -> list[int]:
    """Every server of which anything is kept, whether or not the bot is still there."""
    return [
        guild
        for (guild,) in rows.execute(
            "select guild from guild_settings union select guild from shown where guild is not null"
            " union select guild from audit where guild is not null union select guild from builds where guild is not null"
            " union select guild from departures union select guild from person_settings where guild is not null"
            " union select cast(substr(collection, 7) as integer) from shown_references where collection glob 'guild:[0-9]*'"
            " order by 1"
        )
    ]


def _count(rows: Any, query: str, value: str | int) -> int:
    return int(rows.execute(query, (value,)).fetchone()[0])
