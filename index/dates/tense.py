"""Reads whether the clause around a date looks back or forward, from its verbs and the words beside the date.

No grammar is parsed: the nearest cue before the date decides, or, where the date opens the clause, the first after
it. “Officials said they will meet Monday” looks forward, “it will meet, officials said Monday” back. The cues are
closed lists of news English; what they mean for a weekday or a month is left to `dates.reading`.
"""

import re
from enum import StrEnum

from corpus.abbreviations import ABBREVIATIONS
from corpus.patterns import lazy
from index.dates.words import word_set

REACH = 240  # code points on either side: about 40 words, longer than nine news sentences in ten


class Tense(StrEnum):
    PAST = "past"
    FUTURE = "future"
    OPEN = "open"  # “may”, “would”, or a present tense: forward, if nothing nearer fits
    PLANNED = "planned"  # “teachers vote Friday”: a weekday lies ahead, a date without year where it is nearest
    NONE = "none"


AHEAD = (Tense.FUTURE, Tense.OPEN, Tense.PLANNED)  # a weekday of such a clause lies ahead


_FORWARD = word_set(
    "will won't shall gonna scheduled rescheduled slated poised expected expects expect planned planning intends intend aims "
    "due payable redeemable upcoming pending tomorrow begins starts expires resumes reconvenes convenes expire resume "
    "reconvene begin"
)
_SCHEDULED = word_set("expire resume reconvene begin")  # forward, unless “did not resume”
_NOUNS_TOO = word_set("plan plans hope hopes aim")  # look forward before “to” alone, and “plan a strike”
_PLANS_ONE = word_set("a an another more further")
_OPEN = word_set(
    "would wouldn't may might could couldn't should must can cannot can't be is are isn't aren't am ends opens closes "
    "continues takes remains leaves arrives returns departs visits meets goes wants want unless if"
)
# They look forward with such a word after them, or before them and the date behind: “the board votes | Friday”.
_OPEN_WITH = {
    "runs": word_set("through until till"),
    "picks": word_set("up"),
    "comes": word_set("back into"),
}
_BODIES = word_set("board council committee membership union guild local senate house assembly")
_RUNNING_OUT = word_set("contract agreement deal pact extension truce ban offer it")
_AT_DATE = ("", "on", "at", "this", "late", "early", "again")
_OPEN_AFTER = {"votes": _BODIES, "lapses": _RUNNING_OUT}
_TALKS = word_set("talks negotiations discussions hearings strikes walkouts")
# “Talks continue Friday”, but “will continue”, “did not continue”, “to continue”: the word before decides.
# “Firefighters continue at the scene Monday” is the caption of a picture.
_AUXILIARIES = word_set(
    "to not did didn't will won't would could may might can can't cannot should must shall let helped help helps make made "
    "do don't does doesn't"
)
_WAS = word_set("was were been originally initially previously")
_BREAKS = frozenset(";:—")
_HELPING = word_set("be is are being get gets isn't aren't")
_PLAIN_PAST = word_set(
    "was were wasn't weren't had hadn't did didn't went came gave began ran rose fell broke spoke wrote"
)
_PARTICIPLES = word_set(
    "said told met held made took got left led saw sent won lost paid kept quit struck flew drove drew grew knew thought "
    "brought bought built caught found fought heard laid sat stood swore taught withdrew withdrawn shut spent became chose "
    "chosen threw thrown sought overcame stole shot sold hid hidden dealt meant overthrew arose bore wore tore bound hung "
    "set seen given taken driven known put"
)
_NOT_PAST = word_set(
    "need indeed speed hundred proceed exceed succeed feed united seed weed breed sacred red bed wed embed supposed "
    "interested so-called proposed unprecedented"
)
# “could not be reached Monday” tells of a try that failed.
_TRIED = word_set("reached located determined verified confirmed learned contacted identified")
# Words after which “to meet Friday” lies ahead; after others (“came to”, “had to”) it is as past as they are.
_LEADS_TO = word_set(
    "agreed agree agrees planned expected expects scheduled slated due ready want wants vowed vow promised promise intend "
    "intends asked ordered required invited subpoenaed summoned urged preparing prepared prepares likely hoping deadline "
    "allowed willing invitation order request notice given threaten threatens threatened threatening"
)
_LEADS_AT_ONCE = _LEADS_TO | word_set(
    "set about going is are was were be right chance way talks return negotiators it them"
)
_HAD_BEFORE = word_set("been had gone come begun become already just never ever")
# After a plural they tell what is arranged: “nurses walk out Thursday”. Their pasts are other words.
_ARRANGED = word_set("vote strike go meet return decide bargain negotiate")
_ARRANGED_WITH = {"walk": word_set("out off"), "sit": word_set("down"), "head": word_set("to back into")}
# In the captions of pictures they tell the past, with the place: “Writers picket outside the studio on Friday”.
_IN_CAPTIONS = word_set("march picket rally protest gather")
_THEN = word_set("on again this early late")
_PLURALS = word_set("they we who both")
_NOT_PLURALS = word_set(
    "has does as yes news series always sometimes perhaps plus angeles vegas texas dallas kansas arkansas massachusetts"
)
# “saw teachers walk out Monday”, “did the sides meet Friday”: the verb before decides.
_BARE_AFTER = word_set("saw watched see seen made let helped had heard did didn't do does don't doesn't make help")
_PLURAL = lazy(r"[a-z-]{2,}[^\Wsiu]s")
_NEVER_VERBS = word_set("the a an his her its their this that these those my our your all any each such last next")
_WORD = lazy(r"[A-Za-z]+(?:-[A-Za-z]+)*(?:['’](?:ll|t|re|ve|d|s))?|(?<=s)['’](?=\s)|[;:—–“”\"]|``|''")
_STOP = lazy(r"[.!?\n](?:(?<=\n)|[”\"’')\]]*\s+(?=[“\"‘'`(]*[A-Z0-9]))")  # one class leads: half the time
_ABBREVIATED = lazy(rf"\b(?:[A-Za-z]|{'|'.join(ABBREVIATIONS)})$")
_AHEAD = lazy(
    r"\b(?:ahead of|in advance of|no later than|as early as|as soon as|(?:scheduled|set|slated|planned|due|ready|postponed"
    r"|delayed|rescheduled) (?:for|to|until|on)|(?:called|announced) for|deadline (?:of|for)|preparing for"
    r"|prepar(?:ed|es|ation) for|starting|ending|beginning|effective|the upcoming|in time for|between now and"
    r"|from now (?:until|to)|pushed (?:back )?to)(?: (?:late|early|at least|the|on|around|about|this|next))*$",
    re.IGNORECASE,
)
_WAS_JUST = lazy(r"\b(?:was|were|been)(?: (?:originally|initially|previously|first))? $")
_MEETING = r"\b(?:meeting|session|talks|hearing|vote|rally|conference|summit|picket|debate"
_OCCASION = (
    rf"{_MEETING}|rallies|strike|walk-?out|stoppage|action|ballot|march|marches|protest|demonstration|shut-?down)s?"
)
# “Announced a walkout on Friday” may tell the day of the announcement, “for Friday” never does.
_CALLS_FOR = lazy(
    r"\b(?:request(?:ed|s|ing)?|propos(?:ed|es|ing)|schedul(?:ed|es|ing)|asked for|asks for|sought"
    rf"|invit(?:ed|es) [^.;,]{{2,40}} to) [^.;,]{{0,40}}{_MEETING})s?(?: (?:on|for|this|by))?$"
    r"|\bthreaten(?:ed|s|ing)? (?:an?|another|more|further|new|industrial)\b"
    rf"[^.;,]{{0,40}}{_OCCASION}(?: (?:on|for|this|by))?$"
    r"|\bwarn(?:ed|s|ing)? (?:on |late |early )?\w+day of (?:an?|another|more|further|new)\b"
    rf"[^.;,]{{0,40}}{_OCCASION}(?: on)?$"
    r"|\b(?:cancel\w*|call(?:ed|s|ing) off|scrap(?:ped|s|ping)?) ?[^.;,]{0,40} for$"
    r"|\b(?:call(?:ed|s|ing)?|announc(?:ed?|es|ing)|declar(?:ed?|es|ing)|order(?:ed|s|ing)|organi[sz](?:ed?|es|ing)"
    rf"|set(?:s|ting)?) (?!off\b)[^.;,]{{0,40}}{_OCCASION}(?: [^.;,]{{1,40}})? for$",
    re.IGNORECASE,
)
_UNTIL = lazy(r"\b(?:until|till|by)(?: (?:late|early|the|on|about|around|at least))*$", re.IGNORECASE)
_SINCE = lazy(
    r"\b(?:since|ever since|dating to|dating back to|as of)(?: (?:late|early|the|on|about|around|at least))*$",
    re.IGNORECASE,
)
_HOUR = lazy(r"\s*\b(?:[0-9]{1,2}(?::[0-9]{2})?\s?(?:[ap]\.?m\b\.?)?|noon|midnight)(?: (?:[A-Z]{2,4}|on))*\s*$")
_CALLED_OFF = lazy(
    r"^[^.;]{0,60}?\b(?:was|were|(?:has|have|had) been) (?:then |later |abruptly )?"
    r"(?:cancel|call|postpon|put off|scrapp|delay)"
)
# “Called off Monday's strike”; what was cancelled may lie behind.
_CALLS_OFF = lazy(r"\bcall(?:ed|s|ing) off (?:the |a |its |their )?$", re.IGNORECASE)
_OFF = lazy(  # but not “Saturday's rally after shots were fired”
    rf"['’]s (?:[\w-]+ ){{0,3}}?{_OCCASION}\b"
    r"(?! after (?!(?:\w+ ){0,3}(?:deal|agreement|offer|pact)\b)(?:\w+ ){1,4}(?:was|were)\b)",
    re.IGNORECASE,
)
_GIVES = lazy(
    r"(?<!had )(?<!was )(?<!were )\b(?P<verb>faces?|facing|set|sets|setting|has|have) "
    r"(?:an?|its|their|another|the)(?: (?:new|self-imposed))? $",
    re.IGNORECASE,
)
_DEADLINE = lazy(
    r" (?:(?:night|midnight|morning|evening|strike|contract) ){0,2}deadline\b(?P<nears> (?:loom|approach|near)\w*)?"
    r"(?!,?(?: (?:that|which|but it))? (?:passed|came|expired|lapsed)\b)",
    re.IGNORECASE,
)
# “After the guild set a | Monday deadline, …”, “which set a | Friday deadline and struck”: the deadline is over.
_OVER = lazy(r"[^;]*?\b(?:struck|walked out|missed|(?<!by )(?<!before )then|when (?:it|they|he|she))\b", re.IGNORECASE)
_ONCE_SET = lazy(r"\b(?:after|when|which|who) (?:[^.;,]{0,60} )?set (?:[\w-]+ ){1,3}$", re.IGNORECASE)
_WILL_AFTER = lazy(
    r"^(?: (?:night|morning|afternoon|evening))? "
    r"(?:(?:will|won['’]t|plans? to|(?:is|are) (?:set|expected|scheduled|due|to))\b|['’]ll\b)",
    re.IGNORECASE,
)
_NEGATED_UNTIL = lazy(r"\b(?:not|n['’]t|had|been|was|were)\b[^;]*$", re.IGNORECASE)


def sentence_start(text: str, place: int) -> int:
    """Where the sentence that holds `place` begins, as far as `REACH` lets one see."""
    floor = max(0, place - REACH)
    start = floor
    for stop in _STOP().finditer(text, floor, place):
        if text[stop.start()] == "\n" or not _ABBREVIATED().search(text, max(floor, stop.start() - 6), stop.start()):
            start = stop.end()
    return start


def sentence_end(text: str, place: int) -> int:
    """Where the sentence that holds `place` ends, as far as `REACH` lets one see."""
    ceiling = min(len(text), place + REACH)
    for stop in _STOP().finditer(text, place, ceiling):
        if text[stop.start()] == "\n" or not _ABBREVIATED().search(text, max(0, stop.start() - 6), stop.start()):
            return stop.start()
    return ceiling


def tense_at(text: str, start: int, end: int) -> Tense:
    """The tense of the clause in which `text[start:end]` tells a date; costs about 20 µs."""
    before = text[sentence_start(text, start) : start]
    after = text[end : sentence_end(text, end)]
    before = _HOUR().sub(" ", before) if before[-1:] == " " else before
    tail = before.rstrip()
    if ahead := _AHEAD().search(tail):
        if _CALLED_OFF().match(after):
            return Tense.PAST
        return Tense.OPEN if _WAS_JUST().search(before[: ahead.start()]) else Tense.FUTURE
    if _CALLS_FOR().search(tail):
        return Tense.FUTURE
    if _WILL_AFTER().match(after) or (_OFF().match(after) and _CALLS_OFF().search(before)):
        return Tense.FUTURE
    if _gives_deadline(before, after):
        return Tense.FUTURE
    owned = after.startswith(("'s", "’s"))
    left, right = _WORD().findall(before), _WORD().findall(after)
    found, infinitive = _leftward(left)
    if _SINCE().search(tail):
        return Tense.PAST
    if found is Tense.FUTURE and _CALLED_OFF().match(after):
        found = Tense.PAST
    if _UNTIL().search(tail):
        clause = before if found is not Tense.NONE else after
        if found is Tense.PAST or found is Tense.NONE:
            found = Tense.PAST if _NEGATED_UNTIL().search(clause) else Tense.OPEN
    if found is Tense.NONE:
        found = _rightward(right)
        if found is Tense.NONE and infinitive:
            found = Tense.OPEN
    if owned and found in (Tense.OPEN, Tense.PLANNED):
        return Tense.PAST
    return found


def _gives_deadline(before: str, after: str) -> bool:
    """Whether the date is that of a deadline to come: “faces a | Friday deadline”, “a | Friday deadline looms”."""
    deadline, gives = _DEADLINE().match(after), _GIVES().search(before)
    if deadline is None or deadline["nears"]:
        return deadline is not None
    if gives is None:
        return False
    over = gives["verb"].lower() == "set" and (_ONCE_SET().search(before) or _OVER().match(after, deadline.end()))
    return not over


def _leftward(words: list[str]) -> tuple[Tense, bool]:
    """The tense, and whether an infinitive without a verb over it stands before the date: “Rally to be held Friday”."""
    infinitive = arranged = False
    for i in range(len(words) - 1, -1, -1):
        word, before, following = _around(words, i)
        if word in _BREAKS:
            break
        if word == "to" and following and following not in _NEVER_VERBS and words[i + 1][0].islower():
            if before in _LEADS_AT_ONCE or before in _NOUNS_TOO:
                return Tense.FUTURE, True
            infinitive = True
            continue
        arranged = arranged or _is_arranged(words, i)
        cue = _cue(word, before, following)
        if cue is Tense.PAST and infinitive and word in _LEADS_TO:
            return Tense.FUTURE, True  # “ordered the guild to appear Friday”
        if cue is not Tense.NONE:
            return (Tense.PLANNED if arranged and cue is Tense.PAST else cue), infinitive
    return (Tense.PLANNED if arranged else Tense.NONE), infinitive


def _is_arranged(words: list[str], i: int) -> bool:
    """Whether the word is a verb after a plural: “they strike Friday”, but “the writers’ strike”, “to strike”."""
    word, _, following = _around(words, i)
    if word in _IN_CAPTIONS:
        if not _THEN.issuperset(words[i + 1 :]):
            return False
    elif word not in _ARRANGED and following not in _ARRANGED_WITH.get(word, ()):
        return False
    earlier = [one.lower().replace("’", "'") for one in words[max(0, i - 5) : i]]
    if not earlier or _BARE_AFTER.intersection(earlier):
        return False
    if earlier[-1] in _PLURALS:
        return True
    if earlier[-1] in _NOT_PLURALS or not _PLURAL().fullmatch(earlier[-1]) or earlier[-2:-1] in (["a"], ["an"]):
        return False
    # “The actors strike” is the strike far more often: only the first words of a sentence are read otherwise.
    return (word not in _IN_CAPTIONS and word != "strike") or (i <= 2 and earlier[0] not in _NEVER_VERBS)


def _rightward(words: list[str]) -> Tense:
    present = Tense.NONE  # “which is …” decides only where no other verb does
    for i in range(len(words)):
        word, before, following = _around(words, i)
        if word in ("is", "are", "was", "were") and (following in _FORWARD or following in ("set", "to")):
            return Tense.FUTURE
        if word in _OPEN_AFTER or word == "continue":
            continue  # “Feb. 8: The Senate votes on …” tells what was done
        cue = _cue(word, before, following)
        if cue is Tense.OPEN and word in ("is", "are"):
            present = cue
        elif cue is not Tense.NONE:
            return cue
    return present


def _around(words: list[str], i: int) -> tuple[str, str, str]:
    word = words[i].lower().replace("’", "'") if words[i] != "May" else ""
    return word, words[i - 1].lower().replace("’", "'") if i else "", words[i + 1].lower() if i + 1 < len(words) else ""


def _cue(word: str, before: str, following: str) -> Tense:
    if word == "be" and before in ("will", "won't", "to", "'ll", "shall"):
        return Tense.NONE
    if word in _SCHEDULED and before in ("did", "didn't", "not", "to", "a", "the"):
        return Tense.NONE
    if word in _FORWARD or word.endswith("'ll"):
        if before in _WAS:
            return Tense.OPEN  # what was scheduled may have been, or been put off
        return Tense.NONE if before in _NEVER_VERBS and word == "will" else Tense.FUTURE
    if word in _NOUNS_TOO:
        plans = word.startswith("plan") and following in _PLANS_ONE and before not in _NEVER_VERBS
        return Tense.FUTURE if following == "to" or plans else Tense.NONE
    if word == "set" and before in _WAS | {"is", "are"}:
        return Tense.OPEN if before in _WAS else Tense.FUTURE
    if word in _PLAIN_PAST:
        return Tense.PAST
    if word in _PARTICIPLES or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST):
        # “to be held”, “are suspended”: the helping verb before it decides.
        return Tense.NONE if before in _HELPING and word not in _TRIED else Tense.PAST
    if word.endswith("'d"):  # “they'd met” had, “they'd return” would
        had = following in _PARTICIPLES or following in _HAD_BEFORE or following.endswith("ed")
        return Tense.PAST if had else Tense.OPEN
    if word in ("have", "has", "'ve"):
        return Tense.OPEN if following in ("to", "until") else Tense.PAST
    if word == "kicks" and following in ("in", "off") and before not in _NEVER_VERBS:
        return Tense.FUTURE
    if word == "continue" and following in _AT_DATE and (before in _TALKS or following not in ("on", "at")):
        return Tense.NONE if before in _AUXILIARIES or before.endswith("'ll") else Tense.OPEN
    if following in _OPEN_WITH.get(word, ()) and before not in _NEVER_VERBS:
        return Tense.OPEN
    if following in _AT_DATE and before in _OPEN_AFTER.get(word, ()):
        return Tense.OPEN
    return Tense.OPEN if word in _OPEN or word.endswith("'re") else Tense.NONE
