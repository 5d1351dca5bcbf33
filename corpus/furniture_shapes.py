"""Tells whether one line has a shape that furniture has: a link behind a label, a caption, a dated by-line.

Which shapes are furniture, under which name and why, is left to `corpus.furniture_rules`; which lines are asked
about, to `corpus.furniture`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from corpus.abbreviations import ABBREVIATIONS
from corpus.bylines import find_bylines
from corpus.day_words import FULL_WEEKDAY, parse_day

# The longest furniture in a thousand news articles is a newsletter form of 700 characters. The bound keeps
# rules linear.
LONGEST = 900


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of furniture: its name, how a line is known, and why such lines are there.

    `most` bounds the words of a line, so that a rule for labels can't take a paragraph.
    """

    name: str
    test: Callable[[str], object]
    most: int
    why: str

    def knows(self, line: str) -> bool:
        return len(line) <= LONGEST and line.count(" ") < self.most and bool(self.test(line))


def is_all(pattern: str) -> Callable[[str], object]:
    """The whole line, whatever its case."""
    return re.compile(pattern, re.IGNORECASE).fullmatch


def starts(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE).match


def shaped(pattern: str) -> Callable[[str], object]:
    """The whole line, its capitals included."""
    return re.compile(pattern).fullmatch


def is_label(pattern: str) -> Callable[[str], object]:
    """The whole line, whatever its case, where it is no sentence."""
    known = is_all(pattern)
    return lambda line: known(line) and not is_sentence(line)


def unreported(test: Callable[[str], object]) -> Callable[[str], object]:
    """The same test, but no sentence that tells what somebody said."""
    return lambda line: test(line) and not _is_report(line)


def one_sentence(test: Callable[[str], object]) -> Callable[[str], object]:
    """The same test, but nothing that goes on with another sentence."""
    return lambda line: test(line) and len(sentences(line)) == 1


def is_appeal(pattern: str) -> Callable[[str], object]:
    """A first sentence that begins so; those after it begin so too, or speak to the reader."""
    known = starts(pattern)

    def test(line: str) -> bool:
        first, *others = sentences(line)
        return bool(known(first)) and all(known(each) or _ADDRESSES.match(each) for each in others)

    return unreported(test)


# --- what shapes are made of ------------------------------------------------------------------------------

ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_NAME_WORD = r"(?:[A-ZÀ-Þ][\w’'-]*\.?|d[aeu]|de la|v[ao]n(?: de[rn])?|al|bin|Jr\.|Sr\.|I{2,3})"
NAME = rf"[A-ZÀ-Þ][\w’'.-]*(?: {_NAME_WORD}){{1,3}}"
NAMES = rf"{NAME}(?:(?:, and |, | and | & ){NAME})*"
AGENCY = (
    r"(?:Getty(?: Images)?(?: [A-Z]\w+)?|AP(?: Images| Photo)?|AFP|Reuters|Invision|EPA(?:-EFE)?|"
    r"Shutterstock|Alamy|"
    r"PA(?: Wire| Images| Media)?|WireImage|FilmMagic|AAP(?: Image)?|NurPhoto|Bloomberg|UPI|"
    r"ZUMA(?: Press)?|Xinhua|Rex|"
    r"Splash|LightRocket|Anadolu(?: Agency)?|USA TODAY(?: NETWORK| Sports)?|Imagn|Redux|Corbis|"
    r"Sipa(?: USA)?|DPA|ANSA)"
)
_NEWSROOM = (
    r"(?:(?:The )?Associated Press|USA TODAY(?: NETWORK| Sports)?|AP|AFP|Reuters|CNN(?: Business)?|"
    r"BBC(?: News)?|UPI|PA Media|Press Association|Bloomberg)"
)
OUTLET = (
    rf"(?:{_NEWSROOM}|Special to [A-Z][\w’' ]+|"
    r"(?:Staff|Senior|Chief|Contributing|Entertainment|Business|Labor|Labour|News) "
    r"(?:(?:Staff|Senior|News) )?(?:Writer|Reporter|Editor|Correspondent|Critic))"
)
_PAPERS = (
    "Times|Post|News|Herald|Tribune|Gazette|Journal|Press|Star|Sun|Chronicle|Observer|Register|Courier|Dispatch|"
    "Record|Network|Echo|Mail|Globe|Republic|Today|TODAY|Magazine|Ledger|Guardian|Telegraph|Inquirer"
)
PAPER = rf"(?:The )?(?:[A-Z][\w’'-]* ){{1,4}}(?:{_PAPERS})"
PUBLISHER = rf"(?:[Tt]he )?(?:{_NEWSROOM}|{PAPER})"
SHOUTED_PAPER = rf"(?:THE )?(?:[A-Z][A-Z’'-]* ){{0,4}}(?:{_PAPERS.upper()}|AP|CNN|BBC|REUTERS|ASSOCIATED PRESS)"
SITES = r"(?:Facebook|Twitter|X|Instagram|LinkedIn|WhatsApp|Reddit|Pinterest|Tumblr|Telegram|Threads|TikTok|YouTube|Flipboard)"
_SPOKEN = re.compile(r"\b(?:said|says|told|asked|wrote)\b", re.IGNORECASE)
_REPORTED = re.compile(rf"{_SPOKEN.pattern}|\breads?\b", re.IGNORECASE)
# A list of a page keeps its marks: what it holds are points of the article, not links between paragraphs.
LIST_MARKS = ("-", "–", "•", "*", "·")


# Between a sentence's end and the next one's first letter; there a shortened word's full stop may stand as well.
_BORDER = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)\]])) (?=[\"'“‘(\[©$£€]?[A-ZÀ-Þ\d©])")
SHORTENED = rf"\b(?:[A-Z]|{'|'.join(ABBREVIATIONS)})\."
_SHORTENED = re.compile(rf"{SHORTENED}$")
_ADDRESSES = re.compile(
    r"(?:[^\"“”]*\b(?:you|your|our|us|we)\b|(?:sign up|subscribe|join|follow|click|get|explore|support|visit|read|learn|"
    r"please)\b)[^\"“”]*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)  # some ten rules ask about each line, one after the other
def sentence_borders(line: str) -> tuple[int, ...]:
    """Where the spaces between two sentences of the line are."""
    ends = (match.start() for match in _BORDER.finditer(line))
    return tuple(end for end in ends if not _SHORTENED.search(line, max(0, end - 8), end))


def sentences(line: str) -> list[str]:
    starting = 0
    found: list[str] = []
    for end in (*sentence_borders(line), len(line)):
        found.append(line[starting:end])
        starting = end + 1
    return found


def is_sentence(line: str) -> bool:
    return line.count(" ") >= 4 and bool(ENDS_SENTENCE.search(line))


# No link's headline ends so; initials and shortened words do.
_STATEMENT_END = re.compile(
    r"(?:(?<=[a-z]{2})|(?<=[\d)%]))[.!][\"'”’)\]]*(?![\w.,;:/-]|$)|(?<=[a-z]{2})\.(?=[A-Z][a-z])"
)


def holds_statement(line: str) -> bool:
    """Whether a sentence that states something ends before the line does, as in no link and no list of names."""
    ends = (match.start() + 1 for match in _STATEMENT_END.finditer(line))
    return any(not _SHORTENED.search(line, max(0, end - 8), end) for end in ends)


def unstated(test: Callable[[str], object]) -> Callable[[str], object]:
    """The same test, but no line in which a statement ends."""
    return lambda line: test(line) and not holds_statement(line)


def _is_report(line: str) -> bool:
    return is_sentence(line) and bool(_SPOKEN.search(line))


# --- appeals to subscribe ---------------------------------------------------------------------------------

_SIGN_UP = re.compile(
    r"\b(?:sign(?:ing)? up|subscri(?:be|bing)|subscription|newsletter|inbox|subscriber)\b", re.IGNORECASE
)
_TO_THE_READER = re.compile(
    r"\b(?:you|your|our|us|we|sign up|subscribe|join|follow|click|get|explore|escape|support|delivered|"
    r"newsletter|inbox)\b",
    re.IGNORECASE,
)
_SIGN_UP_START = re.compile(
    r"[\W_]*(?:sign up|subscribe|click here|join our|get|want more\?|enjoying|for more [\w ]+, sign up|"
    r"support (?:strong |our )?(?:local )?journalism|thank you for supporting our journalism|"
    r"you can (?:also )?(?:sign up|subscribe)|if you(?:r day|['’]d like| want| enjoy)|never miss|"
    r"would you like|what['’]s everyone talking about|let the news|the news comes|"
    r"stay (?:informed|connected|up to date))\b",
    re.IGNORECASE,
)
# “Sign up for our newsletter The crews walked out”: a button, and the article's words.
_GOES_ON = re.compile(r"\bnewsletters? [A-ZÀ-Þ][a-z’']* [a-z]")
_OFFER = re.compile(r"\b(?:newsletters?|inbox(?:es)?|alerts|journalism|subscriber|sign up here)\b", re.IGNORECASE)
# "Subscribe today" is furniture, "You can sign up here" may be advice: the weak words count after a bare
# order.
_ORDER = re.compile(
    r"(?:sign up|subscribe|click here|join our)\b.*\b(?:today|now|here|free|access|subscribe)\b", re.IGNORECASE
)


def asks_to_sign_up(line: str) -> bool:
    """Asks the reader to subscribe, and every sentence of the line speaks to the reader."""
    if not (_SIGN_UP_START.match(line) and _SIGN_UP.search(line)) or line[0] in "“\"‘'":
        return False
    if _REPORTED.search(line) or _GOES_ON.search(line) or not (_OFFER.search(line) or _ORDER.match(line)):
        return False
    return all(_TO_THE_READER.search(part) for part in re.split(r"(?<=[.?!])\s+(?=[A-Z])", line))


# --- links to other articles ------------------------------------------------------------------------------

_LONG_LABEL = (
    r"(?:more on [\w’' -]{2,30}|read(?: more(?: about)?| next| also| this)|also read|related (?:stor(?:y|ies)|"
    r"articles?)|see also|see more|"
    r"watch more|you (?:may|might)(?: also)? like|don['’]t miss|never miss a moment)"
)
_SHORT_LABEL = r"(?:more|read|related|watch)"
_LABELLED = re.compile(
    rf"[^\w“\"‘]*(?:{_LONG_LABEL}|{_SHORT_LABEL})(?::\S|(?:: | ?\| ?).*[^.”\"]$)",
    re.IGNORECASE,
)
_GLUED_COLON = re.compile(r"([^.:]{3,80}):(?=[A-Z'‘])\S+(?: \S+){2,}")
# Of one-word labels these are a paper's; others ("Wages", "Date") are an article's own.
_LINK_LABEL = re.compile(r"explainer|analysis|opinion|exclusive|editorial|podcast|recap|quiz", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:said|says|told|asked|asks|added|adds|wrote|writes|reads?|replied|statement)$", re.IGNORECASE)
_GLUED_WORDS = re.compile(r"(?<![\w#@/.])[a-z]{3,}[A-Z][a-z]+")
_GLUED_QUESTION = re.compile(r"[a-z]\?[A-Z]")


def is_labelled_link(line: str) -> bool:
    """ "More:Night buses to stop", "ALSO READ | What the buses cost": a label and the headline it links to."""
    return bool(_LABELLED.match(line)) and not _is_report(line) and not holds_statement(line)


def is_link_after_colon(line: str) -> bool:
    """A label run into the headline it links to: "Autumn schedule:What is on" (no space after the colon)."""
    match = _GLUED_COLON.fullmatch(line.lstrip("►▶ "))
    if not match or line.startswith(LIST_MARKS) or _SAYS.search(match[1]) or holds_statement(line):
        return False
    if " " not in match[1] and not _LINK_LABEL.fullmatch(match[1]):
        return False
    return not ENDS_SENTENCE.search(line) or (line.endswith("?") and " " in match[1])


def is_glued_link(line: str) -> bool:
    """The same without a colon: "Strike updateWhy the crews walked out"."""
    if ENDS_SENTENCE.search(line) or line.count(" ") < 4 or line.startswith(("“", '"', *LIST_MARKS)):
        return False
    return bool(_GLUED_WORDS.search(line) or _GLUED_QUESTION.search(line)) and not holds_statement(line)


# --- captions ---------------------------------------------------------------------------------------------

_CREDIT = re.compile(
    rf"(?:[/|] ?{AGENCY}|(?<![\w’'-])[A-Z][\w’'-]* via {AGENCY}|[.!?”(] ?{NAMES} for {AGENCY}|"
    rf"\((?:(?:Image|Photo|Picture|Photograph) (?:credit|by)|Credit|AP Photo|{AGENCY}(?=[)/|:,]| via |$))\b:?"
    r"[^()]{0,80})\)?$"
)
_NEWSPAPER_CREDIT = re.compile(rf"\([^()/]{{2,60}}/ ?(?:{PUBLISHER}|[Ff]or [Tt]he [A-Z][\w’' ]{{2,40}})\)$")
_CREDIT_SENTENCE = re.compile(
    rf"[.!?][”\"]? (?:Photo|Photograph|Picture|Image)s?(?: by|:) (?:{NAMES}|{AGENCY})"
    rf"(?:(?: ?/ ?| for | via |, )(?:{PUBLISHER}|{AGENCY}))?\.?$"
)
# Captions tell in the present what is seen. A word too many here keeps a caption, one too few loses a lead.
_TOLD = re.compile(
    r"\b(?:[a-z]{2,}ed|was|were|had|has|have|did|will|would|went|came|began|took|met|held|won|lost|left|led|made|ran|"
    r"rose|struck|quit|fell|broke|gave|got|saw|stood|sat|spoke|sang|shut|kept|put|cut|hit|set|says?|said|told)\b"
)
_SEEN = re.compile(
    r"\b(?:march(?:es)?|pickets?|rall(?:y|ies)|walks?|stands?|holds?|carry|carries|waves?|chants?|gathers?|cheers?|"
    r"demonstrates?|protests?|listens?|speaks?|sits?|poses?|looks?|leads?|joins?|attends?|arrives?)\b"
)
_WEEKDAY = re.compile(rf"\b{FULL_WEEKDAY}\b")


def ends_in_credit(line: str) -> bool:
    """A caption that ends with its photographer and agency, and tells nothing of what happened before it."""
    if line[-1] in '.?!”"’' or _SPOKEN.search(line) or not (credit := _CREDIT.search(line)):
        return False
    told = sentences(line[: credit.start() + (line[credit.start()] in ".?!”")].rstrip())
    if ENDS_SENTENCE.search(told[-1]) and _TOLD.search(told[-1]) and not _SEEN.search(told[-1]):
        return False
    return line.startswith("FILE") or not any(_TOLD.search(each) for each in told[:-1])


def is_caption(line: str) -> bool:
    if ends_in_credit(line):
        return True
    if _SPOKEN.search(line):
        return False
    if credit := _NEWSPAPER_CREDIT.search(line):
        return not _TOLD.search(line, 0, credit.start())
    credit = _CREDIT_SENTENCE.search(line)
    return credit is not None and _is_seen(line[: credit.start() + 1])


def is_above_credit(line: str) -> bool:
    """One sentence that tells what a picture shows on a day; only the credit under it makes it a caption."""
    short = line.count(" ") < 40 and ENDS_SENTENCE.search(line) and not re.search(r"[.!?] [A-Z]", line)
    return bool(short and line[0] not in "“\"‘'" and _WEEKDAY.search(line) and _is_seen(line))


def _is_seen(words: str) -> bool:
    return bool(_SEEN.search(words)) and not _TOLD.search(words)


# --- who owns the page ------------------------------------------------------------------------------------

# A contract's clause may begin with “(c)” too.
_NOTICE = re.compile(
    r"©|[(\[]?copyright (?:©|\(c\)|\d{4})"
    r"|\(c\) ?(?:copyright (?:©|\d{4}|by )|\d{4}(?:[-–]\d{4})?(?-i:,? (?:by )?(?:the )?[A-Z]|$))",
    re.IGNORECASE,
)
# A company's full stop, where a name or another sentence may follow.
COMPANY_NOTICE = re.compile(
    r"(?:©|[Cc]opyright (?:©|\([Cc]\)|\d{4}))[^.!?]{0,80}?\b(?:Inc|Co|Corp|Ltd)\.(?: (?:Inc|Ltd)\.)?(?= [\"“A-ZÀ-Þ])"
)
_TERMS = re.compile(
    r"all rights reserved|this (?:material|content|article|story|site) (?:may not|is protected)|no part of this\b|"
    r"use of this (?:site|website)\b|visit \S+\.(?:com|org|net)\b|distributed by\b|(?:reprinted|used) (?:with|by) permission|"
    r".*\btrademarks?\b|an? .{2,60}\b(?:company|division|subsidiary|property|publication)\b",
    re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"(?<![\w’'.-])(?!(?:and|by|of|the|for|in|to|all|rights|reserved)\b)[a-z]{2,}(?![\w.])")


def is_copyright(line: str) -> bool:
    """A notice of who owns the page, with its terms; no sentence about a copyright, and none of the article's after it."""
    notice, *others = sentences(line)
    if ended := COMPANY_NOTICE.match(notice):
        notice, others = ended.group(), [notice[ended.end() + 1 :], *others]
    is_told = ENDS_SENTENCE.search(notice) or holds_statement(notice)
    if not _NOTICE.match(notice) or (is_told and len(_SMALL_WORD.findall(notice)) > 2):
        return False
    return all(_TERMS.match(each) for each in others)


# --- who wrote it, and when -------------------------------------------------------------------------------

_STAMP = re.compile(r"\b(?:by|published|posted|filed|updated?|modified)\b", re.IGNORECASE)
_ZONE = re.compile(r"\b(?:[ECMP][SD]?T|GMT|UTC|BST|IST|AE[SD]T)\b")
_EDITOR = re.compile(r"(?:editor|the|this)\b", re.IGNORECASE)


def is_stamp(line: str) -> bool:
    """A by-line or a label with the day that `corpus.bylines` reads in it; no sentence of the editor's."""
    if not _STAMP.search(line) or _EDITOR.match(line) or (is_sentence(line) and not line.endswith(".m.")):
        return False
    return next(find_bylines(line), None) is not None


def is_day(line: str) -> bool:
    """A day and nothing else but its hour. The only one of a text is the article's; a timeline has many."""
    return len(line) <= 60 and parse_day(line) is not None


def has_zone(line: str) -> bool:
    """Whether a day's hour is told as papers do; a leaflet's meeting has none."""
    return _ZONE.search(line) is not None


_CONTACT_DETAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}|\(?\d{3}\)?[ -]\d{3}-\d{4}")
_CONTACT_START = re.compile(
    rf"(?:(?:Contact|Reach|Follow|Email|Call)(?: [\w’' ]{{0,40}}?(?:reporters?|columnist|editor|"
    rf"correspondent|writer))?"
    rf"(?: {NAMES} ?\(|(?: {NAMES}| him| her| them| us|,)? ?(?:at|on|:|@))|{NAME}[^.]{{0,80}}\. (?:Reach|Contact|"
    rf"Email|Follow)\b|"
    rf"{NAME} (?:can be reached|is on Twitter)|Email:|Twitter:|[\w.+-]+@[\w.-]+\.\w+$)"
)
_APPEAL = re.compile(
    r"\b(?:police|department|sheriff|office|detectives?|hotline|union|officials?|funds?|donat\w+|volunteers?)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:to|for|if|with|before|between|by|until)\b")


def is_contact(line: str) -> bool:
    """Tells how to reach a reporter; an appeal of the police or a strike fund says otherwise, or what for."""
    details = list(_CONTACT_DETAIL.finditer(line)) if _CONTACT_START.match(line) else []
    return bool(details) and not _APPEAL.search(line) and not _PURPOSE.search(line, details[-1].end())
