"""The kinds of thing that a question asks for, by its words, and by what a sentence shows that it holds one of each.

“Who leads the guild” wants a name beside a word for a leader. What else an answer must hold is read by `demands`.
"""

import re
from enum import StrEnum

from corpus.day_words import FULL_WEEKDAY, PRINTED_MONTH
from corpus.number_words import CARDINALS

COUNT_WORDS = "|".join((*CARDINALS, "dozen", "thousand", "million", "billion", "half", "third", "quarter"))
_COUNT = rf"(?:(?<![\d.,])\d[\d,.]*|(?:{COUNT_WORDS})s?)"
_UNIT = r"(?:second|minute|hour|day|week|month|year)s?"
# Counts a time, and nothing else: “in the four years since”, not “a hundred days’ pay”.
A_TIME = re.compile(rf"\b{_COUNT}[- ]{_UNIT}\b(?![’'])", re.IGNORECASE)
# What has names, where several are asked for.
_NAMED = (
    "companies|shows|movies|films|games|streamers|outlets|ceos|stars|celebrities|showrunners|hosts|names|states|cities|"
    "countries"
)
# Who is asked for with “which” or “what”; not “which writer strike”.
_SOMEONE = (
    r"(?:republican|democrat|senator|congress(?:man|woman)|lawmaker|politician|governor|mayor|minister|secretary|president|ceo|"
    r"chief|boss|leader|actor|actress|writer|director|producer|showrunner|host|comedian|author|novelist|celebrity|analyst|"
    r"professor|economist|expert|judge|mediator|negotiator|spokes(?:man|woman|person)|official|exec(?:utive)?|commentator|"
    r"lawyer|reporter|journalist|organi[sz]er)"
)
_OF_THEIRS = r"(?:strike|guild|union|contract|deal|agreement|talks|walkout|dispute|vote|pay|board|chair|producer)s?"
# What leaders are called.
_ROLES = (
    r"(?:vice[- ])?presidents?|general[- ]secretary|secretary[- ](?:general|treasurer)|chair(?:man|woman|person)?|leaders?|"
    r"heads?|boss(?:es)?|chief|director|ceo"
)


class AnswerKind(StrEnum):
    """What a question asks for, where its words tell."""

    AGE = "age"
    TIME_OF_DAY = "time of day"
    WHEN = "when"
    HOW_LONG = "how long"
    TURNOUT = "turnout"
    PERCENT = "percent"
    MONEY = "money"
    HOW_MANY = "how many"
    LEADER = "who leads"
    WHO = "who"
    WHICH = "which"
    WHERE = "where"
    WHY = "why"
    WANT = "want"
    FULL_NAME = "full name"


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(patterns), flags)


# “Ratification date”, “what's the new date of it”; not “to date”.
DATE_ASKED = (
    r"(?<!\bto )(?<!\bof )\bdates?\W*$|"
    r"\b(?:what|which)(?:['’]?s| is| was| were| are)? (?:the )?(?:[\w’'-]+ ){0,3}(?<!\bto )dates?\b|"
    r"\b(?:new|original|revised|rescheduled) (?:[\w’']+ )?date\b"
)
# What a question asks for, by its words; the first that fits counts.
_ASKS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (AnswerKind.AGE, _any(r"\bhow old\b", r"\b(?:what|whats|what's) (?:is |was )?(?:the |his |her |their )?age\b")),
    (
        AnswerKind.HOW_LONG,
        _any(
            r"\bhow (?:long|late|far into)\b",
            r"\bhow (?:many|much) (?:more )?(?:days|weeks|months|years|yrs|hours|time)\b",
            r"\bhow much (?:advance )?(?:notice|warning)\b",
            r"\blength\b",
        ),
    ),
    (AnswerKind.TURNOUT, _any(r"\bturnout\b", r"\bhow many (?:\w+ ){0,4}(?:took part|turned out|cast)\b")),
    (
        AnswerKind.HOW_MANY,
        _any(
            r"\bhow (?:big|large) (?:is|are|was|were) (?:the )?(?:[\w’'-]+ ){0,3}(?:guild|union|membership|alliance|local)\b"
        ),
    ),
    (
        AnswerKind.PERCENT,
        _any(
            r"%",
            r"\bper ?cent(?:age)?\b",
            r"\b(?:what|which)(?: an?)? (?:pay |wage |salary )?(?:raise|rise|increase|hike|bump)s?\b",
            r"\b(?:what|which) (?:share|margin|fraction|proportion)\b",
            r"\bhow much (?:worse|better|higher|lower|bigger|smaller|greater|fewer)\b",
            r"\bby (?:what margin|how much)\b",
            r"\bhow big\b(?! (?:of )?an? (?:deal|thing|issue|problem)\b)",
        ),
    ),
    (AnswerKind.MONEY, _any(r"\bhow much\b", r"\bhow expensive\b", r"\bworth\b")),
    (
        AnswerKind.HOW_MANY,
        _any(
            r"\bhow (?:many|large)\b",
            r"\bwhat number\b",
            r"\bvote count\b",
            r"\bwhat was the (?:count|split|tally|score)\b",
        ),
    ),
    (
        AnswerKind.TIME_OF_DAY,
        _any(r"\b(?:what|which)(?: exact| specific)? time\b(?! (?:frame|zone|slot|of (?:the )?(?:year|month)))"),
    ),
    (
        AnswerKind.WHEN,
        _any(
            r"^\W*(?!what happen)(?:[\w’']+\W+){0,3}w[eh]{1,2}n(?:s|’s|'s)?\b",
            r"\bwhen\W*$",
            r"[,;:–-]\s*when\b",
            r"\bwhen(?:['’]?s| (?:was|were|is|are|did|do|does|will|would|can|could|should|has|have|had))\b",
            r"\b(?:what|which) (?:day|date|night|evening|morning|afternoon|year|month|week|weekend|weekday)s?\b",
            r"\b(?:what|which) (?:summer|winter|autumn|fall|spring|quarter|decade)\b",
            r"\bdeadline\b",
            r"^\W*date\b",
            DATE_ASKED,
        ),
    ),
    (
        AnswerKind.LEADER,
        _any(
            r"\bwho(?:['’]?s)?(?: currently| now)? (?:leads|heads|chairs|runs|led|headed|chaired)\b"
            r"(?! (?:to|for|in|off|away|up|by)\b| the (?:walkout|march|strike|way|rally|pickets?)\b)",
            rf"\bwho(?:['’]?s| is| was) (?:the |their |its |currently |now )*(?:[\w’'&.-]+ ){{0,4}}?(?:{_ROLES})\b(?! \w+ing\b)",
        ),
    ),
    (
        AnswerKind.WHO,
        _any(
            r"\bwho(?:se|m|s|['’]s)?\b",
            r"\bwhich (?:people|person)\b",
            r"\b(?:which|what) (?:(?!(?:is|was|are|were|do|does|did|has|have|had|will|would|the|an?)\b)[\w’'-]+ ){0,2}?"
            rf"{_SOMEONE}\b(?!['’]| {_OF_THEIRS}\b)",
            r"^\W*(?:the |current )*(?:ceo|president|head|boss|leader|chair|chief|director|host|mayor|governor) of\b",
        ),
    ),
    (
        AnswerKind.WHICH,
        _any(
            r"\bwhich (?:[\w’'-]+ ){0,3}?[a-z]{2,}[^s\W]s\b",
            rf"\bwhat (?:(?!is|was|are|were|do|does|did|the\b)[\w’'-]+ ){{0,2}}?(?:{_NAMED})\b",
        ),
    ),
    (
        AnswerKind.WANT,
        _any(
            r"\bwhat(?:['’]?s| is| was| are| were)\b.{1,50} (?:strikes?|striking|walkout|dispute|picketing|walking out)"
            r" (?:all )?(?:about|over|for)\W*$",
            r"\b(?:main|key|big|biggest|core|sticking) (?:\w+ )?(?:issues?|points?|concerns?|complaints?|grievances?)\b",
            r"\b(?:issues|grievances|sticking points?) (?:of|in|for|behind|between|at)\b",
            r"\bhold[- ]?up\b",
        ),
    ),
    (AnswerKind.WHERE, _any(r"\bwhere\b", r"\b(?:what|which) (?:city|place|town|hotel)\b")),
    (
        AnswerKind.WHY,
        _any(r"\bwhy\b", r"\bhow come\b", r"\bwhat (?:for|was the reason|made|makes|led)\b", r"\breason\b"),
    ),
    (
        AnswerKind.WANT,
        _any(
            r"\bwhat(?:['’]?s)? (?:do|does|did|are|is|was|were|have|has|had)?\b(?:(?!\b(?:say|said|tell|told|think)\b).){0,60}?"
            r"\b(?:want|seek|demand|ask\w* for|bargain\w* for|fight\w* (?:for|over)|(?:mad|angry|upset) about)",
            r"\bdemands\b",
        ),
    ),
)
_NAME = r"(?<![\w’'.&-])[“\"‘']?[A-Z][\w’'.&-]+(?: (?:of |the )?[A-Z][\w’'.&-]+)*(?:['’]s|[”\"’'])?"
# What is called so is nobody: “Hollywood Teamsters”, “Tony Awards”, “New York”.
NOBODY = re.compile(
    r"(?<![\w’'.-])(?:[A-Z][\w’'.-]+ (?:of (?:the )?|and )?)*\b(?:Guilds?|Unions?|Alliance|Association|Federation|Academy|"
    r"Awards?|Teamsters|Studios?|Pictures|Bros|Networks?|Times|Agreements?|Contracts?|Show|Local|Brotherhood|University|Group|Company|"
    r"Entertainment|Television|Films?|House|Senate|Angeles|York|States|City|County|Hollywood|Act|Today|News|Week|Emmys?)\b"
    r"(?: (?:of (?:the )?|and )?[A-Z][\w’'.-]+)*"
)
# What a sentence has that answers such a question; dates and names are told by their capitals.
HOLDS: dict[AnswerKind, re.Pattern[str]] = {
    AnswerKind.AGE: _any(rf"\b{_COUNT}(?:-| )years?(?:-| )old\b", r"\bage[ds]?(?: of)? \d", r", \d{2},", r"\bborn\b"),
    AnswerKind.HOW_LONG: _any(
        rf"\b{_COUNT}(?:st|nd|rd|th)?(?:-| |-\w+ | \w+ )?{_UNIT}\b",
        r"\b(?:for|take|takes|took) (?:days|weeks|months|years|decades)\b",
    ),
    AnswerKind.TURNOUT: _any(
        r"\bturnout\b", r"\btook part\b", r"\bparticipat", r"\bcast\b", r"\bballots\b", r"\b(?:eligible|entitled)\b"
    ),
    AnswerKind.PERCENT: _any(r"\d\s?%", r"\bper ?cent\b", rf"\b{_COUNT} to {_COUNT}\b"),
    AnswerKind.MONEY: _any(r"[$£€]\s?\d", r"\d\s?%", r"\bper ?cent\b", r"\b(?:million|billion) dollars\b"),
    AnswerKind.HOW_MANY: _any(rf"\b{_COUNT}\b"),
    AnswerKind.TIME_OF_DAY: _any(
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b", r"\b(?:noon|midnight|midday|o['’]clock)\b", r"\b\d{1,2}:\d\d\b"
    ),
    AnswerKind.WHEN: _any(
        rf"\b{PRINTED_MONTH}(?=[\s,.]|$)",
        rf"\b{FULL_WEEKDAY}s?\b",
        r"\b(?:yesterday|today|tonight|tomorrow|midnight|noon|weekend)\b",
        r"\b(?:18|19|20)\d\d\b",
        r"\b(?:last|next|this|past) (?:week|month|year)\b",
        r"\b(?:last|next|this|past|over|during|in)(?: the)? (?:spring|summer|fall|autumn|winter)\b",
        rf"\b{_COUNT} (?:day|week|month|year)s? (?:ago|later|earlier|after|before)\b",
        r"\ba (?:day|week|month|year) (?:ago|later|earlier)\b",
        flags=re.NOFLAG,
    ),
    AnswerKind.WHO: _any(
        r"(?<=\S )[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+)+", r"^[A-Z][a-z’'-]+ [A-Z][a-z’'-]+\b", flags=re.NOFLAG
    ),
    AnswerKind.LEADER: re.compile(
        rf"^(?=.*\b(?i:{_ROLES}|leads|led by|heads|headed)\b)(?=.*(?:\S [A-Z][\w’'-]+ |^[A-Z][a-z’'-]+ )[A-Z][\w’'.-]+)",
        re.DOTALL,
    ),
    AnswerKind.WHICH: _any(
        rf"{_NAME},? (?:and|or|&) (?:the )?{_NAME}", rf"{_NAME}[,;] (?:the )?{_NAME}", flags=re.NOFLAG
    ),
    AnswerKind.WHERE: _any(
        r"\b(?:in|at|near|outside|from|to) (?:the |a )?[A-Z][\w’'-]+",
        r"\bhotel\b",
        r"\bheadquarters\b",
        r"\bZoom\b",
        flags=re.NOFLAG,
    ),
    AnswerKind.WHY: _any(
        r"\b(?:because|since|due to|so that|in order|after|amid|over|as|reason|cited|citing|objection|issue|demand|want|seek|"
        r"to protest|led to|for fear|would)\w*\b"
    ),
    AnswerKind.WANT: _any(
        r"\b(?:want|seek|sought|demand|insist|propos|at odds|dispute|object|issue|concern|grievance|sticking|priorit)\w*",
        r"\b(?:look|ask|push|call|press|bargain|fight)\w* for\b",
    ),
}
# What answers such a question roughly.
ROUGHER = {
    AnswerKind.LEADER: AnswerKind.WHO,
    AnswerKind.PERCENT: AnswerKind.HOW_MANY,
    AnswerKind.MONEY: AnswerKind.HOW_MANY,
    AnswerKind.TIME_OF_DAY: AnswerKind.WHEN,
}


def kind_asked(question: str) -> AnswerKind | None:
    """The kind of thing asked for; None where no words tell."""
    return next((kind for kind, asks in _ASKS if asks.search(question)), None)
