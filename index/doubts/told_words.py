"""Holds the words by which news tells the acts of a dispute as done, and those that make such words unsure or of long ago.

Forms in the past tense or the perfect alone: a headline's present, a plan and a vote to allow a strike match none. Whose
act it is, and when it was, is left to `told_events`.
"""

import re

from corpus.number_words import ONES
from corpus.patterns import lazy
from index.doubts.told_records import Deed

# A strike, and no “strike fund”, “strike vote”, “strike price”.
_STRIKE = (
    r"(?:strike|walkout|work stoppage)\b(?!['’]s)(?!\s(?:funds?|vot\w+|authori\w+|rules?|captains?|threats?|dates?|deadlines?"
    r"|ballots?|notices?|benefits?|pay|action|committees?|lines?|zones?|over|price|force|team|plans?)\b)"
)
_HAS = r"(?:(?:has|have|had|was|were|has been|have been|had been)\s)?"
_HOW = r"(?:(?:officially|formally|finally|since|already|just|then|now|itself)\s)*"
_THAT = r"(?:,?\s(?:that|which))?"
# What else begins, ends or is reached: “the strike talks began”, “contract negotiations reached an impasse”.
_ELSE = (
    r"(?!(?:talks|negotiat\w+|bargaining|vot\w+|picket\w*|production|meetings?|rall\w+|work|filming|shows?|offers?|deadline|he"
    r"|she|they|it|or|but|day|week|month|and\s(?:an?|the|its|their))\b)"
)
_NO_TALKS = r"(?!(?:talks|negotiat\w+|bargaining|offers?|they|it|or|but)\b)"
_WHO = rf"(?:{_ELSE}[\w’'&-]+\s){{1,7}}?"  # a union between “the strike that” and “began”
_BY = r"(?:[\w’'/&%-]+\s){0,5}?"
_DEAL = r"(?:deal|agreement|contract|accord|pact|settlement)"
_TALKS = r"(?:talks|negotiations|bargaining)"

# The act, words of which one stands in every text that matches, in small letters, and the form.
FORMS = tuple(
    (deed, words, lazy(form, re.IGNORECASE))
    for deed, words, form in (
        (Deed.BEGUN, ("on strike",), r"\b(?:went|gone)\s(?:out\s)?on\sstrike\b(?:\ssince\b)?"),
        (
            Deed.BEGUN,
            ("on strike", "picket line"),
            r"\b(?:have|has|['’]ve|['’]s)\s(?:now\s)?been\s(?:out\s)?on\s(?:strike|the\spicket\slines?)\b(?:\ssince\b)?",
        ),
        (
            Deed.BEGUN,
            ("walked o",),
            r"\bwalked\s(?:out\b(?!\sof|\son\s(?:the\s)?(?:talks|meeting|bargaining|negotiat\w+))|off\s(?:the|their)\sjobs?\b)",
        ),
        (
            Deed.BEGUN,
            ("began", "begun", "started", "took effect", "under way"),
            rf"\b{_STRIKE}{_THAT}\s{_HAS}{_HOW}(?:began|begun|started|took\seffect|got\sunder\sway)\b",
        ),
        (
            Deed.BEGUN,
            ("began", "begun", "started", "launched"),
            rf"\b(?:began|begun|started|launched)\s(?:its|their|a|the)\s{_BY}{_STRIKE}",
        ),
        (Deed.BEGUN, ("began", "started"), rf"\b{_STRIKE}\s(?:(?:that|which)\s)?{_WHO}(?:began|started)\b"),
        (Deed.BEGUN, ("ongoing", "current"), rf"\b(?:ongoing|current)\s{_BY}{_STRIKE}"),
        (
            Deed.ENDED,
            ("ended", "to an end", "over", "suspended", "called off", "lifted"),
            rf"\b{_STRIKE}{_THAT}\s(?:{_HAS}{_HOW}(?:ended|came\sto\san\send|come\sto\san\send)"
            rf"|(?:is|was|are|were)\s{_HOW}(?:over|suspended|called\soff|lifted)|(?:has|have|had)\sbeen\s{_HOW}"
            r"(?:suspended|called\soff|lifted))\b",
        ),
        (
            Deed.ENDED,
            ("ended", "ending", "suspended", "called off", "lifted"),
            rf"\b(?:ended|ending|suspended|called\soff|lifted)\s(?:(?:its|their|the|a|an|this)\s)?{_BY}{_STRIKE}",
        ),
        (Deed.ENDED, ("ended",), rf"\b{_STRIKE}\s(?:(?:that|which)\s)?{_WHO}ended\b"),
        (
            Deed.AGREED,
            ("reached", "struck", "concluded", "clinched", "hammered out", "inked"),
            rf"\b(?:reached|struck|concluded|clinched|hammered\sout|inked)\s(?:a|an|their|its|the)\s{_BY}{_DEAL}\b",
        ),
        (
            Deed.AGREED,
            ("tentative",),
            rf"\b(?:announced|have|has|made|came\sto)\s(?:a|an|their|its|the)\stentative\s{_BY}{_DEAL}\b",
        ),
        (
            Deed.AGREED,
            ("reached", "struck", "concluded"),
            rf"\b{_DEAL}\s(?:(?:that|which)\s)?(?:{_NO_TALKS}[\w’'&-]+\s){{0,9}}?(?:reached|struck|concluded)\b(?!\s(?:an?|its|the|their)\b)",
        ),
        (Deed.AGREED, ("tentatively",), r"\btentatively\sagreed\b"),
        (Deed.RATIFIED, ("ratified",), r"\bratified\b"),
        (Deed.RATIFIED, ("voted",), rf"\bvoted\s(?:[\w%.-]+\s){{0,5}}?to\s(?:ratify|approve|accept)\s{_BY}{_DEAL}\b"),
        (Deed.RATIFIED, ("final approval",), r"\bgave\sfinal\sapproval\b"),
        (Deed.RATIFIED, ("approved",), rf"\bapproved\s(?:a|their|its|the)\s{_BY}{_DEAL}\b"),
        (
            Deed.REJECTED,
            ("rejected", "voted down", "turned down"),
            rf"\b(?:rejected|voted\sdown|turned\sdown)\s(?:a|an|the|their)\s{_BY}{_DEAL}\b",
        ),
        (
            Deed.RESUMED,
            ("resumed", "restarted", "reopened"),
            rf"\b(?:resumed|restarted|reopened)\s{_BY}{_TALKS}\b|\b{_TALKS}\s{_HAS}(?:resumed|restarted|reopened)\b",
        ),
        (
            Deed.RESUMED,
            ("table", "to bargaining"),
            r"\b(?:returned|went\sback|gone\sback)\sto\s(?:the\s)?(?:bargaining\stable|negotiating\stable|table|bargaining)\b",
        ),
        (
            Deed.BROKEN_OFF,
            ("broke", "suspended", "walked away", "cut off"),
            rf"\b(?:broke\soff|broken\soff|suspended|walked\saway\sfrom|cut\soff)\s{_BY}{_TALKS}\b",
        ),
        (
            Deed.BROKEN_OFF,
            ("broke", "collapsed", "fell", "failed"),
            rf"\b{_TALKS}\s{_BY}(?:broke\s(?:down|off)|collapsed|fell\s(?:apart|through)|failed(?!\sto\b))\b",
        ),
        (
            Deed.EXPIRED,
            ("expired", "lapsed", "ran out", "run out"),
            rf"\b(?:contract|agreement|pact)s?\s(?:{_ELSE}[\w’'&/-]+\s){{0,8}}?(?:expired|lapsed|(?:ran|had\srun)\sout)\b",
        ),
    )
)
# Before the words, or right after them, in their clause. “May” is a month; “before the strike began” tells no day of it.
UNSURE = lazy(
    r"\b(?:Had|not|never|[Nn]o|nor|[Nn]either|[Ww]ithout|[Ww]ill|would|could|can|cannot|may|might|should|shall|must|[Ii]f|[Uu]nless"
    r"|[Uu]ntil|till|[Bb]efore|[Ww]hether|[Oo]nce|[Hh]op(?:e|es|ed|ing)|expect\w*|plan(?:s|ned|ning)?|set\sto|scheduled"
    r"|about\sto|threat\w*|possib\w+|potential\w*|likely|poised|nearly|almost|avert\w*|close\sto|den(?:y|ied|ies)"
    r"|rumou?r\w*|fals\w+|wrong\w*|as\sthough|suppos\w+|imagin\w+|hardly|fail(?:ed|s|ing)?\sto|partial\w*|partly|[Ss]ome\s(?!\d)"
    rf"|one\sof|part\sof|to\s(?:be|have)|hunger|sympathy|wildcat|rolling|brief|limited|(?:{'|'.join(ONES[:6])})-day"
    r"|24-hour|48-hour|authori[sz]\w+|side|interim|separate|proposed|extension|media|nominally)\b|n['’]t\b"
)
# Right before the words: what they tell is taken for granted, whatever the clause says of it.
GRANTED = lazy(r"\b(?:under|of|in|by|from|with)\s(?:the|its|their)\s(?:[\w-]+\s){0,2}$")
# In the sentence, in small letters: it may not have been so.
DOUBTFUL = lazy(
    r"\b(?:rumou?r\w*|den(?:y|ied|ies|ial)|premature\w*|unclear|yet\sto|unconfirmed|reports\s(?:that|it|they|of)|fals\w+|wrong\w*"
    r"|incorrect\w*|hoax\w*|thought|believed|speculat\w+|fiction\w*|mistak\w+|in\s(?:the|a)\s(?:film|movie|series|novel|story"
    r"|episode|play))\b",
)
# Right before “strike began”: something else of the strike did, as in “talks to end the strike began”.
GOVERNED = lazy(
    r"\b(?:of|over|about|into|for|during|from|with|against|by|to|end(?:ing|ed)?|avert\w*|amid|support\w*"
    r"|(?:[Oo]n|[Ii]n|[Aa]t)\s(?!\w+day\b|[A-Z]|\d))\s?(?:[\w’'-]+\s){0,5}$"
)
# Right after it: the strike ended something, or a part of it did.
OBJECT = lazy(
    r"\s(?:its|their|an?|any|all|the(?!\s(?:night|day|morning)\b)|(?!during\b|following\b|pending\b|according\b)\w+ing)\b"
)
# In the sentence or before it, in small letters: what it tells may be of another round.
LONG_AGO = lazy(
    r"\b(?:last\s(?:year|time|decade|contract|strike|walkout)|years?\s(?:ago|earlier|before)|months?\s(?:ago|earlier|before)"
    r"|previous\w*|former\w*|earlier\sstrikes?|earlier\sthis\syear|decades?|anniversar\w+|in\shistory"
    r"|in\sthe\spast\b(?!\s\w+\s(?:days|weeks|months|years)\b)|predecessors?"
    r"|old\s(?:contract|deal|agreement)|used\sto|at\sthe\stime|that\syear|back\sthen|prior|past\sstrikes?|lasted|longest"
    r"|last\s(?:went|gone|struck|walked|began|reached|ratified)|most\srecent)\b",
)
# Right after “reached an agreement”: it is not on a contract.
OF_ELSE = lazy(
    r"\s(?:to\s(?!end\b|avert\b|avoid\b)|on\s(?!a\snew\b|the\snew\b|terms\b|[A-Z]|late\b|early\b)|over\s(?!the\sweekend)"
    r"|about\b|allowing\b|letting\b|covering\b|for\s(?!a\snew\b|a\s\w+-year\b|(?:film|TV|television|actors|writers)))"
)
# In small letters; a board's or a committee's vote is not the members'.
BODIES = lazy(
    r"\b(?:boards?|councils?|committees?|delegates?|leaders?|leadership|negotiators?|senat\w+|congress)\b",
)
MEMBERS = lazy(
    r"\b(?:members?|membership|workers|voters|actors|writers|directors|crews|performers|musicians|drivers)\b",
)
CONTRACT = lazy(rf"\b{_DEAL}s?\b")
# Between an act and a date after it: the date is another verb's.
OTHER_VERB = lazy(r"\b(?:was|were|is|are|has|have|had|will|would|to\s(?!the\b|a\b|an\b)[a-z]+|and\s\w+ed)\b")
# Where one clause ends and another begins.
BORDER = lazy(
    r"[;:—()“”\"]|\s–\s|,\s(?=(?:and|or|so|with|following|where)\b)"
    r"|\b(?:[Ww]hile|but|[Aa]fter|[Bb]efore|[Ww]hen|[Bb]ecause|which|who|whose|that|[Aa]s|[Ss]ince|[Uu]ntil|[Ii]f|[Aa]lthough|though)\b"
)
