"""Reads which act a question asks for, and who does it: “when did the guild | say | it would meet the studios”.

No grammar is parsed: the words between the asking and the first act are the subject, and what follows “that”, “to” or
“it would” is told, not asked for. Words for acts are `events.acts`'.
"""

import re

from corpus.patterns import lazy
from index.events.acts import VOTES, Act, acts_in, plain_terms

WHEN = r"(?:wh?e+n|wehn|whne|wen|whn|hwen)"
ASKING = r"(?:did|do|does|was|were|is|are|will|would|has|have|had|should|could|can|might|exactly|precisely|abouts)"
TIME = (
    r"(?:(?:day|night|date|month|year|week|weekend|evening|morning|afternoon)s?"
    r"|weekday|season|summer|winter|autumn|fall|spring|quarter|decade|time)"
)
_AUXILIARY = lazy(rf"\b(?:{WHEN}(?:['’]?s)?|{TIME})\s+(?P<aux>{ASKING})\b", re.IGNORECASE)
# Where the question's own clause ends; what is told after the first kind can be what is meant, after the second not.
_CONTENT = lazy(
    r"\s(?P<scene>after|before|because|while|if|when|without|despite|since|until|now\sthat|now(?=\sthe\s))\s"
    r"|\s(?P<told>that|(?:it|they|he|she|we|i)\s+(?:would|will|was|were|had|could|is|are|has|have|did|might)"
    r"|to(?!\s(?:work|the\stable|bargaining|talks)\b))\s"
    r"|\s(?:for|about|with|against|by|from|over)\s",
    re.IGNORECASE,
)
# The clause that asks, with words of its own: not “when, after the vote, …”, nor “how long after …”.
_PLACED = lazy(rf"\b(?:{WHEN}(?:['’]?s)?|(?:what|which|wat)\s+{TIME})\s+\S+\s+\S+", re.IGNORECASE)
# “When did the strike after the talks' collapse | end”
_ENDS_ASKING = lazy(r"\b(?:end|begin|start|finish|happen|resume|expire|conclude)\W*$", re.IGNORECASE)
_ASKED_LAST = lazy(rf"\W\s*(?:on\s+)?(?:{WHEN}|(?:what|which|wat)\s+{TIME})\W*$", re.IGNORECASE)
_BE = frozenset(("was", "were", "is", "are", "wa", "be"))
_DETERMINERS = frozenset(
    "the a an its their his her this that our your final first last next new strike ratification author authorization "
    "open tentat".split()
)
_NOUNS = frozenset(
    plain_terms("agreement deal settlement pact accord statement deadline suspension ratification ballot letter")
)
_ARTICLES = frozenset("the a an its their his her our your".split())
_PAST = lazy(
    r"\b\w+ed\b|\b(?:was|were|there(?:['’]?s|\sis))\b(?!\s\w+ing\b)|\b(?:went|began|broke|met|had|fell|came|struck|won|lost|left)\b",
    re.IGNORECASE,
)
_AHEAD = lazy(r"\b(?:would|will|could|might|plan\w*|going)\b|\b(?:was|were)\s\w+ing\b", re.IGNORECASE)
_PARTICIPLE = lazy(r"\b(?:\w+ed|held|made|met|begun|broken|sent|told|set|put|cut|struck|lost|won)\W*$", re.IGNORECASE)

# “when did the writers strike”, but not “when did they avoid the writers strike”, nor “how long did their strike last”.
_STRIKES = lazy(
    r"\b(?:did|do|does|will|would|should|could|can|might)\s+(?:(?:the|any|all)\s+)?"
    r"(?:(?!(?:the|an?|this|that|their|another|its)\b)[\w&'’.-]+\s+){1,6}strike"
    r"(?=\W*$|\s+(?:against|over|for|in|at|on|because|again|together|their|ever)\b)",
    re.IGNORECASE,
)
# “when was the writers strike” asks for its first day.
_WHEN_WAS = lazy(
    rf"\b{WHEN}(?:['’]?s|\s+(?:was|were|is))\s+(?:[\w&'’.-]+\s+){{1,6}}(?:strikes?|walkouts?|stoppages?)\W*$",
    re.IGNORECASE,
)
# “The 14-week strike” is asked about as a whole.
_LASTING = lazy(r"\b\d+[- ](?:hour|day|week|month|year)\b", re.IGNORECASE)
_NOTHING_NEW = lazy(r"\W*(?:it|that|this|they|those)?\W*", re.IGNORECASE)
_GERUND = lazy(r"\s*\w+ing\s", re.IGNORECASE)
UNTIL_WHEN = rf"\b(?:until|till?|by|through)\s+(?:{WHEN}|what|which)\b"
# “when is the contract up”, “extended until when”
_UP = lazy(
    rf"\b(?:is|are|was|were|be)\b.*(?<!wrap )(?<!wind )(?<!end )(?<!break )\bup\W*$|{UNTIL_WHEN}",
    re.IGNORECASE,
)


# “The last day of the extension” is the one on which it runs out.
_TERM = lazy(
    r"(?:(?:the|their|its|his|her|this|that)\s+)?(?:[\w-]+\s+)?(?:contract|agreement|extension|deal|pact)\b",
    re.IGNORECASE,
)
# “Start talking again” is no first meeting.
_AGAIN = lazy(r"\b(?:start|begin|get)\s+\w+ing\s+again\b", re.IGNORECASE)
# “What was the first day of the strike”
_EDGE = lazy(
    rf"\b(?:what|which|whats|{WHEN})\b.{{0,16}}\b(?:(?P<first>first)|last|final)\s+day\s+of\s+(?!the\s+(?:week|month|year))",
    re.IGNORECASE,
)


def main_acts(question: str) -> frozenset[Act]:
    """The acts that are asked for: those of the question's main verb, else all that it names.

    “When did the alliance say it would meet the guild” asks for saying, “when did the Post say the guild voted” for voting.
    """
    asking = _AUXILIARY().search(question)
    body = question[asking.end() :] if asking else question
    if asking and _NOTHING_NEW().fullmatch(body):  # “the end of the strike, when was it”
        body, asking = question[: asking.start()], None
    content = _CONTENT().search(body)
    main, rest = (body[: content.start()], body[content.start() :]) if content else (body, "")
    if content and not content["told"]:
        rest = ""
    if edge := _EDGE().search(question):
        return frozenset(
            {Act.BEGIN if edge["first"] else Act.EXPIRE if _TERM().match(question, edge.end()) else Act.END}
        )
    if _UP().search(question):
        return frozenset({Act.EXPIRE})
    words = plain_terms(main)
    found, told = acts_in(words), acts_in(plain_terms(rest))
    own = question[: asking.end()] + main if asking else main
    scene = content is not None and content["scene"] is not None and _PLACED().search(own) is not None
    own = own if scene else question
    if not found and (_STRIKES().search(own) or (_WHEN_WAS().search(own) and not _LASTING().search(own))):
        return frozenset({Act.BEGIN})
    if not found and scene and not _ENDS_ASKING().search(body):
        return frozenset()  # “when is the show on now that the strike is over”: that ended is known
    if not found:
        return frozenset(act for _, act in told or acts_in(plain_terms(body)))
    verbs = [(place, act) for place, act in found if not place or words[place - 1] not in _DETERMINERS]
    if len(verbs) > 1 and verbs[0][0] == 0 and _GERUND().match(main):
        verbs = verbs[1:]  # “did voting start”
    if asking is not None:  # “did the SAG deal run out”; but who asks when it was announced asks for the deal
        verbs = [(place, act) for place, act in verbs if words[place] not in _NOUNS and act is not Act.SAY] or verbs
    if not verbs:
        return frozenset(act for _, act in found)
    passive = asking is not None and asking["aux"].lower() in _BE and _PARTICIPLE().search(main.strip())
    place = verbs[-1][0] if passive else verbs[0][0]
    chosen = frozenset(act for there, act in verbs if there == place)
    if Act.VOTE in chosen:  # “when did they vote to ratify it”
        chosen = frozenset(act for _, act in (*acts_in(words[place + 1 :]), *told)) & VOTES or chosen
    if chosen == {Act.MEET} and _AGAIN().search(main):
        chosen = frozenset({Act.RESUME})
    if Act.SAY in chosen and not _AHEAD().search(body) and _PAST().search(body):
        meant = frozenset(act for _, act in acts_in(words[place + 1 :]) + told) - {Act.SAY}
        if meant:
            return meant
    return chosen


def subject_of(question: str) -> str:
    """The words between the asking and the first act: “the writers” of “when did the writers walk out”.

    Where there is no known act, the first word, with its article; “” where the question asks in another way. In “the guild
    voted when” those are the words before the act.
    """
    asking = _AUXILIARY().search(question)
    at_the_end = _ASKED_LAST().search(question)
    if asking is None and at_the_end is None:
        return ""
    words = (question[asking.end() :] if asking else question[: at_the_end.start()] if at_the_end else "").split()
    terms, owners = [], []
    for number, word in enumerate(words):
        for term in plain_terms(word):
            terms.append(term)
            owners.append(number)
    for place, _ in acts_in(terms):
        if owners[place] and terms[place - 1] not in _ARTICLES:
            return " ".join(words[: owners[place]])
    return " ".join(words[: 2 if words and words[0].lower() in _ARTICLES else 1]) if not acts_in(terms) else ""
