"""Finds in a question what a later one may mean by “they”, “she”, “it” or “the strike”: who and what it is about.

People, unions and events are known by the tables and by a few plain forms of English; the names stay as they were typed.
"""

import re
from collections.abc import Sequence
from datetime import date

from corpus.day_words import YEAR
from index.concepts import people_in
from index.dates import read_period
from index.english import is_english
from index.unions import unions_in

_I = re.IGNORECASE
Spans = list[tuple[int, int]]

# What can happen in a dispute, by the words that tell of it in a question, and what it is called as a thing.
_EVENTS = tuple(
    (noun, re.compile(rf"\b(?:{forms})", _I))
    for noun, forms in (
        ("vote", r"votes?\b|voted\b|voting\b|ratif\w+|authori[sz]\w+|ballot\w*|approv\w+"),
        ("strike", r"on strike|walk(?:ed|ing|s)? (?:out|off)|strikes?\b|struck\b|striking\b|walkout|stoppage"),
        ("deal", r"deals?\b|agreements?\b|settle[ds]?\b|settlement|agree(?:d|s)? (?:on |to )?terms|contracts?\b"),
        ("talks", r"talks?\b|negotiat\w+|bargain\w+|to the table|sit down|sat down|meet(?:s|ing|ings)?\b|met\b"),
        ("offer", r"offer(?:s|ed)?\b|propos\w+|counter(?:s|ed|offer\w*|proposal\w*)?\b"),
    )
)
# “The strike” is the event, whatever else is told of it: “ratify the strike contract”.
_STRIKE_ITSELF = re.compile(
    r"\bstrike\b(?! (?:contract|deal|vote|authori[sz]ation|fund|rules|captain|deadline|date))|\bon strike\b|\bwalk(?:ed)? out\b",
    _I,
)
EVENT_NOUN = (
    r"(?:strike|walkout|stoppage|deal|agreement|contract|talks|negotiations|bargaining|vote|ballot|ratification|offer|proposal|"
    r"counteroffer|counterproposal|meeting|memo|letter|statement|rally|bill|clause|bonus|fine|boycott)"
)
_EVENT_PHRASE = re.compile(
    r"\b(?:(?:the|a|an|their|its|his|her)\s+)?"
    r"(?:(?!(?:did|does|was|were|is|are|the|reach\w*|get|got|make|made|to|of|on|in)\b)[\w&.'’-]+\s+){0,3}"
    rf"(?P<noun>{EVENT_NOUN}s?)\b",
    _I,
)
_EMPLOYERS = re.compile(
    r"\b(?:the\s+)?(?:studios(?: and streamers)?|producers|companies|amptp|streamers|networks|alliance|ceos|bosses)\b",
    _I,
)
_GROUP = re.compile(
    r"\b(?:the\s+)?(?:extras|background (?:actors|performers)|showrunners|members|workers|stunt performers|voice actors|"
    r"hosts)\b",
    _I,
)
# “The nurses”, “picture editors”: people by what they do, in a fragment of a question only.
_TRADE = re.compile(
    r"(?:the\s+)?(?:[\w-]+\s+){0,2}?(?!(?:offers|orders|letters|numbers|papers|terms|others|matters|errors)\b)"
    r"\w{2,}(?:ers|ors|ists|ians|smen|ants|nurses|crews)",
    _I,
)
_NO_ARTICLE = frozenset(("sag", "sag-aftra", "sag aftra", "sagaftra", "aftra", "iatse"))
# “Oakland”, “GM”, “New York”; not “When Did The”.
_NAME_WORD = (
    r"(?!(?:A|An|The|And|Or|Any|All|I|If|When|Whens|Who|What|Where|Why|Which|How|Did|Do|Does|Is|Are|Was|Were|Has|Have|Had|Will|Would|"
    r"Can|Could|Should|In|On|At|Of|For|To|With|By|From|Most|Some|Many|More|Tell|Show|Striking)\b)"
    r"[A-Z][\w&.-]*(?:['’](?!s\b)\w+)?"
)
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD})*")
# Which workers: “Oakland”, “the Ford”, “Amazon warehouse” before the word for them, or the one word that has nowhere else
# to belong: “did disneyland workers”, but not “did ford pay workers”.
_THEIR_WORK = (
    "(?:union|warehouse|school|hospital|hotel|plant|factory|assembly|delivery|dock|port|store|transit|rail|city)"
)
_NOT_WHICH = (
    "(?:the|a|an|any|all|some|most|many|more|other|both|no|not|only|still|just|even|there|these|those|their|our|his|her|its|"
    "and|or|you|we|they|it|he|she)"
)
_WHICH_WORKERS = re.compile(
    rf"\b(?:[Tt]he )?{_NAME.pattern} (?:{_THEIR_WORK} )?$|"
    r"(?:\b[Tt]he |(?<=\bdid )|(?<=\bdo )|(?<=\bhave )|(?<=\bhad )|(?<=\bwill )|(?<=\bare )|(?<=\bwere ))"
    rf"(?!{_NOT_WHICH}\b)[a-z][a-z-]+ $"
)
# Where, or with whom: “in Portland”, “at the Tribune”, “with Ford”; “of” where it follows the workers: “members of the RMT”.
_PLACE = re.compile(rf"\b(?P<preposition>in|at|with|against|of) (?P<name>(?:the )?{_NAME.pattern})(?!['’\w])")
_CAPITALISED = re.compile(r"(?<=\s)[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+)+\b")
_WHO_IS = re.compile(r"^(?:who(?:['’]?s| is| was| are| were)|tell me about|what about)\s+(?P<whom>.+)$", _I)
_DOING = re.compile(r"[a-z]+ing\b", _I)  # “who is hosting the awards”
_WHO_LEADS = re.compile(r"^who (?P<verb>leads|runs|heads|chairs|led|ran|headed|chaired)\s+(?P<what>.+)$", _I)
_LEADERS = {
    "lea": "the leader of",
    "led": "the leader of",
    "run": "the head of",
    "ran": "the head of",
    "hea": "the head of",
    "cha": "the chair of",
}
_ROLE = re.compile(
    r"\b(?:the|their|its)\s+(?:[\w&'’-]+\s+){0,4}?(?:president|chair(?:man|woman)?|negotiator|leader|head|director|chief|boss|"
    r"spokes\w+|ceo|governor|mayor|mediator|host|star|creator|showrunner)\b"
    r"(?:\s+(?:of|at|for)\s+(?:the\s+)?[\w&'’.-]+(?:\s+(?!in\b|on\b|at\b)[\w&'’.-]+){0,3})?",
    _I,
)
_WHAT_IS = re.compile(r"^(?:what(?:['’]?s| is| was| are| were)|explain|define|tell me about|whats)\s+(?P<what>.+)$", _I)
_ANY_DAY = date(2000, 1, 1)  # only where a time stands matters here, not which days it is
# A role or a thing is repeated when it is no longer than this, in words.
_LONGEST = 8


def person_of(text: str) -> str:
    """Whom a question is about: a name, a role, or what follows “who is”; “” where it names nobody."""
    named = people_in(text)
    if named:
        return named[0]
    for form in (_ROLE, _CAPITALISED):
        match = form.search(text)
        if match and not unions_in(match[0] if form is _CAPITALISED else ""):
            return match[0]
    leads = _WHO_LEADS.match(text)
    if leads and len(leads["what"].split()) <= _LONGEST:
        return f"{_LEADERS[leads['verb'].lower()[:3]]} {leads['what']}"
    asked = _WHO_IS.match(text)
    if not asked or len(asked["whom"].split()) > _LONGEST:
        return ""
    return f"the one {asked['whom']}" if _DOING.match(asked["whom"]) else asked["whom"]


def party_of(text: str, *, employers: bool = True) -> str:
    """Who a question is about, “the writers”, and which: “Ford workers”, “the teachers in Portland”.

    A union by the name it has there, else the employers, else a group.
    """
    name, where = _party(text, employers=employers)
    return f"{name} {where}".strip()


def _party(text: str, *, employers: bool) -> tuple[str, str]:
    """Who a question is about, and where they are, as told right after them or later in the question."""
    found = union_spans(text) or (employer_spans(text) if employers else []) or group_spans(text)
    if not found:
        return "", ""
    start, end = which_span(text, found[0])
    name = text[start:end].strip()
    bare = name.lower() in _NO_ARTICLE or name.lower().startswith("the ") or name[:1].isupper()
    where = [
        one[0]
        for one in _others_places(text)
        if one.start() == end + 1 or (one.start() > end and one["preposition"] in ("in", "at"))
    ]
    return name if bare else f"the {name}", " ".join(where[:1])


def event_of(text: str) -> str:
    """What happened in a question, as a thing with its owner, year and place: “the 1960 writers strike”, “the strike at Ford”.

    “” where nothing did.
    """
    noun = "strike" if _STRIKE_ITSELF.search(text) else next((noun for noun, form in _EVENTS if form.search(text)), "")
    if not noun:
        return ""
    year = year_spans(text)
    party, where = owner_of(text)
    if party or year:
        told = ("the", text[slice(*year[0])] if year else "", party, noun, where)
        return " ".join(word for word in told if word)
    phrase = _EVENT_PHRASE.search(text)
    if phrase is None:
        return f"the {noun} {where}".strip()
    owned = re.match(r"(?:the|a|an|their|its|his|her)\s", phrase[0], _I)
    return f"{phrase[0] if owned else f'the {phrase[0]}'} {where}".strip()


def event_phrase(text: str) -> re.Match[str] | None:
    """Where a question names what happened as a thing, with its owner (group `noun`): “the 1960 writers strike”."""
    return _EVENT_PHRASE.search(text)


def owner_of(text: str) -> tuple[str, str]:
    """Whose an event is, without “the”, and where it was or with whom: “teachers” and “in Portland”."""
    party, where = _party(text, employers=False)
    elsewhere = next((one[0] for one in _others_places(text) if one["preposition"] != "of"), "")
    return party.removeprefix("the "), where or elsewhere


def happened(noun: str, text: str) -> bool:
    """Whether a question speaks of such an event, by its noun or by a verb: of a “deal” where it has “settled”."""
    return any(form.search(noun) and form.search(text) for _, form in _EVENTS)


def thing_of(text: str) -> str:
    """What a question asks to be explained, or the event that it is about; “” where it is neither."""
    asked = _WHAT_IS.match(text)
    if (
        asked
        and len(asked["what"].split()) <= _LONGEST
        and not re.search(r"\b(?:did|does|do|was|were|is|are|say|said)\b", asked["what"], _I)
    ):
        return asked["what"]
    return event_of(text)


def union_spans(text: str) -> Spans:
    """Where unions are named, with “the”."""
    found = []
    for one in unions_in(text):
        start = one.start - 4 if text[max(0, one.start - 4) : one.start].lower() == "the " else one.start
        found.append((start, one.end))
    return found


def employer_spans(text: str) -> Spans:
    return [match.span() for match in _EMPLOYERS.finditer(text)]


def group_spans(text: str) -> Spans:
    return [match.span() for match in _GROUP.finditer(text)]


def which_span(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where a party is named, with what tells which: “the Oakland teachers”; a name in capitals tells it by itself."""
    start, end = span
    if text[start:end].isupper() or text[start : start + 4].lower() == "the ":
        return span
    before = next((one for one in _WHICH_WORKERS.finditer(text[:start]) if not _is_time(text, one.span())), None)
    return (before.start(), end) if before else span


def which_name_span(text: str) -> tuple[int, int] | None:
    """Where a name tells which workers a question is about: “Oakland” of “the Oakland teachers”."""
    for party in union_spans(text) or group_spans(text):
        start, _ = which_span(text, party)
        start += 4 if text[start : start + 4].lower() == "the " else 0
        if start < party[0] and (name := _NAME.match(text, start) or re.compile("[a-z-]+").match(text, start)):
            return name.span()
    return None


def places(text: str) -> list[re.Match[str]]:
    """Where names follow a preposition (groups `preposition` and `name`), times left out: “in Portland”, “with Ford”."""
    return [one for one in _PLACE.finditer(text) if not _is_time(text, one.span())]


def is_name(text: str) -> bool:
    """Whether a fragment is a name in its capitals, or a word that English doesn't have: “GM”, “stellantis”."""
    return bool(_NAME.fullmatch(text.removeprefix("the "))) or (
        text.isascii() and text.isalpha() and text.islower() and not is_english(text)
    )


def _others_places(text: str) -> list[re.Match[str]]:
    """Those of the places that are no union and no employers: these are parties themselves."""
    return [one for one in places(text) if not union_spans(one["name"]) and not employer_spans(one["name"])]


def _is_time(text: str, span: tuple[int, int]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in period_spans(text))


def party_spans(text: str) -> Spans:
    """Unions, else employers, else groups of people: whoever a fragment of a question can be about."""
    trade = _TRADE.fullmatch(text)
    return union_spans(text) or employer_spans(text) or group_spans(text) or ([trade.span()] if trade else [])


def period_spans(text: str) -> Spans:
    """Where times are named, with their prepositions."""
    return [(one.span.start, one.span.end) for one in read_period(text, asked=_ANY_DAY)]


def year_spans(text: str) -> Spans:
    return [match.span() for match in YEAR().finditer(text)]


def covers(spans: Sequence[tuple[int, int]], text: str) -> bool:
    """Whether the text is hardly more than what was found in it."""
    return sum(end - start for start, end in spans) * 3 >= 2 * len(text)
