"""Completes a question that leans on those before it: “and the actors?” after “when did the writers reach a deal”.

One leans that begins with “and”, is a mere fragment, or has words that only an earlier one explains (`references`). Who and
what the earlier one is about is found by `antecedents`. What was answered is not known here, only what was asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.events.acts import acts_in, plain_terms
from index.events.asked_acts import subject_of
from index.questions.antecedents import (
    Spans,
    covers,
    employer_spans,
    event_of,
    group_spans,
    happened,
    is_name,
    owner_of,
    party_of,
    party_spans,
    period_spans,
    person_of,
    places,
    thing_of,
    union_spans,
    which_name_span,
    which_span,
    year_spans,
)
from index.questions.other_ones import is_other_one, other_one
from index.questions.references import (
    Reference,
    ReferentKind,
    references,
    repeats,
    tells_nothing,
    the_event,
    the_one,
    the_union,
)

# Earlier questions that are looked at, and how much of one is repeated: a person leans on what they just asked. What is
# longer itself tells what it is about.
_LOOKED_BACK, _LONGEST = 4, 300
# A fragment has no more words than this: “and the extras under the new contract?”
_FRAGMENT = 8
# And a name that takes another's place no more than this.
_NAME = 4
_I = re.IGNORECASE

_AND = r"(?:and|n|an|but|or|so|also|then|ok|okay|&|plus)"
_LED_IN = re.compile(
    rf"^(?:{_AND}\b[\s,]*)*(?:(?:and|n|but|or|what|how|whats|hows|wat) (?:about|bout|abt|of)\b|(?:and|n|but|or|also|plus)\b|&|"
    r"same (?:question |thing )?(?:for|with|about)\b|"
    # “No, I meant the dyers”, “no, the 1980 one”: put right
    r"(?:(?:no|nope|nah|oops|sorry|wait|actually)\b[\s,]*)*i (?:mean|meant)\b|"
    r"(?:no|nope|nah|oops|sorry)\b(?=[\s,]+(?:the|in)\b))[\s,]*",
    _I,
)
_CONNECTED = re.compile(rf"^(?:{_AND}\b[\s,]+)+", _I)
_ENDING = re.compile(r"[\s,]*(?:\b(?:though|tho|then|again|instead)\b)?[\s?!.…]*$", _I)
_TOO = re.compile(r"[\s,]*\b(?:too|as well|also)$", _I)
_ASKING = re.compile(
    r"\b(?:who|whos|whom|whose|what|whats|when|whens|where|wheres|why|which|how|hows)\b|^(?:did|does|do|is|are|was|were|has|have|"
    r"had|will|would|can|could|should)\b",
    _I,
)
_BARE = re.compile(
    r"(?:(?:to|by|until|since|for|with|from|on|in) )?"
    r"(?:who|whom|what|when|where|why|how|how (?:many|much|long|come|so|often|far)|why not|"
    r"which(?: one)?s?|what (?:margin|date|day|reason|terms|vote|percentage|percent|time))"
    r"(?: (?:exactly|not|for|with|to|from|by|about))?",
    _I,
)
# What asks anew whatever the question before asked: “by what margin” after “when did the dyers ratify”.
_WHOLE_ASKING = re.compile(
    r"(?:why|when|where|how|how long|how come)$|(?:by|with|to|from) |(?P<share>what (?:margin|vote|percentage|percent)$)",
    _I,
)
# “Which companies”, after “when did the game strike begin”: of that strike.
_WHICH_OF_IT = re.compile(r"(?:which|what)(?! (?:time|day|date|month|year|else|happened|now|for|about)\b) [a-z-]+s", _I)
# “And the day after”, “the following week”: asks for what happened then, and not when something else did.
_NEXT_DAY = re.compile(
    r"(?:on )?the (?:(?:day|night|morning|week|month|year) (?:after|before)(?: that)?|(?:next|following) (?:day|morning|week))",
    _I,
)
_OF_THEM = re.compile(r"(?:how many|what (?:share|percent(?:age)?)|who)(?: of)? (?:them|these|those|they)", _I)
_PAST = re.compile(r"\b(?:did|was|were|had)\b", _I)
# “When did they do that”, after “did the studios offer anything”: when did the studios offer anything.
_DO_THAT = re.compile(
    r"(?P<asked>when|why|where|how)\s+(?:did|do|does|have|has|had|would|will)\s+(?:\S+\s+){1,3}?(?:do|done)\s+(?:that|this|so|it)",
    _I,
)
_INTERROGATIVE = re.compile(
    r"^(?:(?:on|in|since|until|for|by|at) )?(?:when|whens|who|whos|what|whats|where|wheres|why|how|"
    r"(?:what|which) (?:day|date|month|year|time))\s+",
    _I,
)
_MANNER = re.compile(r"^how (?:many|much|long|big|large|far|often|old|late)\s+", _I)
_AUXILIARY = re.compile(r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b", _I)
_OBJECT_ENDS = re.compile(
    r"\s+(?:to|in|on|at|for|by|with|about|say|do|did|when|after|before|from|off|out|up|as|and|or)\b", _I
)
# “Which one was from Netflix”, “which of them signed”: of those that were asked about.
_WHICH_ONE = re.compile(r"^(?:and |so )?which (?:ones?|of (?:them|these|those))\b", _I)
# “And when did the writers respond”: to what was asked about.
_TO_WHAT = re.compile(r"\b(?:respond|repl(?:y|ied)|react|answer|agree|accept|refuse|counter|comment)(?:e?d)?$", _I)
# What nobody asks without saying of what, unless an offer was spoken of: “did the writers accept”.
_ACCEPTED = re.compile(r"\b(?:accept|reject|turn(?:ed)? it down)(?:ed)?$", _I)
_DOES = re.compile(
    r"\b(?:did|does|do|will|would|has|have|had|can|is|are|was|were)\s+"
    r"(?P<subject>(?:the\s+)?[\w’'.-]+(?:\s+[\w’'.-]+){0,3}?)\s+"
    r"(?:get|have|make|earn|win|won|offer|pay|lose|want|say|spend|come|go|run|take|give|receive|ask|sign|start|end|"
    r"back|due|coming|going|returning|scheduled|expected|supposed|set to)\b",
    _I,
)
_WITH_WHOM = ("at", "with", "against")
# A place in small letters has no article and few words: “new york”.
_A_PLACE = re.compile(
    r"(?!(?:the|an?|their|its|his|her|this|that|any|all)\b)[^\W\d][\w.'’-]*(?: [^\W\d][\w.'’-]*)?", _I
)
_PREPOSITIONS = frozenset(
    "in on at for from with by during after before since until under about against between of to among within".split()
)


@dataclass(frozen=True, slots=True)
class Completed:
    """A question as it stands by itself, and the earlier one that it was completed from, “” where it leans on none."""

    text: str
    leant_on: str = ""


def complete(text: str, before: Sequence[str]) -> Completed:
    """The question, completed from the earlier ones (oldest first) where it leans on them.

    The earlier ones are completed from those before them. Costs some 0.5 ms; never raises.
    """
    if len(text) > _LONGEST:
        return Completed(text)
    earlier: list[str] = []
    for one in before[-_LOOKED_BACK:]:
        plain = _ENDING.sub("", " ".join(one.split())[:_LONGEST])
        if plain:
            earlier.append(_complete(plain, earlier).text)
    return _complete(text, earlier)


def _complete(text: str, earlier: Sequence[str]) -> Completed:
    plain = _ENDING.sub("", text)
    led = _LED_IN.match(plain)
    rest = plain[led.end() :] if led else _CONNECTED.sub("", plain)
    if not rest or not earlier:
        return Completed(text)
    last, joined = earlier[-1], rest != plain
    if _BARE.fullmatch(rest):
        return Completed(_bare(rest, last), last)
    if done := _DO_THAT.fullmatch(rest):
        return Completed(_bare(done["asked"], last), last)
    if _WHICH_OF_IT.fullmatch(rest) and (thing := event_of(last)):
        return Completed(f"{rest}, {thing}", last)
    if _NEXT_DAY.fullmatch(rest):  # the day itself isn't known here
        return Completed(f"what happened {rest}, {_topic(last)}", last)
    if not _ASKING.search(rest) and len(rest.split()) <= _FRAGMENT and (joined or _is_fragment(rest)):
        if another := other_one(rest, last):
            return Completed(_tidy(another), last)
        if references(rest, joined=True):
            return Completed(_filled(rest, earlier, joined=True) or f"{last}, {rest}", last)
        return Completed(_swapped(rest, last), last)
    filled = _filled(rest, earlier, joined=joined)
    if filled:
        return Completed(f"{filled}{_of_what(rest, filled, last)}", last)
    if (
        references(rest, joined=joined)
        or _WHICH_ONE.match(rest)
        or repeats(rest, last)
        or (happened("offer", last) and _ACCEPTED.search(rest))
        or (joined and _TO_WHAT.search(rest))
        or (tells_nothing(rest) and (led or any(of(last) for of in (party_of, event_of, person_of))))
    ):
        return Completed(f"{rest}, {_topic(last)}", last)
    return Completed(text)


def _of_what(rest: str, filled: str, last: str) -> str:
    """What happened, behind a question that has its people from the last one but neither what they did nor when: “how many of
    them”, “when did they ratify” after “when did the dyers settle in 1997”.
    """
    years = year_spans(last)
    timeless = years and _PAST.search(rest) and not year_spans(filled) and not period_spans(filled)
    if not (timeless or _OF_THEM.fullmatch(rest)):
        return ""
    event = event_of(last)
    return f", {event}" if event and party_of(last, employers=False) and event not in filled else ""


def _topic(last: str) -> str:
    """What the last question is about, without its asking: of “when are the 75th awards” the awards."""
    rest = _INTERROGATIVE.sub("", _MANNER.sub("", last, count=1), count=1)
    return re.sub(rf"^{_AUXILIARY.pattern}\s+", "", rest, count=1, flags=_I) or last


def _is_fragment(text: str) -> bool:
    """Whether words without a question word only change the question before: a name, a time, “for extras”.

    “wga deal” and “strike length” are questions of their own.
    """
    return (
        text.lower().startswith("for ")
        or is_other_one(text)
        or any(covers(of(text), text) for of in (party_spans, period_spans))
    )


def _bare(asked: str, last: str) -> str:
    """“why” after “when did the writers walk out”, or “did the writers walk out”: why did the writers walk out."""
    rest = _INTERROGATIVE.sub("", last, count=1)
    if _AUXILIARY.match(rest) and (whole := _WHOLE_ASKING.match(asked)):
        return f"{'by ' if whole['share'] else ''}{asked} {rest}"
    return f"{last}, {asked}"


def _swapped(fragment: str, last: str) -> str:
    """The last question with what the fragment changes: who, or when; else with the fragment added."""
    fragment = re.sub(r"['’]s?$", "", fragment)
    years, old_years = year_spans(fragment), year_spans(last)
    if years and old_years and covers(years, re.sub(r"^(?:the one )?in ", "", fragment, flags=_I)):
        return _with(last, old_years[0], fragment[slice(*years[0])])
    times, old_times = period_spans(fragment), period_spans(last)
    if times and covers(times, fragment):
        if not old_times:
            return f"{last} {fragment}"
        year = "" if years else next((last[slice(*one)] for one in old_years), "")
        return _with(last, old_times[0], f"{fragment} {year}".strip())
    if fragment.lower().split()[0] in _PREPOSITIONS:
        return _placed(fragment, last)
    parties = party_spans(fragment)
    which = [which_span(fragment, one) for one in parties]
    if covers(which, fragment) and (old_parties := _alike(fragment, last)):
        # “And the nurses” are those of the same place; the RMT, GM's workers or the Portland teachers have their own.
        same = which == parties and union_spans(last) and fragment.islower()
        return _with(last, old_parties[0] if same else which_span(last, old_parties[0]), fragment)
    subject = _subject(last)
    if is_name(fragment) and (not subject or party_spans(subject) or places(subject)):
        if there := places(last):
            return _with(last, there[0].span("name"), fragment)
        if named := which_name_span(last):
            return _with(last, named, fragment)
    if subject and len(fragment.split()) <= _NAME and not party_spans(subject):
        return last.replace(subject, fragment, 1)
    return f"{last}, {fragment}"


def _placed(fragment: str, last: str) -> str:
    """The last question in another place, or with others: “in Oakland” for “in Portland”, “with GM” for “with Ford”."""
    preposition, _, name = fragment.partition(" ")
    preposition = preposition.lower()
    alike = _WITH_WHOM if preposition in _WITH_WHOM else (preposition,)
    for there in places(last):
        if there["preposition"] in alike and (is_name(name) or _A_PLACE.fullmatch(name)):
            return _with(last, there.span(), f"{preposition} {name}")
    small = bool(_A_PLACE.fullmatch(name))
    at_the_end = re.search(rf"\b{re.escape(preposition)} (?P<name>{_A_PLACE.pattern})$", last)
    if small and preposition in (*_WITH_WHOM, "in", "for") and at_the_end and not _tells_more(at_the_end[0]):
        return _with(last, at_the_end.span("name"), name)
    # “Oakland teachers” are those of a place, “Ford workers” those of an employer.
    named = which_name_span(last) if preposition == ("in" if union_spans(last) else "at") else None
    if named and (is_name(name) or (small and last[slice(*named)].islower())):
        return _with(last, named, name)
    return f"{last} {fragment}"


def _tells_more(text: str) -> bool:
    """Whether what looks like a place is a time or an event: “in may”, “in talks”."""
    return bool(period_spans(text) or event_of(text))


def _subject(last: str) -> str:
    """Whose place a name can take: Captain America's in “when does Captain America come out”; “” where nobody's is sure."""
    subject = subject_of(last)
    if subject and acts_in(plain_terms(last.partition(subject)[2])):
        return subject
    does = _DOES.search(last)
    return does["subject"] if does else ""


def _alike(fragment: str, last: str) -> Spans:
    """Those in the last question whose place the fragment's can take: a union a union's, else whoever is first there."""
    if employer_spans(fragment) and employer_spans(last):
        return employer_spans(last)
    return union_spans(last) or group_spans(last) or employer_spans(last)


def _with(text: str, span: tuple[int, int], new: str) -> str:
    """The text with other words in a place, and their article and owner's ending as the sentence there needs them."""
    before, old, after = text[: span[0]], text[slice(*span)], text[span[1] :]
    if new.lower().startswith("the ") and re.search(r"(?:\b(?:the|a|an)\s+\S+|\d)\s+$", before, _I):
        new = new[4:]
    elif old.lower().startswith("the ") and new[:1].islower() and party_spans(new) and party_of(new) != new:
        new = f"the {new}"
    if new.endswith("s") and re.match(r"['’]s\b", after):
        after = after[0] + after[2:]
    return _tidy(f"{before}{new}{after}")


def _filled(rest: str, earlier: Sequence[str], *, joined: bool) -> str:
    """The question with what it leaves open filled in from the latest one that tells it; “” where none does."""
    for one in reversed(earlier):
        last = _elsewhere(one, rest)
        filled = _fill_too(_fill_definite(_fill_pronouns(rest, last, joined), last, joined), last)
        if filled != rest:
            return _tidy(filled)
    return ""


def _elsewhere(last: str, rest: str) -> str:
    """The last question without its place where the question has its own: “when did they strike in Chicago”."""
    own = {one["preposition"] for one in places(rest)}
    for there in reversed(places(last)):
        if there["preposition"] in own:
            last = _tidy(f"{last[: there.start()]}{last[there.end() :]}")
    return last


def _fill_pronouns(rest: str, last: str, joined: bool) -> str:
    """“what show was she in” after “who is the president of sag-aftra”: what show was the president of sag-aftra in."""
    tells = {ReferentKind.PERSON: person_of, ReferentKind.MANY: party_of, ReferentKind.THING: thing_of}
    for one in reversed(references(rest, joined=joined)):  # from the end, so that places before stay
        name = tells[one.kind](last) if one.kind in tells else ""
        if name:
            rest = _put(rest, one, name)
    return rest


def _fill_definite(rest: str, last: str, joined: bool) -> str:
    """“how long did the strike last” after “when did the actors strike begin”: how long did the actors strike last.

    Only where the earlier question has a strike too: not every union had one, but each has its deal, its talks, its vote.
    """
    party, years, (whose, where) = party_of(last, employers=False), year_spans(last), owner_of(last)
    one, event, union = the_one(rest), the_event(rest, joined=joined), the_union(rest, joined=joined)
    if one and (thing := event_of(last)):
        if one["year"]:
            thing = f"the{one['year']} {re.sub(r'^the |(?:18|19|20)[0-9]{2} ', '', thing)}"
        return f"{rest[: one.start()]}{thing}{rest[one.end() :]}"
    if event and (happened(event["noun"], last) or (party and not happened(event["noun"], "strike"))):
        owner = [last[slice(*years[0])] if years else "", whose]
        told = " ".join(word for word in ("the", *owner, event["noun"], where) if word)
        return f"{rest[: event.start()]}{told}{rest[event.end() :]}" if any((*owner, where)) else rest
    if union and party:
        noun, there = union["noun"], where if where and party.endswith(where) else ""
        party = party.removesuffix(there).strip()
        # “SAG-AFTRA union” says it twice, and so do “the members members”.
        named = noun.lower() in party.lower() or (noun.lower() in ("union", "guild") and not party.startswith("the "))
        told = " ".join(word for word in (party, "" if named else noun, there) if word)
        return f"{rest[: union.start()]}{told}{rest[union.end() :]}"
    return rest


def _fill_too(rest: str, last: str) -> str:
    """“did the writers strike too” after a question of 1980: in 1980."""
    years = year_spans(last)
    if not _TOO.search(rest) or not years or year_spans(rest) or not party_spans(rest):
        return rest
    return f"{_TOO.sub('', rest)} in {last[slice(*years[0])]}"


def _put(text: str, one: Reference, name: str) -> str:
    """The name in the pronoun's place, as an owner where the pronoun is one."""
    word, after = text[one.start : one.end].lower(), text[one.end :]
    her = word == "her" and re.match(r"\s+\w", after) and not _OBJECT_ENDS.match(after)
    if her or word in ("his", "their", "its", "theirs", "hers"):
        name += "'" if name.endswith("s") else "'s"
    elif short := re.match(r"['’](re|ve)\b", after):
        after = (" are" if short[1] == "re" else " have") + after[3:]
    return f"{text[: one.start]}{name}{after}"


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\b(the) the\b", r"\1", " ".join(text.split()), flags=_I))
