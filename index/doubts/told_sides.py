"""Tells whose act a sentence tells: the union, and with whom it bargains, as one key, or “” where that isn't sure.

A union strikes and settles with each employer apart: the actors' with the studios and with makers of video games, the car
workers' with Ford and with GM. Two unions in one clause, a local of a union, or an employer that isn't named make no side.
"""

import re
from collections.abc import Collection

from corpus.patterns import lazy
from index.doubts.told_records import Deed
from index.unions import UnionMention, is_of_staff, unions_in

# Code points between a union and the act that a later clause tells of it: “the guild, whose strike ended”. Judged.
_BESIDE = 40
# Under one roof; in the time of the old table a strike of either was one of both.
_ONE_OF = {"sag": "sag-aftra", "wgaw": "wga", "wgae": "wga"}
# After a name: it is a part of the union, another one, or a prize.
_OTHER_BODY = lazy(r",?['’]?s?\s(?:[Ll]ocal|[Cc]hapter|[Ss]taff|Awards?)\b|\sof\s(?!America\b)[A-Z]")
_THE_UNION = lazy(r"\b(?:[Tt]he\s(?:union|guild)|[Ii]ts|[Tt]heir|[Mm]embers)\b")

# Unions of film and television bargain with the studios, and apart from that with others.
_FILM = frozenset(
    "sag-aftra aftra wga dga iatse local-600 local-700 local-892 tag teamsters-399 basic-crafts afm".split()
)
# These name the employer whom they strike or settle with. Of teachers, nurses and others one key stands for many unions.
_BY_EMPLOYER = frozenset(("uaw", "teamsters", "equity"))
_PORTS = frozenset(("ila", "ilwu"))
STUDIOS, PORTS = "studios", "ports"
_AREA = "area standards"
# In small letters: the label, words of which one stands in all that it is, and its form.
_WITH = (
    (
        "video games",
        ("game", "interactive media"),
        lazy(r"\bvideo[- ]?games?\b|\bgame (?:companies|performers|makers|actors)\b|\binteractive media\b"),
    ),
    ("commercials", ("commercial", "advertis"), lazy(r"\bcommercials?\b|\badvertis")),
    (_AREA, ("area standards", "outside"), lazy(r"\barea standards\b|\boutside (?:of )?los angeles\b")),
    (
        STUDIOS,
        (
            "amptp",
            "alliance of motion picture",
            "studio",
            "producers",
            "streamers",
            "hollywood",
            "film and t",
            "tv and film",
            "tv/theatrical",
            "movie and t",
        ),
        lazy(
            r"\b(?:amptp|alliance of motion picture|studios?|producers|streamers|hollywood|(?:film|movie) and (?:tv|television)"
            r"|tv and film|tv/theatrical)\b"
        ),
    ),
)
# Contracts and employers that are none of those, though their unions are; found as parts of words.
_OTHERS = (
    "network code", "network television code", "cbs news", "abc news", "nbc news", "broadcasters", "sound recording",
    "record label", "broadway", "music video", "student film", "low-budget", "low budget", "dubbing", "podcast", "telemundo",
    "public television", "orchestra ", "symphony", "theater", "theatre", "news writers", "independent film",
    "independent producers", "independent project", "disneyland", "universit",
)  # fmt: skip
_ONE_OF_MANY = lazy(
    r"\b(?:with|at|against)\s(?:an?\s(?!group\b)|one\s|another\s|some\s|several\s|many\s|individual\s)"
    r"(?:[\w-]+\s){0,2}(?:studio|compan|producer|network|streamer|employer)"
)
_NOT_SHOWS = ("newsroom", "website", "digital media", "publisher")
_SHOWS = lazy(r"\b(?:films?|movies?|tv|television|shows?)\b")
# “with Ford”, “at Kaiser Permanente”; two names joined are two employers.
_EMPLOYER = lazy(
    r"\b(?:with|at|against)\s(?:the\s)?"
    r"((?:[A-Z][a-z]+\s(?=Motors|Electric|Parcel|Maritime|Airlines|Angeles|Francisco|Diego|York))?[A-Z][\w&-]+)"
    r"(?:\s[A-Z][\w’&.-]+)*(,?\s(?:and|or)\s[A-Z]|,\s[A-Z][\w’]+(?:,|\sand\b))?"
)
# What is struck or settled with there is one of many; strikes at plants begin one by one.
_SITE = lazy(
    r"\b(?:plants?|factor(?:y|ies)|warehouses?|stores?|facilit(?:y|ies)|sites?|locations?|campus(?:es)?|terminals?)\b"
)
_NO_EMPLOYER = frozenset("AMPTP Alliance Hollywood Screen Writers Directors American Motion".split())
_SAME_EMPLOYER = {"General Motors": "GM", "Chrysler": "Stellantis", "United Parcel": "UPS"}


class Sides:
    """What an article's head tells of who is party to a dispute; `unions` are the keys of those that it speaks of."""

    def __init__(self, head: str, unions: Collection[str]) -> None:
        self._small = head.lower()
        self._speaking = {_ONE_OF.get(key, key) for key in unions}
        self._labels: list[str] | None = None
        self._read: tuple[str, list[tuple[UnionMention, str]]] = ("", [])

    def side_of(self, deed: Deed, act: re.Match[str], left: int, right: int) -> str:
        """“sag-aftra/studios” for an act found in a sentence, in whose clause from `left` to `right` it stands, or “”."""
        sentence = act.string
        key = self._union(act, left, right)
        if not key:
            return ""
        if key in _PORTS:
            return f"{key}/{PORTS}"
        clause = sentence[left:right]
        names = _EMPLOYER().findall(clause)
        if key in _BY_EMPLOYER:
            told = len(names) == 1 and not names[0][1] and not _SITE().search(clause)
            return f"{key}/{_SAME_EMPLOYER.get(names[0][0], names[0][0])}" if told else ""
        if key not in _FILM or any(name not in _NO_EMPLOYER and not unions_in(name) for name, _ in names):
            return ""
        small = sentence.lower()
        if key == "wga" and ("wgsu" in self._speaking or is_of_staff(small)):
            return ""
        if any(word in small for word in _OTHERS) or _ONE_OF_MANY().search(clause):
            return ""
        other = self._counterpart(key, deed, clause.lower(), small)
        return f"{key}/{other}" if other else ""

    def _union(self, act: re.Match[str], left: int, right: int) -> str:
        sentence = act.string
        named = self._named(sentence)
        within = {key for one, key in named if left <= one.start < right}
        before = [(one, key) for one, key in named if one.end <= act.start()]
        everywhere = {key for _, key in named}
        found = ""
        if len(within) > 1:  # the one that the words of the act themselves name: “SAG-AFTRA's strike began”
            inside = {key for one, key in named if act.start() <= one.start < act.end()}
            found = inside.pop() if len(inside) == 1 else ""
        elif within:
            found = within.pop()
        elif before:
            last, key = before[-1]
            found = key if len(everywhere) == 1 or act.start() - last.end <= _BESIDE else ""
        elif len(everywhere) == 1 and len(self._speaking) == 1:
            found = everywhere.pop()
        elif not named and len(self._speaking) == 1 and _THE_UNION().search(sentence, left, right):
            found = next(iter(self._speaking))
        return found if found in self._speaking else ""

    def _named(self, sentence: str) -> list[tuple[UnionMention, str]]:
        """The unions that the sentence names, and their keys; read once for all of its acts."""
        if sentence != self._read[0]:
            found = [
                (one, _ONE_OF.get(one.key, one.key))
                for one in unions_in(sentence)
                if not _OTHER_BODY().match(sentence, one.end)
            ]
            if "sag-aftra" in self._speaking and "aftra" not in self._speaking:  # the second half of its full name
                found = [one for one in found if one[1] != "aftra"]
            self._read = (sentence, found)
        return self._read[1]

    def _counterpart(self, key: str, deed: Deed, clause: str, sentence: str) -> str:
        near = _labels(clause)
        if len(near) > 1:  # “struck game companies from Hollywood to New York”
            near = [one for one in near if one != STUDIOS]
        if near:
            return near[0] if len(near) == 1 else ""
        if self._labels is None:
            self._labels = _labels(self._small)
        far = _labels(sentence) or self._labels
        if far:
            return far[0] if len(far) == 1 and far[0] != _AREA else ""
        # The strikes of writers and actors are with the studios, where an article on shows names nobody else.
        plain = key in ("wga", "sag-aftra") and deed in (Deed.BEGUN, Deed.ENDED) and _SHOWS().search(self._small)
        return "" if not plain or any(word in self._small for word in (*_OTHERS, *_NOT_SHOWS)) else STUDIOS


def _labels(small: str) -> list[str]:
    return [label for label, words, form in _WITH if any(word in small for word in words) and form().search(small)]
