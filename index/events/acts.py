"""The acts of a dispute, as questions and articles word them: beginning, ending, resuming, breaking off, voting and so on.

Turns index terms (stems) into acts, and irregular past forms into one form, so that “went” meets “go”. Which words mean
the same *thing* is left to `aliases.toml`; which act a date belongs to is left to `events.clauses`.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, lru_cache

from index.lexical import all_terms


class Act(StrEnum):
    """What a clause tells that was done."""

    BEGIN = "begin"
    END = "end"
    RESUME = "resume"
    BREAK = "break off"
    MEET = "meet"
    AGREE = "agree"
    VOTE = "vote"
    AUTHORIZE = "authorize"
    RATIFY = "ratify"
    REJECT = "reject"
    EXPIRE = "expire"
    SAY = "say"
    ASK = "ask"
    DELAY = "delay"
    AIR = "air"
    OFFER = "offer"
    ENACT = "enact"


# Acts that a date can't belong to at once: who asks when a strike ended doesn't ask for the day on which it began.
OPPOSITES = {
    Act.BEGIN: frozenset({Act.END, Act.EXPIRE, Act.RATIFY}),
    Act.END: frozenset({Act.BEGIN}),
    Act.RESUME: frozenset({Act.BREAK}),
    Act.BREAK: frozenset({Act.RESUME, Act.AGREE}),
    Act.AGREE: frozenset({Act.BREAK, Act.REJECT}),
    Act.REJECT: frozenset({Act.AGREE}),
    Act.AUTHORIZE: frozenset({Act.RATIFY}),
    Act.RATIFY: frozenset({Act.AUTHORIZE}),
}

# Acts that news tells for each other: sides that “met for the first time in weeks” resumed their talks.
RELATED = {
    Act.RESUME: frozenset({Act.MEET, Act.BEGIN}),
    Act.MEET: frozenset({Act.RESUME}),
    Act.BREAK: frozenset({Act.END}),
    Act.END: frozenset({Act.AGREE, Act.RESUME, Act.EXPIRE}),
    Act.AGREE: frozenset({Act.VOTE}),
    Act.ASK: frozenset({Act.SAY}),
    Act.BEGIN: frozenset({Act.VOTE, Act.RESUME}),
    Act.AUTHORIZE: frozenset({Act.VOTE}),
    Act.RATIFY: frozenset({Act.VOTE}),
    Act.AIR: frozenset({Act.DELAY, Act.BEGIN}),
}

# What is told by its own words: a date beside none of them is of something else.
FORMAL = frozenset({Act.RATIFY, Act.ENACT})

# Each line is of one act: words or phrases as they stand in print; compared by their stems, in this order.
_PHRASES = {
    Act.BEGIN: (
        "begin, start, commence, launch, kick off, kick in, go on strike, walk out, walk off, walkout began, another walkout, "
        "walkout by, on strike since, struck, hit picket lines, join on picket lines, call strike, declare strike, down tools, "
        "stopped working, go out on strike, take effect, took effect, go into effect, go into force, in force, out since, been "
        "out, are out, stay out, on strike, called out, picket, join strike, dates from, lay down work, first day, hit bricks, "
        "pound pavement, get underway, break out, start up, set off, stop writing, stop acting, pens down, pencils down, put "
        "down pens, put down pencils, take to picket lines, take to streets, walk off job"
    ),
    Act.END: (
        "end, over, conclude, finish, lift, call off, settle, done, come back, come to end, return to work, back to work, "
        "halt strike, picketing suspended, picket locations are suspended, resolve, last day, final day, declare over, "
        "declare strike over, wrap up, wind up, continue through, last through, wind down, cease, put end, stop striking, "
        "go back to work, get back to work, come to close, come to conclusion, no longer on strike, off picket lines, "
        "suspend strike, strike suspend, cancel strike, strike cancel, strike stop, scrap strike"
    ),
    Act.RESUME: (
        "resume, restart, reopen, reconvene, return, come back, back at table, back to table, go back, get back, back in room, "
        "back to bargaining, bargaining again, together again, back on air, bring back, be back, back in contact, "
        "start again, start up again, work again, write again, pick up again, pick back up, talks back up, talk again, "
        "negotiate again, talks back on, negotiations back on, return to work, back to work, "
        "new round, second round, second try, back to negotiating, go back to work, get back to work"
    ),
    Act.BREAK: (
        "break off, broken off, break-off, suspension, break down, collapse, fall through, fall apart, walk away, suspend "
        "talks, suspend negotiations, suspended contract negotiations, cut short, talks ended, negotiations ended, talks "
        "stalled, fail, rupture, leave table, walk out of talks, blow up, bail, fizzle, "
        "implode, go nowhere, pull out of talks, storm out, storm off, crumble, come apart, go south, hit wall, quit talks, quit "
        "negotiating, abandon talks, abandon negotiations, leave talks, halt talks, halt negotiations, stop talking, stop "
        "negotiating, stop bargaining, call off talks, call off negotiations, end talks, end negotiations, talks concluded, "
        "negotiations concluded, bolt, impasse, deadlock, stalemate"
    ),
    Act.MEET: (
        "meet, meeting, sit down, sit with, session, come together, at table, been together, get in room, in room with, "
        "face to face, huddle, talks begin, talks start, talks open, talks set to begin, talks set to start, negotiations begin, "
        "negotiations start, negotiations open, negotiations set to begin, bargaining begin, bargaining start, begin talks, "
        "begin negotiations, begin bargaining, start talks, start negotiations, start bargaining, open talks, open negotiations, "
        "enter talks, enter negotiations, first round, opening round"
    ),
    Act.AGREE: (
        "agree, accept, agreement, deal, reach, reach deal, reach settlement, strike deal, sign, accord, settlement, settle, "
        "pact, shake hands, come to terms, sign off, come to agreement, hammer out, ink, make deal, cut deal, "
        "seal deal, get deal done, avert strike, head off strike"
    ),
    Act.VOTE: "vote, ballot, pass, result come, result announce, result know",
    Act.AUTHORIZE: "authorize, authorise, authorization, authorisation, vote to strike, approve strike, back strike, green light",
    Act.RATIFY: (
        "ratify, ratification, approve, affirm, back deal, vote yes, say yes to deal, accept deal, accept contract, thumbs up, "
        "pass contract, rubber stamp, endorse, say yes to contract, sign off on contract, adopt contract"
    ),
    Act.REJECT: "reject, vote down, turn down, rebuff, refuse, defeat, shoot down, say no, vote no, vote against, nix, spurn",
    Act.EXPIRE: (
        "expire, run out, run until, run through, lapse, deadline, cutoff, expiration, expiry, due to end, set to end, "
        "up for renewal"
    ),
    Act.SAY: (
        "say, tell, announce, announcement, reveal, comment, weigh in, tweet, post, write, share, statement, declare, insist, "
        "warn, urge, congratulate, email, letter, confirm, disclose, message, news conference, press conference, claim, "
        "speak, talk about, respond, call"
    ),
    Act.ASK: "ask, request, reach out, invite, call for, propose meeting, contact, get in touch, approach",
    Act.DELAY: (
        "delay, postpone, push, push back, reschedule, pause, put off, hold off, move to, cancel, reverse, back out, backtrack, "
        "chicken out, change mind, walk back, back down, bump, shelve, scrap, put on hold, put on ice, move back"
    ),
    Act.AIR: "air, premiere, broadcast, come out, release, open, debut, hit theaters, in theaters, hit screens, in cinemas",
    Act.ENACT: "sign bill, bill sign, sign law, law sign, sign into law, sign legislation, sign act, become law, enact",
    Act.OFFER: (
        "make offer, give offer, put forward, present, submit, counter offer, counteroffer, counterproposal, propose, proposal"
    ),
}

# Past forms that no stemmer brings together with their verb.
_IRREGULAR = {
    "began": "begin", "begun": "begin", "blew": "blow", "blown": "blow", "broke": "break", "broken": "break",
    "came": "come", "chose": "choose", "fell": "fall", "fallen": "fall", "found": "find", "fought": "fight",
    "gave": "give", "given": "give", "gone": "go", "went": "go", "goe": "go", "got": "get", "gotten": "get",
    "grew": "grow", "had": "have", "held": "hold", "kept": "keep", "laid": "lay", "led": "lead", "left": "leav",
    "lost": "lose", "made": "make", "met": "meet", "paid": "pay", "quit": "quit", "ran": "run", "rose": "rise",
    "said": "say", "sat": "sit", "sent": "send", "shut": "shut", "spoke": "speak", "spoken": "speak", "stood": "stand",
    "struck": "struck", "swore": "swear", "thought": "think", "threw": "throw", "told": "tell", "took": "take",
    "taken": "take", "tore": "tear", "won": "win", "wrote": "write", "written": "write", "withdrew": "withdraw",
    "sought": "seek", "became": "becom", "put": "put", "wa": "be", "were": "be", "is": "be", "are": "be", "been": "be",
    "join": "join", "voter": "vote",
}  # fmt: skip


@lru_cache(maxsize=2_000)  # the sentences of some hundred answers: each is asked for several times within one
def plain_terms(text: str) -> tuple[str, ...]:
    """The index terms of a text in its order, irregular past forms as their verb's."""
    return plain(all_terms(text))


def plain(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(_IRREGULAR.get(term, term) for term in terms)


def acts_of(terms: Sequence[str]) -> frozenset[Act]:
    """The acts that a run of plain terms tells: who ratifies also votes."""
    told = frozenset(act for _, act in acts_in(terms))
    return told | {Act.VOTE} if told & VOTES else told


VOTES = frozenset({Act.AUTHORIZE, Act.RATIFY})
# What follows “over” where it means that something ended.
_AFTER_OVER = frozenset(
    plain("and but or as since for after when once now by in on at so if yet then last this".split())
)
# Where “day” follows at once: “lasted 40 days” tells of no last day.
_DAYS = plain("last first final".split())
# “On strike”, but not “on a rail strike”.
_NEXT = (*_DAYS, "on")
# “Air Canada” airs nothing.
_AIRLINES = frozenset(plain("canada franc india transat new zealand china line traffic forc travel".split()))
# “Refuse workers” refuse nothing.
_OF_REFUSE = frozenset(plain("worker collector collect crew lorri driver truck strike".split()))
_APART = 3  # “broke negotiations off”, “walked out early”: as far as a word of a phrase may stand from the one before


def acts_in(terms: Sequence[str]) -> list[tuple[int, Act]]:
    """Each act that plain terms tell, with the place of its first term, in their order.

    A phrase counts where its terms follow each other, three apart at most; of those that begin at one place only the
    longest do, and of these the closest: “call a strike” is no saying, “call off the strike” no beginning.
    """
    there: dict[str, list[int]] = {}
    for place, term in enumerate(terms):
        there.setdefault(term, []).append(place)
    beginning = _acts()
    found: set[tuple[int, int, Act]] = set()  # the first place, the last, and the act
    for term, places in there.items():
        phrases = beginning.get(term)
        if not phrases:
            continue
        for place in places:
            if term == "over" and place + 1 < len(terms) and terms[place + 1] not in _AFTER_OVER:
                continue  # “over 1000 members”, “a strike over pay”
            if term == "air" and _AIRLINES.intersection(terms[place + 1 : place + 2]):
                continue
            if term == "refus" and _OF_REFUSE.intersection(terms[place + 1 : place + 2]):
                continue
            if term == "accord" and "to" in terms[place + 1 : place + 2]:
                continue  # “according to”
            fitting = [
                (len(phrase), -last, act) for phrase, act in phrases if (last := _end(phrase, place, there)) is not None
            ]
            best = max((one[:2] for one in fitting), default=None)
            found |= {(place, -last, act) for length, last, act in fitting if (length, last) == best}
    return sorted((first, act) for first, last, act in found if first < last or not _is_within(first, act, found))


def _is_within(place: int, act: Act, found: set[tuple[int, int, Act]]) -> bool:
    """Whether a single term is part of a phrase of another act: “talks ended” is no end of a strike."""
    return any(first < place <= last and act != other for first, last, other in found)


def _end(phrase: Sequence[str], place: int, there: dict[str, list[int]]) -> int | None:
    """The place of a phrase's last term, where it begins at `place`; None where it doesn't."""
    apart = 1 if phrase[0] in _NEXT else _APART
    for term in phrase[1:]:
        place = next((later for later in there.get(term, ()) if 0 < later - place <= apart), -1)
        if place < 0:
            return None
    return place


@cache
def _acts() -> dict[str, list[tuple[tuple[str, ...], Act]]]:
    """The phrases with their acts, by first term."""
    found: dict[str, list[tuple[tuple[str, ...], Act]]] = {}
    for act, lines in _PHRASES.items():
        for line in lines.split(","):
            phrase = plain_terms(line)
            found.setdefault(phrase[0], []).append((phrase, act))
    return found
