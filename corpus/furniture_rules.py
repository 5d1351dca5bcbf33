"""Turn what is known of page furniture into a table of rules: a name, a test on one line, a bound, and why.

Only knowledge stands here. Which lines a rule is asked about, and in which order, is left to
`corpus.furniture`. A line that reads as a sentence is named by a rule only where the rule holds a fixed,
known phrase; where a line could be the article's, it is kept.

Regular expressions are written so that no two parts can share a stretch of text: they stay linear on
whatever a page holds, and no line over 900 characters is ever asked about.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

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


def _starts(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE).match


def shaped(pattern: str) -> Callable[[str], object]:
    """The whole line, its capitals included."""
    return re.compile(pattern).fullmatch


# --- what shapes are made of ------------------------------------------------------------------------------

ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_NAME_WORD = r"(?:[A-ZÀ-Þ][\w’'-]*\.?|d[aeu]|de la|v[ao]n(?: de[rn])?|al|bin|Jr\.|Sr\.|I{2,3})"
_NAME = rf"[A-ZÀ-Þ][\w’'.-]*(?: {_NAME_WORD}){{1,3}}"
NAMES = rf"{_NAME}(?:(?:, and |, | and | & ){_NAME})*"
_AGENCY = (
    r"(?:Getty(?: Images)?(?: [A-Z]\w+)?|AP(?: Images| Photo)?|AFP|Reuters|Invision|EPA(?:-EFE)?|"
    r"Shutterstock|Alamy|"
    r"PA(?: Wire| Images| Media)?|WireImage|FilmMagic|AAP(?: Image)?|NurPhoto|Bloomberg|UPI|"
    r"ZUMA(?: Press)?|Xinhua|Rex|"
    r"Splash|LightRocket|Anadolu(?: Agency)?|USA TODAY(?: NETWORK| Sports)?|Imagn|Redux|Corbis|"
    r"Sipa(?: USA)?|DPA|ANSA)"
)
OUTLET = (
    r"(?:(?:The )?Associated Press|USA TODAY(?: NETWORK| Sports)?|AP|AFP|Reuters|CNN(?: Business)?|"
    r"BBC(?: News)?|UPI|"
    r"PA Media|Press Association|Bloomberg|Special to [A-Z][\w’' ]+|"
    r"(?:Staff|Senior|Chief|Contributing|Entertainment|Business|Labor|Labour|News) "
    r"(?:(?:Staff|Senior|News) )?(?:Writer|Reporter|Editor|Correspondent|Critic))"
)
PAPER = (
    r"(?:The )?(?:[A-Z][\w’'-]* ){1,4}(?:Times|Post|News|Herald|Tribune|Gazette|Journal|Press|Star|Sun|"
    r"Chronicle|Observer|"
    r"Register|Courier|Dispatch|Record|Network|Echo|Mail|Globe|Republic|Today|TODAY|Magazine)"
)
SITES = r"(?:Facebook|Twitter|X|Instagram|LinkedIn|WhatsApp|Reddit|Pinterest|Tumblr|Telegram|Threads|TikTok|YouTube|Flipboard)"
_LONG_LABEL = (
    r"(?:more on [\w’' -]{2,30}|read(?: more| next| also| this)|also read|related (?:stor(?:y|ies)|"
    r"articles?)|see also|see more|"
    r"watch more|you (?:may|might)(?: also)? like|don['’]t miss|never miss a moment)"
)
_SHORT_LABEL = r"(?:more|read|related|watch)"
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
_OFFER = re.compile(r"\b(?:newsletters?|inbox(?:es)?|alerts|journalism|subscriber|sign up here)\b", re.IGNORECASE)
# "Subscribe today" is furniture, "You can sign up here" may be advice: the weak words count after a bare
# order.
_ORDER = re.compile(
    r"(?:sign up|subscribe|click here|join our)\b.*\b(?:today|now|here|free|access|subscribe)\b", re.IGNORECASE
)
_REPORTED = re.compile(r"\b(?:said|says|told|asked|reads?|wrote)\b", re.IGNORECASE)
_CONTACT_DETAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}|\(?\d{3}\)?[ -]\d{3}-\d{4}")
_GLUED_COLON = re.compile(r"([^.:]{3,80}):(?=[A-Z'‘])\S+(?: \S+){2,}")
_SAYS = re.compile(r"\b(?:said|says|told|asked|asks|added|adds|wrote|writes|reads?|replied|statement)$", re.IGNORECASE)
_GLUED_WORDS = re.compile(r"(?<![\w])[a-z]{3,}[A-Z][a-z]+")
_GLUED_QUESTION = re.compile(r"[a-z]\?[A-Z]")
_CREDIT = re.compile(
    rf"(?:[/|] ?{_AGENCY}|(?<![\w’'-])[A-Z][\w’'-]* (?:via|for) {_AGENCY}|"
    rf"\((?:(?:Image|Photo|Picture|Photograph) (?:credit|by)|Credit|AP Photo|{_AGENCY})\b:?[^()]{{0,80}})\)?$"
)


def is_sentence(line: str) -> bool:
    return line.count(" ") >= 4 and bool(ENDS_SENTENCE.search(line))


def _sign_up(line: str) -> bool:
    """Asks the reader to subscribe, and every sentence of the line speaks to the reader."""
    if not (_SIGN_UP_START.match(line) and _SIGN_UP.search(line)) or line[0] in "“\"‘'":
        return False
    if _REPORTED.search(line) or not (_OFFER.search(line) or _ORDER.match(line)):
        return False
    return all(_TO_THE_READER.search(part) for part in re.split(r"(?<=[.?!])\s+(?=[A-Z])", line))


def _link_colon(line: str) -> bool:
    """A label run into the headline it links to: "Autumn schedule:What is on" (no space after the colon)."""
    match = _GLUED_COLON.fullmatch(line)
    if not match or _SAYS.search(match[1]):
        return False
    return not ENDS_SENTENCE.search(line) or (line.endswith("?") and " " in match[1])


def _link_words(line: str) -> bool:
    """The same without a colon: "Strike updateWhy the crews walked out"."""
    if ENDS_SENTENCE.search(line) or line.count(" ") < 4 or line[0] in '“"':
        return False
    return bool(_GLUED_WORDS.search(line) or _GLUED_QUESTION.search(line))


def _caption(line: str) -> bool:
    return line[-1] not in '.?!”"’' and bool(_CREDIT.search(line))


def _contact(line: str) -> bool:
    """Tells how to reach a reporter; an appeal of the police does not start so."""
    return bool(_CONTACT_DETAIL.search(line)) and not re.search(
        r"\b(?:police|department|sheriff|office|detectives?|hotline|union|officials?)\b", line, re.IGNORECASE
    )


_CONTACT_START = re.compile(
    rf"(?:(?:Contact|Reach|Follow|Email|Call)(?: [\w’' ]{{0,40}}?(?:reporters?|columnist|editor|"
    rf"correspondent|writer))?"
    rf"(?: {NAMES}| him| her| them| us|,)? ?(?:at|on|:|@|\()|{_NAME}[^.]{{0,80}}\. (?:Reach|Contact|"
    rf"Email|Follow)\b|"
    rf"{_NAME} (?:can be reached|is on Twitter)|Email:|Twitter:|[\w.+-]+@[\w.-]+\.\w+$)"
)

# --- the table --------------------------------------------------------------------------------------------

LINE_RULES: tuple[Rule, ...] = (
    Rule(
        "comment form",
        is_all(
            r"leave a (?:reply|comment)(?: cancel reply)?:?|cancel reply|post (?:a )?comment|"
            r"add a comment|(?:show|view|hide) comments?|"
            r"\d+ comments?|comments? ?\(\d+\)|(?:log|sign) in to (?:reply|comment)|"
            r"join the (?:conversation|discussion)|"
            r"(?:comment|name|e-?mail|website) ?\*|comments are closed\.?"
        ),
        5,
        "blogs print an empty form under each article",
    ),
    Rule(
        "comment form text",
        _starts(
            r"your email address will not be published\b|required fields are marked\b|"
            r"save my name, email,? and website in this|"
            r"notify me of (?:follow-?up|new) (?:comments|posts)\b|this site uses akismet\b|"
            r"you must be logged in to post|"
            r"learn how your comment data is processed"
        ),
        40,
        "the fixed sentences of that form",
    ),
    Rule(
        "ad blocker",
        _starts(
            r"ad ?-?block(?:er|ing)?(?: software)? (?:is |has been )?detected\b|"
            r"our website is made possible by displaying online adv|"
            r"please (?:consider supporting us by disabling|disable|turn off|whitelist us in) your ad|"
            r"(?:we|it looks like)(?:['’]ve| have)? (?:noticed|detected|see)?(?: that)? ?you(?:['’]re|"
            r" are) using an ad ?-?block"
        ),
        40,
        "a wall shown to whoever blocks advertisements",
    ),
    Rule(
        "advertisement",
        is_all(
            r"[\W_]*(?:(?:skip )?advert(?:isement|ising)?|sponsored(?: content| by)?|"
            r"promoted(?: content)?|paid content|"
            r"(?:story|article) continues (?:below|after)(?: (?:the )?(?:advertisement|ad|this ad|"
            r"video))?|continue reading(?: below)?)"
            r"(?: -? ?scroll to continue)?[\W_]*"
        ),
        8,
        "the label of an advertisement, or where the text goes on after it",
    ),
    Rule(
        "story continues",
        _starts(r"story continues below\b"),
        14,
        "the same with directions for phones",
    ),
    Rule(
        "game",
        _starts(r"need a break\? play\b"),
        14,
        "a link to the paper's crossword between two paragraphs",
    ),
    Rule(
        "more stories",
        is_all(
            r"(?:related|recommended|more|top|latest|trending|popular|featured|other)(?: (?:local|world|"
            r"sports))? "
            r"(?:stor(?:y|ies)|articles?|content|posts?|coverage|topics?|reading|links|news|headlines|"
            r"videos)(?: from [\w .’']+)?:?|"
            r"recommended(?: for you)?:?|you (?:may|might) (?:also )?(?:like|be interested in)[:.…]*|"
            r"trending(?: now)?:?|"
            r"(?:most|popular) (?:read|popular|viewed|now|shared):?|(?:read|up|what to read) next:?|"
            r"see also:?|don['’]t miss:?|"
            r"editors?['’]s? (?:picks?|choice):?|around the web|from our partners|read more(?: (?:about|"
            r"on))?:?|read (?:full|the full) story|"
            r"(?:view|see|show|load) (?:all|more)(?: story arcs?| stories| posts)?:?|filed under:?|"
            r"more (?:about|on):|next (?:story|article)|"
            r"previous (?:story|article)|keep reading:?|continue to (?:article|content)|"
            r"more from (?:this story arc|our network|the web):?"
        ),
        9,
        "headings over links to other articles",
    ),
    Rule(
        "labelled link",
        _starts(rf"[\W_]*(?:(?:{_LONG_LABEL}: ?|{_SHORT_LABEL}:)\S|{_SHORT_LABEL}: .*[^.”\"]$)"),
        30,
        "a link to another article set between paragraphs, behind a label",
    ),
    Rule(
        "link after a colon",
        lambda line: _link_colon(line.lstrip("►▶• ")),
        30,
        "the label of such a link loses its space",
    ),
    Rule("link without a space", _link_words, 25, "label and headline of such a link run together"),
    Rule("arrow link", is_all(r"[^.]+ ?(?:>{2,}|»)"), 10, "an arrow after a link"),
    Rule(
        "video",
        is_all(
            r"videos? by \S+|(?:video )?ad feedback|(?:play|watch)(?: the)? video|now playing:?|"
            r"optional screen reader|"
            r"listen to (?:this|the) (?:article|story)|\d+ seconds of .*volume \d+%|"
            r"skip to (?:main )?content|watch now|replay"
        ),
        12,
        "labels of players and of aids for reading",
    ),
    Rule(
        "video clip",
        _starts(r"video ad feedback\b"),
        60,
        "a clip's running time, source and headline in one line",
    ),
    Rule("newsletter", _sign_up, 140, "asks the reader to subscribe"),
    Rule(
        "newsletter note",
        _starts(
            r"(?:editor['’]s note: )?(?:a version of )?this (?:story|article|column) (?:is part of|"
            r"(?:first )?appear(?:s|ed)(?: first)? in)"
            r"\b.*\bnewsletter\b|editor['’]s note: sign up\b|"
            r"\(?you can (?:also )?get .* delivered to your inbox|"
            r"subscribe to our newsletter\b|sign up (?:for|to) (?:our|the) (?:[\w’'-]+ ){0,3}newsletters?\b"
        ),
        60,
        "says in which newsletter the piece also is",
    ),
    Rule(
        "registration form",
        _starts(
            r"we will use the (?:details|information) you have shared\b|"
            r"if you wish to object to the use of your data\b|"
            r"by (?:signing up|continuing to use this (?:site|website)|submitting your information|"
            r"clicking (?:sign up|submit))"
            r",? you(?: will)? agree\b|we (?:and our partners )?use cookies (?:and|to|on|"
            r"for)\b.*\b(?:site|website|experience)\b"
        ),
        90,
        "the fixed sentences of sign-up forms and cookie walls",
    ),
    Rule(
        "site links",
        is_all(
            r"(?:privacy policy|terms of (?:service|use)|cookie (?:policy|settings)|"
            r"accept (?:all )?cookies|back to top|about us)"
        ),
        5,
        "the links at the foot of a site",
    ),
    Rule(
        "copyright",
        is_all(
            r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4})).*|"
            r"(?:.{0,80}[.,] )?all rights reserved\.?(?: this material may not be .*)?|"
            r"this material may not be published, broadcast.*"
        ),
        40,
        "who owns the page",
    ),
    Rule(
        "share",
        is_all(
            rf"share(?: (?:this|on|via|the)\b.*)?:?|click to (?:share|email|print)\b.*|tweet this|"
            rf"copy link|link copied!?|"
            rf"follow us(?: on\b.*)?:?|like us on\b.*|find us on\b.*|"
            rf"(?:tweet|pin it|{SITES}|e-?mail|print)(?:[ |,/·•]+(?:tweet|share|{SITES}|e-?mail|print|"
            rf"copy link))+"
        ),
        9,
        "buttons of social networks",
    ),
    Rule(
        "photo credit",
        shaped(
            rf"[(\[]?(?:(?:Getty Images|{_AGENCY}/{_AGENCY})|"
            rf"(?:[\w’'.-]+ ){{0,5}}[\w’'.-]+(?:[/|][\w’'. -]+)*[/|] ?{_AGENCY}|"
            rf"(?:Photo|Photos|Picture|Photograph|Photographs|Image|Images|Illustration)(?: (?:by|"
            rf"credit|courtesy of)|:) ?[^.!?]+|"
            rf"PHOTOS? (?:BY|COURTESY OF) [^.!?]+|(?:Credit|Image source|Image caption|Photo credit|"
            rf"AP Photo)[:/,] ?[^.!?]+)[)\]]?"
        ),
        16,
        "who took the photograph, on a line of its own",
    ),
    Rule("caption", _caption, 60, "a caption ends with its photographer and agency"),
    Rule(
        "contributors",
        shaped(
            rf"(?:CONTRIBUTING|Contributing|Contributors?|CONTRIBUTORS?)(?::| (?={_NAME}))[^!?]*[^.!?]|"
            rf"(?:SOURCES?|Sources?:) (?=[A-Z0-9])(?!(?:[A-Z]+ )*[A-Z]+$)[^.!?]*|"
            rf"(?:Reporting|Writing|Additional reporting|Editing) by {NAMES}(?:; .*)?\.?"
        ),
        25,
        "who else worked on the piece, and what a chart rests on",
    ),
    Rule(
        "dateline alone",
        shaped(r"(?:[A-Z][\w.,’' ]{2,40} )?(?:CNN(?: Business)?|Reuters|AP|AFP|BBC) ?[—–-]+"),
        8,
        "a dateline cut off from its paragraph",
    ),
)

HEAD_RULES: tuple[Rule, ...] = (
    Rule(
        "by-line",
        shaped(rf"(?:By|BY|Written by|Story by|From) (?:{NAMES})(?:(?:,? | ?\| ?| - )(?:{OUTLET}|{PAPER}))?"),
        14,
        "who wrote the piece",
    ),
    Rule("outlet", shaped(OUTLET), 6, "the outlet's name under the by-line"),
    Rule(
        "by-line with outlet",
        shaped(rf"{NAMES}(?:,| \||,? for) (?:{OUTLET}|{PAPER})"),
        14,
        "both on one line",
    ),
)

TAIL_RULES: tuple[Rule, ...] = (
    *HEAD_RULES,
    Rule(
        "contact",
        lambda line: _CONTACT_START.match(line) and _contact(line),
        60,
        "how to reach the reporter",
    ),
)
