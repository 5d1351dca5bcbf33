"""Reads and writes what servers and persons chose. Transactions and hashes of persons are `journal`'s."""

import json
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from bot.journal_records import GuildSettings, PersonSettings
from bot.journal_values import whole

_SETTINGS = TypeAdapter(GuildSettings)


def read_guild(rows: Any, guild: int) -> GuildSettings:
    """The defaults where nothing was chosen."""
    found = rows.execute("select settings from guild_settings where guild = ?", (guild,)).fetchone()
    return _SETTINGS.validate_json(found[0]) if found else GuildSettings()


def read_guilds(rows: Any) -> dict[int, GuildSettings]:
    """Of every server that chose something."""
    return {
        guild: _SETTINGS.validate_json(settings)
        for guild, settings in rows.execute("select guild, settings from guild_settings order by guild")
    }


def write_guild(rows: Any, guild: int, settings: GuildSettings) -> str:
    """Gives what changed, as text, “” where nothing did."""
    before = read_guild(rows, guild)
    settings = replace(settings, timezone=whole(settings.timezone), locale=whole(settings.locale))
    changed = "; ".join(
        f"{one.name.replace('_', ' ')}: {_told(getattr(before, one.name))} → {_told(getattr(settings, one.name))}"
        for one in fields(GuildSettings)
        if getattr(before, one.name) != getattr(settings, one.name)
    )
    if changed:
        rows.execute(
            "insert into guild_settings values (?, ?) on conflict do update set settings = excluded.settings",
            (guild, json.dumps(_SETTINGS.dump_python(settings, mode="json"))),
        )
    return changed


def read_person(rows: Any, person: str) -> PersonSettings | None:
    """None where nothing was chosen."""
    found = rows.execute("select private, timezone, guild from person_settings where person = ?", (person,)).fetchone()
    return _person(*found) if found else None


def read_persons(rows: Any) -> dict[str, PersonSettings]:
    """Of everybody who chose something, by hash."""
    found = rows.execute("select person, private, timezone, guild from person_settings order by person")
    return {person: _person(*rest) for person, *rest in found}


def write_person(rows: Any, person: str, settings: PersonSettings) -> None:
    """The defaults are not kept at all."""
    rows.execute("delete from person_settings where person = ?", (person,))
    if settings != PersonSettings():
        timezone = None if settings.timezone is None else whole(settings.timezone)
        rows.execute(
            "insert into person_settings values (?, ?, ?, ?)", (person, settings.private, timezone, settings.guild)
        )


def _person(private: int | None, timezone: str | None, guild: int | None) -> PersonSettings:
    return PersonSettings(None if private is None else bool(private), timezone, guild)


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
