"""Turn what is known of page furniture into a table of rules: a name, a test on one line, a bound, and why.

Only knowledge stands here. The shapes of lines are `corpus.furniture_shapes`'; which lines a rule is asked about,
and in which order, is left to `corpus.furniture`. A line that reads as a sentence is named by a rule only where the
rule holds a fixed, known phrase; where a line could be the article's, it is kept.

Regular expressions are written so that no two parts can share a stretch of text: they stay linear on
whatever a page holds, and no line over 900 characters is ever asked about.
"""

from corpus.furniture_fixed import FIXED_RULES
from corpus.furniture_shapes import (
    NAME,
    NAMES,
    OUTLET,
    PAPER,
    PUBLISHER,
    SHOUTED_PAPER,
    SITES,
    Rule,
    asks_to_sign_up,
    is_all,
    is_caption,
    is_contact,
    is_glued_link,
    is_label,
    is_labelled_link,
    is_link_after_colon,
    is_stamp,
    one_sentence,
    shaped,
    starts,
    unreported,
    unstated,
)

# Of the film industry, whose names don't tell that they are papers.
_TRADE_PAPERS = (
    r"(?:Variety|Deadline|IndieWire|The ?Wrap|(?:The )?Hollywood Reporter|THR|Billboard|Rolling Stone|Vulture)"
)
_PIECE = r"(?:this|the)(?: (?:article|story|post|page|video|photo|image|link))?"
_SHARED_ON = rf"(?: (?:on|via|to|by) (?:{SITES}|e-?mail|social media|text|sms)(?: \(opens in (?:a )?new window\))?)?"
_TAG = r"(?!(?:the|a|an|it|they|we|he|she) )[^\s.,:;!?“”\"]+(?: [^\s.,:;!?“”\"]+){0,4}"
_SECTION = r"[A-ZÀ-Þ][\w’'-]*(?: (?:[A-ZÀ-Þ][\w’'-]*|&|and)){0,3}"
_GATE = r"(?:subscribe|sign (?:in|up)|log in|register|create (?:a free |an )?account)"
_GATES = rf"(?:please )?{_GATE}(?:(?:,|,? or|,? and) {_GATE})*"
_PRICE = (
    r"(?:just |only |as little as )?[$£€]\d[\d.,]*(?:(?: an?| per|/) ?(?:week|month|year)|"
    r"(?: for)(?: \d| one| six| three)? (?:weeks?|months?|year))*"
)
_BEHIND = (
    r"(?:(?:continue|keep) reading|"
    r"(?:read|access|unlock) (?:the|this)(?: full| whole| rest of (?:the|this))? (?:story|article))"
)

LINE_RULES: tuple[Rule, ...] = (
    *FIXED_RULES,
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
        "advertisement",
        is_all(
            r"[\W_]*(?:(?:skip )?advert(?:isement|ising)?|sponsored(?: content| by)?|"
            r"promoted(?: content)?|paid content|"
            r"(?:story|article) continues (?:below|after)(?: (?:the )?(?:advertisement|ad|this ad|"
            r"video))?|continue reading(?: below)?)"
            r"(?: -? ?scroll to continue)?[\W_]*|scroll to continue|"
            r"(?:skip past|after) newsletter promotion|ad (?:did not|didn['’]t|failed to) load\.?"
        ),
        8,
        "the label of an advertisement, or where the text goes on after it",
    ),
    Rule(
        "story continues",
        starts(r"story continues below\b(?! (?-i:[A-ZÀ-Þ][a-z’']* [a-z]))"),
        14,
        "the same with directions for phones",
    ),
    Rule(
        "more stories",
        is_label(
            r"(?:related|recommended|more|top|latest|trending|popular|featured|other)(?: (?:local|world|"
            r"sports))? "
            r"(?:stor(?:y|ies)|articles?|content|posts?|coverage|topics?|reading|links|news|headlines|"
            r"videos)(?: from [\w .’']+)?:?|(?:deadline )?related video:?|must[ -]reads?(?: stories)?:?|"
            r"explore more on these topics:?|more on this story:?|"
            r"recommended(?: for you)?:?|"
            r"trending(?: now)?:?|"
            r"(?:most|popular) (?:read|popular|viewed|now|shared):?|(?:read|up|what to read) next:?|"
            r"related:|see also:?|don['’]t miss:?|"
            r"editors?['’]s? (?:picks?|choice):?|around the web|from our partners|read more(?: (?:about|"
            r"on))?:?|read (?:full|the full) story|"
            r"(?:view|see|show|load) (?:all|more)(?: story arcs?| stories| posts)?:?|filed under:?|"
            r"more (?:about|on):|next (?:story|article)|"
            r"previous (?:story|article)|keep reading:?|continue to (?:article|content)|"
            r"more from (?:this story arc|our network|the web):?|"
            r"(?:by )?(?:taboola|outbrain) ?(?:(?:sponsored|promoted) (?:links?|content))?|"
            r"(?:sponsored|promoted) (?:links?|stories)(?: by (?:taboola|outbrain))?|recommended by (?:taboola|outbrain)"
        ),
        9,
        "headings over links to other articles",
    ),
    Rule(
        "more stories",
        is_all(r"you (?:may|might) (?:also )?(?:like|be interested in)[:.…]*"),
        9,
        "the same heading, which may end like a sentence",
    ),
    Rule(
        "story arc",
        is_all(r"more from (?:this )?story arc:? [^.!?]{1,80} view all(?: story arcs?)?"),
        24,
        "a series' name between the two",
    ),
    Rule(
        "labelled link",
        is_labelled_link,
        30,
        "a link to another article set between paragraphs, behind a label",
    ),
    Rule(
        "link after a colon",
        is_link_after_colon,
        30,
        "the label of such a link loses its space",
    ),
    Rule("link without a space", is_glued_link, 25, "label and headline of such a link run together"),
    Rule("arrow link", is_all(r"[^.«]+ ?(?:>{2,}|»)"), 10, "an arrow after a link"),
    Rule(
        "video",
        is_all(
            r"videos? by \S+|(?:video )?ad feedback|(?:play|watch)(?: the)? video|now playing:?|"
            r"optional screen reader\.?|(?:toggle|hide|show) caption|enlarge (?:this )?image|0?0:00(?: ?/ ?)?\d{1,2}:\d\d|"
            r"your browser (?:does not|doesn['’]t) support the (?:video|audio) (?:tag|element)\.?|"
            r"listen to (?:this|the) (?:article|story)(?: [·•|] \d\d?:\d\d(?: min)?)?(?: learn more)?|"
            r"\d+ seconds of .*volume \d+%|"
            r"skip (?:to )?(?:main )?(?:content|navigation|menu|footer)|watch now|replay"
        ),
        12,
        "labels of players and of aids for reading",
    ),
    Rule(
        "video clip",
        unstated(starts(r"video ad feedback \d?\d:\d\d\b")),
        60,
        "a clip's running time, source and headline in one line",
    ),
    Rule("newsletter", asks_to_sign_up, 140, "asks the reader to subscribe"),
    Rule(
        "site links",
        is_all(
            r"(?:privacy policy|terms of (?:service|use)|cookie (?:policy|settings)|manage cookies|"
            r"accept (?:all )?cookies|back to top|about us|we value your privacy|do not sell or share my personal information|"
            r"reuse this content|add (?:[\w’'&-]+ ){0,4}as (?:a |your )?preferred source on google|"
            r"\(?,? ?opens (?:in )?(?:a )?new (?:window|tab)\)?)"
        ),
        12,
        "the links at the foot of a site",
    ),
    Rule(
        "paywall",
        unreported(
            is_all(
                r"you(?:['’]ve| have) (?:read|reached|used|viewed) (?:your|all|\d)(?: [\w’']+){0,5} free (?:articles?|"
                r"stories)(?: (?:this|for the|of the|per) (?:week|month))?[.!]?|"
                r"you have (?:\d+|one|two|three|no) (?:more )?free (?:articles?|stories) (?:remaining|left)"
                r"(?: this (?:week|month))?[.!]?|choose your plan|"
                r"this is a subscriber[ -](?:only|exclusive) (?:story|article)\.?|"
                rf"get (?:unlimited|full) (?:digital )?access to (?:[^\s,]+ ){{1,8}}?(?:for|from) {_PRICE}[.!]?|"
                rf"(?:to {_BEHIND}, {_GATES}|{_GATES} to {_BEHIND})(?: now| today| for free)?[.!]?|"
                r"already (?:have an account|a (?:subscriber|member)|subscribed|registered)\?(?: ?(?:log|sign) in"
                r"(?: here| now)?[.!]?)?|"
                rf"subscribe (?:now )?(?:for|from) {_PRICE}[.!]?"
                r"(?: cancel any ?time[.!]?)?|cancel any ?time[.!]?|"
                r"this (?:article|story|content) is (?:only |exclusively )?(?:for|available to) (?:our )?(?:paid |"
                r"registered )?(?:subscribers|members)(?: only)?[.!]?|"
                r"this (?:article|story|content) is (?:only available|available (?:only|exclusively)|exclusively available) to "
                r"(?:(?-i:[A-Z])[\w’'&-]* ){0,5}(?:subscribers|members)[.!]?|"
                r"subscribers?(?:[ -]only| exclusive)(?: content| article| story)?"
            )
        ),
        16,
        "a wall shown to whoever has not paid",
    ),
    Rule(
        "embedded post",
        is_label(
            r"view this (?:post|photo|video|profile) on (?:instagram|threads|facebook)|pic\.twitter\.com/\w+|"
            r"(?-i:A (?:post|photo|video) shared by [A-Z@(]\S*(?: [A-Z@(&]\S*){0,7}(?: on [A-Z][a-z]{2,8} \d.*)?)|"
            r"[—–-]{1,2} ?[^@]{1,60}\(@\w{1,15}\),? [a-z]{3,9}\.? \d{1,2}, \d{4}"
        ),
        16,
        "the frame around a post of a social network",
    ),
    Rule(
        "developing story",
        is_all(
            r"this is a (?:developing|breaking)(?: news)? story(?:(?:[.,;]| and| –| —) ?(?:it |and )?(?:will be updated|"
            r"may be updated|(?:please )?check back|(?:please )?refresh|more (?:details|information|to come)|stay with)"
            r"(?:,? [a-z’'-]+){0,9}){0,2}[.!]?"
        ),
        30,
        "says that the page may still change",
    ),
    Rule(
        "agency credit",
        shaped(rf"{PUBLISHER}(?:(?:, and |, | and ){PUBLISHER})* contributed to this (?:report|story|article)\.?"),
        16,
        "which agency the text partly comes from; nothing of the news",
    ),
    Rule(
        "app",
        unreported(
            is_all(
                r"download (?:the|our) (?:[\w’'&-]+ ){0,5}app(?: (?:for|to (?:get|receive)) (?:[\w’'&-]+ ){0,4}(?:breaking|"
                r"news|headlines|top stories)(?: [\w’'&-]+){0,4})?[.!]?"
            )
        ),
        16,
        "asks the reader to take the paper's program",
    ),
    Rule(
        "more from the paper",
        shaped(
            rf"(?:(?:More|Popular) (?:[Ff]rom|on)|(?:The )?Best of) (?:{PUBLISHER}|{_TRADE_PAPERS}):?|"
            rf"MORE FROM {SHOUTED_PAPER}:?|Watch (?:More )?on {_TRADE_PAPERS}"
        ),
        8,
        "heading over the same paper's headlines",
    ),
    Rule(
        "more from the paper",
        shaped(
            rf"(?:(?:Follow|Read|See|Find) )?(?:more of )?{PUBLISHER}['’]?s? (?:full |latest |live )?coverage of "
            r"[^.!?,“”\"]{3,80}(?: at|:| at:| here:?) ?https?://\S+"
        ),
        20,
        "where an agency's reports on the matter are",
    ),
    Rule(
        "tags",
        shaped(
            rf"(?:(?:Filed|FILED) (?:[Uu]nder|UNDER):|Tags:|See more on:|Posted in:) ?{_TAG}(?:, ?{_TAG}){{0,11}}|"
            rf"Posted in {_SECTION}(?:, {_SECTION}){{0,5}}|Related [Tt]opics[A-ZÀ-Þ][\w’'& -]{{1,80}}|_{{3,}}"
        ),
        40,
        "the sections and subjects that a piece is sorted under, and the line above them",
    ),
    Rule(
        "reading time",
        is_all(r"\d{1,3}[ -]?min(?:ute)?s?\.? read|(?:estimated )?read(?:ing)? time:? \d{1,3} min(?:ute)?s?\.?"),
        5,
        "how long the page takes",
    ),
    Rule(
        "copyright",
        is_all(
            r"(?-i:(?:[A-Z\d][\w&’'-]*[ ,.]+|(?:and|by|of|the|&) ){0,12}(?:All rights reserved|ALL RIGHTS RESERVED|"
            r"All Rights Reserved))\.?(?: this material may not be .*)?|all rights reserved\.?\)?|"
            r"this material may not be published, broadcast.*"
        ),
        40,
        "the same without the word or the sign at its start",
    ),
    Rule(
        "share",
        is_label(
            rf"share(?: {_PIECE}| full article)?{_SHARED_ON}:?(?:[ |,/·•]+share{_SHARED_ON})*|"
            rf"click to (?:share|email|print)\b.*|like loading(?:\.\.\.|…)|tweet this|copy link|link copied!?|"
            rf"(?:follow|like|find) us on (?:{SITES}|google news|social media)\b.*|follow us:?|"
            rf"(?:tweet|pin it|{SITES}|e-?mail|print)(?:[ |,/·•]+(?:tweet|share|{SITES}|e-?mail|print|"
            rf"copy link))+"
        ),
        9,
        "buttons of social networks",
    ),
    Rule(
        "photo credit",
        shaped(
            rf"[(\[]?(?:(?:Photo|Photos|Picture|Photograph|Photographs|Image|Images|Illustration)(?: (?:by|"
            rf"credit|courtesy of)|:) ?[^.!?]+|"
            rf"(?:Photo|Photograph|Picture|Image)s?(?: by|:) {NAMES}\.|"
            rf"PHOTOS? (?:BY|COURTESY OF) [^.!?]+|(?:Credit|Image source|Image caption|Photo credit|"
            rf"AP Photo)[:/,] ?[^.!?]+)[)\]]?"
        ),
        16,
        "who took the photograph, on a line of its own",
    ),
    Rule("caption", is_caption, 60, "a caption ends with its photographer and agency"),
    Rule(
        "contributors",
        one_sentence(
            unstated(
                shaped(
                    rf"(?:CONTRIBUTING|Contributing|Contributors?|CONTRIBUTORS?)(?::| (?={NAME}))[^!?]*[^.!?]|"
                    r"(?:SOURCES?|Sources?:) (?=[A-Z0-9])(?!(?:[A-Z]+ )*[A-Z]+$)[^.!?]*"
                )
            )
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

# Under a headline a line is taken for a by-line only where it says so; above it its place tells, too.
UNDER_HEADLINE_RULES: tuple[Rule, ...] = (
    Rule(
        "by-line",
        shaped(rf"(?:By|BY|Written by|Story by) (?:{NAMES})(?:(?:,? | ?\| ?| - )(?:{OUTLET}|{PAPER}))?"),
        14,
        "who wrote the piece",
    ),
    Rule("dated by-line", is_stamp, 30, "who wrote it and when; the day is kept by itself"),
)

_BYLINES: tuple[Rule, ...] = (
    UNDER_HEADLINE_RULES[0],
    Rule(
        "by-line",
        shaped(rf"From (?:{NAMES})(?:(?:,? | ?\| ?| - )(?:{OUTLET}|{PAPER}))?"),
        14,
        "the same, as agencies write it",
    ),
    Rule("outlet", shaped(OUTLET), 6, "the outlet's name under the by-line"),
    Rule(
        "by-line with outlet",
        shaped(rf"{NAMES}(?:,| \||,? for) (?:{OUTLET}|{PAPER})"),
        14,
        "both on one line",
    ),
)

HEAD_RULES: tuple[Rule, ...] = (*_BYLINES, UNDER_HEADLINE_RULES[1])

TAIL_RULES: tuple[Rule, ...] = (*_BYLINES, Rule("contact", is_contact, 60, "how to reach the reporter"))
