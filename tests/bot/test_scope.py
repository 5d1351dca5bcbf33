"""Who may search and press what, where: the rules, without Discord."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.journal_records import GuildSettings, PersonSettings, Shown
from bot.scope import Place, Where, is_private, may_answer, may_press, place_of

HOME = 700
SERVER = Where(Place.SERVER, HOME, 7, (7,), 1)
DIRECT = Where(Place.DIRECT, None, 8, (8,), 1)
ELSEWHERE = Where(Place.ELSEWHERE, None, 9, (9,), 1)
SHOWN = Shown(HOME, 7, "me", datetime(2031, 5, 20, tzinfo=UTC), "when?", "answered", 1.0, False, 1)


def test_a_server_searches_its_own_articles_and_the_public_ones_and_every_other_place_the_public_ones_alone() -> None:
    assert SERVER.collections == ("public", "guild:700")
    assert DIRECT.collections == ELSEWHERE.collections == ("public",)


@pytest.mark.parametrize(("invited", "own_app", "member"), list(product((True, False), repeat=3)))
def test_in_a_server_only_an_invitation_or_membership_makes_it_the_servers_own(
    invited: bool, own_app: bool, member: bool
) -> None:
    place = place_of(guild=True, direct=True, invited=invited, own_app=own_app, member=member)
    assert place is (Place.SERVER if invited or (member and not own_app) else Place.ELSEWHERE)


def test_outside_servers_only_a_direct_message_with_picket_itself_is_one() -> None:
    flags = {"guild": False, "invited": False, "own_app": True, "member": False}
    assert place_of(direct=True, **flags) is Place.DIRECT
    assert place_of(direct=False, **flags) is Place.ELSEWHERE


def test_picket_answers_in_every_channel_until_some_are_chosen_and_in_the_threads_of_these() -> None:
    assert may_answer(SERVER, GuildSettings())
    assert may_answer(SERVER, GuildSettings(channels=(7, 8)))
    assert not may_answer(SERVER, GuildSettings(channels=(8,)))
    thread = replace(SERVER, channel=70, channels=(70, 7))
    assert may_answer(thread, GuildSettings(channels=(7,)))
    assert may_answer(DIRECT, GuildSettings(channels=(1,)))


@pytest.mark.parametrize(
    ("where", "settings", "person", "asked", "private"),
    [
        (SERVER, GuildSettings(), PersonSettings(), None, False),
        (SERVER, GuildSettings(private=True), PersonSettings(), None, True),
        (SERVER, GuildSettings(private=True), PersonSettings(private=False), None, False),
        (SERVER, GuildSettings(), PersonSettings(private=True), None, True),
        (SERVER, GuildSettings(), PersonSettings(private=True), False, False),
        (SERVER, GuildSettings(), PersonSettings(), True, True),
        (SERVER, GuildSettings(channels=(99,)), PersonSettings(private=False), False, True),
        (ELSEWHERE, GuildSettings(), PersonSettings(), None, True),
        (ELSEWHERE, GuildSettings(), PersonSettings(), False, False),
        (ELSEWHERE, GuildSettings(), PersonSettings(private=False), None, False),
        (DIRECT, GuildSettings(), PersonSettings(private=True), True, False),
    ],
)
def test_the_wish_of_the_moment_goes_before_the_persons_and_that_before_the_servers(
    where: Where, settings: GuildSettings, person: PersonSettings, asked: bool | None, private: bool
) -> None:
    assert is_private(where, settings, person, asked) is private


def test_an_answer_is_seen_again_only_where_it_was_given() -> None:
    assert may_press(SERVER, SHOWN, "somebody else")
    assert not may_press(replace(SERVER, channel=70), SHOWN, "me")
    assert not may_press(replace(SERVER, guild=701), SHOWN, "me")
    assert not may_press(DIRECT, SHOWN, "me")
    assert not may_press(ELSEWHERE, SHOWN, "me")


def test_a_private_answer_and_one_outside_servers_are_the_askers_alone() -> None:
    private = replace(SHOWN, private=True)
    assert may_press(SERVER, private, "me")
    assert not may_press(SERVER, private, "somebody else")
    outside = replace(SHOWN, guild=None, channel=None)
    assert may_press(DIRECT, outside, "me")
    assert may_press(ELSEWHERE, outside, "me")
    assert not may_press(DIRECT, outside, "somebody else")
    assert not may_press(SERVER, outside, "me")


def test_the_answer_of_somebody_who_was_forgotten_is_nobodys() -> None:
    assert not may_press(DIRECT, replace(SHOWN, guild=None, channel=None, asker=""), "me")
