"""Reads which outcomes a question asks for, and of whom: “did the dockers ratify the deal”, “what happened with the vote”.

The matters are `events.outcome_words`'; what articles tell of them is found by `events.outcomes`.
"""

import re
from collections.abc import Callable

from corpus.patterns import lazy
from index.events.acts import plain_terms
from index.events.outcome_words import Matter
from index.events.questions import EventFacet, EventQuestion, Wanted

_POLITE = lazy(
    r"\b(?:(?:can|could|would|will)\s+(?:you|u|someone|anyone)\s+(?:please\s+)?)?(?:tell\s+(?:me|us)|say)\s+(?:if|whether)\b"
    r"|\b(?:do|does)\s+(?:you|u|we|anyone|anybody|someone)\s+know\s+(?:if|whether)\b",
    re.IGNORECASE,
)
# How a question asks how something came out: “did they …”, “what happened”, “how did it go”, “contract ratified?”.
_ASKS = lazy(
    r"(?:^|[,;:.?!]\s*|\b(?:so|and|but|hey|ok|okay|or|then|now|picket)\s+)(?:\w+\s+){0,2}?"
    r"(?:did|didn['’]?t|has|hasn['’]?t|have|was|wasn['’]?t|were|is|isn['’]?t|are)\b"
    r"|\bwhat(?:['’]?s|\s+is|\s+was|\s+were)?\s+(?:happened|became|become|came|come)\b"
    r"|\bwhat(?:['’]?s|\s+is|\s+was|\s+were)?\s+the\s+(?:\w+\s+){0,2}?(?:outcome|result|status|latest|upshot|news)\b"
    r"|\bhow\s+(?:did|was|were|is|has)\b|\bwho\s+won\b|\bwhich\s+way\b|\bwhether\b|^\W*(?:any|deal|no)\b"
    r"|\b(?:outcome|result)s?(?:\s+of\b|\W*$)"
    r"|\b(?:ratified|rejected|approved|accepted|passed|over|ended|resumed|averted|reached|off)\W*$",
    re.IGNORECASE,
)
# Who asks why, who, or what somebody says of it knows how it came out, or wants something else.
_ASKS_ELSE = lazy(
    r"\b(?:say|says|said|tell|told|think|thought|want|wanted|react\w*|comment\w*|describe\w*|call(?:ed)?\s+(?!off)|why|how\s+come|"
    r"how\s+(?:many|much|long)|whose|who(?!\s+won)|where|which(?!\s+way)|predict\w*|expect\w*|next|will|would|could|should|can|if)\b",
    re.IGNORECASE,
)
_DECIDED = r"\b(?:deal|agreement|contract|pact|accord|settlement|offer|proposal|package|terms)\b"
_STRIKE = r"\b(?:strikes?|walkout|stoppage|striking)\b"
_ABOUT: tuple[tuple[Matter, Callable[[], re.Pattern[str]]], ...] = tuple(
    (matter, lazy(form, re.IGNORECASE))
    for matter, form in (
        (
            Matter.VOTE,
            r"\bratif\w+|\b(?:vote|votes|ballot)\b(?!\s+to\s+(?:strike|walk))"
            rf"|\b(?:approv|accept|reject|endors|back|spurn|refus|turn|vot)\w*\b.*{_DECIDED}"
            rf"|{_DECIDED}.*\b(?:approv|accept|reject|endors|vot|pass)\w*|{_DECIDED}.*\bturned\s+down\b",
        ),
        (
            Matter.STRIKE_VOTE,
            r"\bauthori[sz]\w*|\bstrike\s+(?:vote|ballot|mandate)|\b(?:the|a|their|['’]s|s['’])\s+(?:vote|ballot)\b"
            r"|\b(?:vot|approv|back|ballot|reject)\w*\b.*\b(?:strik|walk)\w*",
        ),
        (Matter.TALKS, r"\b(?:talks|talking|negotiations?|negotiating|bargaining|discussions|table)\b"),
        (
            Matter.DEAL,
            rf"\b(?:reach|reached|get|got|make|made|strike|struck|have|has|clinch|sign|signed|come\s+to|there|any|no)\b.*{_DECIDED}"
            rf"|{_DECIDED}.*\b(?:reached|struck|signed|clinched)\b|\b(?:agree|settle)d?\b|\b(?:talks|negotiations|bargaining)\b",
        ),
        (
            Matter.STRIKE,
            rf"{_STRIKE}.*\b(?:over|end|ended|finish\w*|off|on|ongoing|continu\w*|happened|status|done|settled)\b"
            rf"|\b(?:still|end|ended|over|happened|status|came|called\s+off|call\s+off)\b.*{_STRIKE}",
        ),
        (
            Matter.WALKOUT,
            r"\bwalk(?:ed|ing)?\s+(?:out|off)\b|\b(?:go|went|gone|going)\s+(?:out\s+)?on\s+strike|\bavert\w*"
            r"|\bdid\b.*(?<!\ba\s)(?<!\ban\s)(?<!\bthe\s)(?<!\btheir\s)\bstrike(?:\W*$|\s+(?:in|on|over|last|this)\b)"
            r"|\bstrike\s+(?:happen|begin|start|go\s+ahead)",
        ),
        (Matter.RULING, r"\b(?:rul(?:e|ed|ing)|court|judge|arbitrator|tribunal|labou?r\s+board|verdict|sided?)\b"),
    )
)

# Words that don't tell one dispute from another: what is decided and done, to what, by members in general, when, and the rest.
_PLAIN_WORDS = (
    "ratify ratification approve approval accept acceptance reject rejection endorse back okay turn down vote voter "
    "ballot refuse rebuff spurn defeat decline fail pass succeed lose win carry authorize authorise authorization mandate "
    "resume restart reopen reconvene return break broke broken collapse fall apart suspend abandon cut call reach get "
    "make clinch sign secure hammer agree settle conclude close end lift halt finish continue remain avert avoid head "
    "stave prevent begin start launch hold rule ruling side find favor favour decision result outcome status news latest "
    "happen go come become",
    "strike walkout stoppage walk struck picket line tools job work deal agreement contract contracts pact accord "
    "settlement package terms offer proposal talks talk negotiation negotiate bargaining bargain discussion table pay "
    "wage court judge case",
    "union guild member membership worker employee staff striker rank file leader leadership board council committee "
    "executive negotiator team delegate body two both party group local branch labor labour employer management company",
    "tentative new proposed final best landmark joint collective interim three-year four-year five-year two-year one-year "
    "last one two three four five all no not any most majority overwhelming narrow near unanimous large wide percent per "
    "cent margin",
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december day week month year hour today yesterday weekend early late evening night morning "
    "afternoon time now",
    "it its they them their the a an of to in at on off out up over with without from by between and or through against "
    "for as about that this these those there be is are am have do did has had was were been could say said tell announce "
    "so just already ever again still ongoing actually really officially finally yes what how who why yet then also "
    "something anything i we you he she my our your know whether if tell please",
)
GENERIC = frozenset(plain_terms(" ".join(_PLAIN_WORDS)))


def asked_about(read: EventQuestion) -> tuple[Wanted, ...]:
    """Whom and what a question names that tells its event from others, in its order."""
    return tuple(one for one in read.wanted if not one.own <= GENERIC)


def matters_asked(read: EventQuestion) -> frozenset[Matter]:
    """What a question asks the outcome of; empty for one that asks for none. Costs about 20 µs."""
    text = _POLITE().sub("whether", read.text)
    if read.asked not in (EventFacet.OTHER, EventFacet.WHEN):
        return frozenset()
    if read.asked is EventFacet.OTHER and (_ASKS_ELSE().search(text) or not _ASKS().search(text)):
        return frozenset()
    return frozenset(matter for matter, form in _ABOUT if form().search(text))
