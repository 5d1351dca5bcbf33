"""The words by which news tells how an event came out: ratified or rejected, broke off or resumed, ended or goes on.

Gives for each matter the two opposite things that can be told of it. What a question asks for is `events.outcome_questions`',
what a clause tells of whom `events.outcome_clauses`'; no grammar is parsed, closed lists of news English decide.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from corpus.patterns import lazy


class Matter(StrEnum):
    """What can come out in one of two ways."""

    VOTE = "deal accepted or rejected"
    STRIKE_VOTE = "strike authorised or not"
    TALKS = "talks resumed or broken off"
    DEAL = "deal reached or not"
    STRIKE = "strike ended or going on"
    WALKOUT = "strike begun or averted"
    RULING = "ruled for workers or employer"


@dataclass(frozen=True, slots=True)
class Form:
    """One way of telling an outcome; the groups of `pattern` are `v`, the verb, and where it has them `o`, what is decided
    on, and `s`, those in whose favour. `good` is the first of the matter's two outcomes.

    `passive` where what stands before the verb isn't who did it, `lasting` where it tells a state, which an end may follow.
    """

    matter: Matter
    good: bool
    name: str
    pattern: Callable[[], re.Pattern[str]]
    passive: bool = False
    lasting: bool = False


# What is voted on. One offer can be rejected and the next accepted, so plurals are nobody's outcome.
_DEAL = r"(?:deal|agreement|contract|contracts|pact|accord|settlement|package|terms)"
OFFER = r"(?:offer|proposal)"
_THING = (
    rf"(?P<o>{_DEAL}|{OFFER})\b(?!['’]|\s(?:talks|negotiations?|extension|dispute|demands?|clause|campaign|on\s+AI|offers?|"
    r"proposals?|deals?|agreements?|contracts?|terms)\b|\sto\s(?!(?:end|avert|settle)\b)|\sof\s(?!the\b))"
)
_IN = r"(?:(?!(?:of|that|to|for|and|but|after|in|on|with|by|from|which|who|as|over|whether|if|than)\b)[\w’'&$.-]+\s+)"
_NP = rf"(?:(?:the|its|their)\s+last,?\s+best,?\s+and\s+final\s+|{_IN}{{0,7}}?)"
_HOW = (
    r"(?:(?!(?:on\s+(?:whether|the|a|an|its|their)|whether|if|against|for|down|not|and|but|who|which|that)\b)"
    r"[\w’'.%,-]+\s+){0,10}?"
)
_TALKS = r"(?:talks|negotiations|bargaining|discussions)"
_STRIKE = (
    r"(?<!hunger )(?<!air )(?<!drone )(?<!missile )(?<!rocket )(?<!rent )(?<!military )(?<!lightning )"
    r"(?:strike|walkout|stoppage)\b(?!\s(?:fund|pay|vote|ballot|authori[sz]ation|mandate|committee|rules?|captains?|"
    r"deadline|notice|threat|order|zone|date|benefits|action\s+ballot)\b)"
)
_WAS = r"(?:was|were|has\s+been|have\s+been|is)"
_LY = r"(?:\w+ly\s+)?"
# Between a thing and what became of it: “talks | between the dyers and the mill | resumed”.
_LINKED = r"(?!(?:and|but|that|which|who|if|after|as|when|before|would|will|could|was|were)\b)[\w’'&.-]+"
_LINK = rf"(?:\s+(?:between|of|with|by)(?:\s+{_LINKED}){{1,5}}?\s+and)?(?:\s+{_LINKED}){{0,6}}?\s+"
_SIDE = (
    r"(?:(?P<s>workers?|unions?|guild|members|strikers|employees|nurses|teachers|drivers|dockers|writers|actors|staff|labou?r)"
    r"|(?P<e>compan(?:y|ies)|employers?|studios|owners?|management|port|airline|firm|operator|board|city|bosses|producers))\b"
)
_BREAKS = (
    r"(?:broke\s+off|broken\s+off|broke\s+down|collapsed|fell\s+apart|fell\s+through|"
    r"were\s+(?:suspended|called\s+off|abandoned))"
)
_NOT = r"(?:did\s+not|didn['’]t|failed\s+to)"


_AGREED = r"(?:deal|agreement|settlement|accord|pact|contract)"
_VOTE = r"strike(?:\s+authori[sz]ation)?\s+(?:vote|ballot|mandate)"
_A = r"(?:a|an|the|its|their)"


def _told(
    matter: Matter, name: str, *forms: str, good: bool, passive: bool = False, lasting: bool = False
) -> tuple[Form, ...]:
    return tuple(Form(matter, good, name, lazy(rf"\b{form}", re.IGNORECASE), passive, lasting) for form in forms)


def _votes(name: str, past: str, plain: str, *, good: bool) -> tuple[Form, ...]:
    """The ways of telling how people decided on a deal or an offer, with one family of verbs."""
    active = (rf"(?P<v>{past})\s+{_NP}{_THING}", rf"(?P<v>voted)\s+{_HOW}to\s+(?:{plain})\s+{_NP}{_THING}")
    passive = rf"{_THING}{_LINK}{_WAS}\s+{_LY}(?P<v>{past})\b"
    return _told(Matter.VOTE, name, *active, good=good) + _told(Matter.VOTE, name, passive, good=good, passive=True)


FORMS: tuple[Form, ...] = (
    *_votes("ratified", r"ratified", r"ratify", good=True),
    *_votes("approved", r"approved|endorsed|backed|okayed", r"approve|endorse|back|okay", good=True),
    *_votes("accepted", r"accepted", r"accept", good=True),
    *_votes(
        "rejected",
        r"rejected|turned\s+down|voted\s+down|voted\s+against|spurned|rebuffed|defeated|refused(?:\s+to\s+accept)?",
        r"reject|turn\s+down|vote\s+down|spurn|refuse",
        good=False,
    ),
    *_told(Matter.VOTE, "approved", rf"(?P<v>voted\s+{_HOW}(?:for|in\s+favou?r\s+of))\s+{_NP}{_THING}", good=True),
    *_told(Matter.VOTE, "rejected", rf"(?P<v>voted\s+{_HOW}(?:against|down))\s+{_NP}{_THING}", good=False),
    *_told(
        Matter.VOTE,
        "not ratified",
        rf"(?P<v>(?:{_NOT}|declined\s+to|refused\s+to)\s+(?:ratify|approve|back|endorse))\s+{_NP}{_THING}",
        good=False,
    ),
    *_told(Matter.VOTE, "ratified", r"ratification(?:\s+vote)?\s+(?P<v>passed|succeeded)\b", good=True, passive=True),
    *_told(Matter.VOTE, "not ratified", r"ratification(?:\s+vote)?\s+(?P<v>failed)\b", good=False, passive=True),
    *_told(
        Matter.STRIKE_VOTE,
        "authorised",
        rf"(?P<v>voted)\s+{_HOW}(?:to\s+(?:authori[sz]e|approve|back)\s+{_NP}{_STRIKE}|to\s+(?:strike|walk\s+out)\b|"
        rf"(?:for|in\s+favou?r\s+of)\s+(?:striking|walking\s+out|{_NP}{_STRIKE}))",
        rf"(?P<v>authori[sz]ed|approved)\s+(?:a|the)\s+{_NP}{_STRIKE}",
        good=True,
    ),
    *_told(
        Matter.STRIKE_VOTE,
        "authorised",
        rf"{_VOTE}{_LINK}(?P<v>passed|succeeded|carried|{_WAS}\s+{_LY}approved)\b",
        good=True,
        passive=True,
    ),
    *_told(
        Matter.STRIKE_VOTE,
        "not authorised",
        rf"(?P<v>voted)\s+{_HOW}(?:against\s+(?:striking|walking\s+out|authori[sz]ing\s+{_NP}{_STRIKE}|{_NP}{_STRIKE})|"
        rf"not\s+to\s+(?:strike|walk\s+out)\b|to\s+reject\s+(?:a|the)\s+{_NP}{_STRIKE})",
        rf"(?P<v>rejected|voted\s+down|{_NOT}\s+(?:authori[sz]e|approve|back))\s+(?:a|the)\s+{_NP}{_STRIKE}",
        good=False,
    ),
    *_told(
        Matter.STRIKE_VOTE,
        "not authorised",
        rf"{_VOTE}{_LINK}(?P<v>failed|fell\s+short|{_WAS}\s+{_LY}(?:lost|defeated))\b",
        good=False,
        passive=True,
    ),
    *_told(
        Matter.TALKS,
        "resumed",
        rf"{_TALKS}{_LINK}(?P<v>(?:have\s+|has\s+)?(?:resumed|restarted|reopened|reconvened))\b",
        rf"(?P<v>resumed|restarted|reopened|(?:returned|went\s+back|got\s+back)\s+to)\s+{_IN}{{0,4}}?(?:{_TALKS}|table)\b",
        good=True,
    ),
    *_told(
        Matter.TALKS,
        "broken off",
        rf"{_TALKS}{_LINK}(?:have\s+|has\s+)?(?:\w+ly\s+)?(?P<v>{_BREAKS})\b",
        r"(?P<v>broke\s+off|suspended|abandoned|cut\s+off|called\s+off|walked\s+away\s+from|walked\s+out\s+of)\s+"
        rf"{_IN}{{0,4}}?(?:{_TALKS}|table)\b",
        good=False,
    ),
    *_told(
        Matter.TALKS,
        "not resumed",
        rf"{_TALKS}{_LINK}(?P<v>{_NOT}\s+(?:resume|restart|reopen|reconvene))\b",
        good=False,
    ),
    *_told(
        Matter.DEAL,
        "deal reached",
        r"(?P<v>reached|struck|clinched|signed|secured|hammered\s+out|came\s+to|agreed\s+(?:on|to))\s+(?:a|an|the)\s+"
        rf"(?P<o>{_IN}{{0,5}}?{_AGREED})\b",
        rf"(?P<o>{_AGREED}){_LINK}(?P<v>(?:was|has\s+been)\s+{_LY}(?:reached|struck|clinched|signed))\b",
        good=True,
    ),
    *_told(
        Matter.DEAL,
        "no deal",
        r"(?P<v>ended|concluded|closed|broke\s+up|broke\s+off|finished|adjourned|collapsed|left)\b"
        r"(?:\s+(?!and\b|but\b)[\w’'.,-]+){0,7}?\s+without\s+(?:(?:reaching|coming\s+to)\s+)?(?:a|an|any)\s+"
        rf"{_IN}{{0,3}}?{_AGREED}\b",
        rf"(?P<v>{_NOT}|could\s+not|couldn['’]t|were\s+unable\s+to)\s+(?:reach|strike|clinch|come\s+to|agree\s+on)\s+"
        rf"(?:a|an|any)\s+{_IN}{{0,5}}?{_AGREED}\b",
        rf"no\s+{_AGREED}{_LINK}(?P<v>was\s+(?:reached|struck|clinched|signed))\b",
        good=False,
    ),
    *_told(
        Matter.STRIKE,
        "ended",
        rf"{_STRIKE}{_LINK}(?P<v>(?:has\s+|have\s+)?ended(?!\s(?:the|a|an|his|her|its|their|any|all|hopes|with\s+no)\b)|"
        r"(?:is|was)\s+(?:now\s+|officially\s+|finally\s+)?over(?=\W*$|[.,;:!?”\"]|\s(?:and|but|now|after|since|on|at)\b)|"
        rf"(?:came|has\s+come)\s+to\s+an\s+end|{_WAS}\s+(?:called\s+off|lifted|settled|halted))\b",
        good=True,
        passive=True,
    ),
    *_told(Matter.STRIKE, "ended", rf"(?P<v>ended|called\s+off|lifted)\s+{_A}\s+{_NP}{_STRIKE}", good=True),
    *_told(
        Matter.STRIKE,
        "going on",
        rf"{_STRIKE}{_LINK}(?P<v>continues?|goes\s+on|drags\s+on|is\s+still\s+(?:on|going)|(?:is\s+not|isn['’]t)\s+over|"
        r"remains\s+in\s+(?:force|effect|place)|is\s+ongoing)\b",
        good=False,
        lasting=True,
        passive=True,
    ),
    *_told(
        Matter.STRIKE,
        "going on",
        r"(?P<v>(?:remain|remains|are\s+still|is\s+still|stay)\s+(?:out\s+)?on\s+(?:strike|the\s+picket\s+lines?))\b",
        good=False,
        lasting=True,
    ),
    *_told(
        Matter.STRIKE,
        "not ended",
        rf"{_STRIKE}{_LINK}(?P<v>(?:did\s+not|didn['’]t)\s+end)\b",
        good=False,
        passive=True,
    ),
    *_told(
        Matter.WALKOUT,
        "walked out",
        r"(?P<v>walked\s+out(?!\s+of\s+(?!work\b)|\s+on\s+(?:the|a|an|talks|his|her|their)\b)|went\s+(?:out\s+)?on\s+strike|"
        rf"walked\s+off\s+(?:the|their)\s+jobs?|downed\s+tools|(?:began|launched|started)\s+{_A}\s+{_NP}{_STRIKE})\b",
        good=True,
    ),
    *_told(
        Matter.WALKOUT,
        "strike averted",
        rf"(?P<v>averted|avoided|headed\s+off|staved\s+off|prevented)\s+{_A}\s+{_NP}{_STRIKE}",
        rf"{_STRIKE}{_LINK}(?P<v>{_WAS}\s+{_LY}averted)\b",
        good=False,
        passive=True,
    ),
    *_told(
        Matter.WALKOUT,
        "did not walk out",
        r"(?P<v>(?:did\s+not|didn['’]t)\s+(?:walk\s+out|walk\s+off\s+(?:the|their)\s+jobs?|go\s+on\s+strike))\b(?!\s+of\b)",
        good=False,
    ),
    # Against the employer is for the workers: the object decides.
    *_told(
        Matter.RULING,
        "",
        rf"(?P<v>ruled\s+(?:\w+\s+){{0,3}}?(?:for|in\s+favou?r\s+of)|sided\s+with|found\s+for)\s+(?:the\s+)?{_IN}{{0,3}}?{_SIDE}",
        good=True,
    ),
    *_told(
        Matter.RULING,
        "",
        rf"(?P<v>(?:ruled|found|sided)\s+(?:\w+\s+){{0,3}}?against)\s+(?:the\s+)?{_IN}{{0,3}}?{_SIDE}",
        good=False,
    ),
)
