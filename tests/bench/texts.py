"""Makes any number of articles out of the starter corpus: its sentences recombined, with names and numbers of their own.

The words stay those of the briefs; the invented names give the postings a vocabulary that grows with the corpus, as
that of real news does. Always the same articles for the same count.
"""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from corpus.article import Article, make_article
from corpus.files import ArticleFolder
from index.sentences import sentence_spans

STARTER = Path(__file__).resolve().parents[2] / "corpus" / "articles"
# This gives four to five passages an article of 128 word pieces each.
SENTENCES = range(14, 21)
# This share of the sentences has its names and numbers replaced; this share of those names is new to the corpus.
_CHANGED, _NEW = 0.4, 0.1
_SEED = 1_933
_ADDED = datetime(2024, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(2019, 1, 1)
_SLOT = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b|\b\d{1,3}\b")
_ONSETS = re.findall(r"\w+", "b br c ch d f fr g gr h j k kl l m n p pr r s st t th v w z")
_VOWELS = re.findall(r"\w+", "a e i o u ai ea io ou")
_ENDS = re.findall(r"\w+", "n r s l m t ck nd rt x")


def briefs() -> list[Article]:
    """The starter corpus."""
    folder = ArticleFolder(STARTER)
    return [folder.read(stamp.path) for stamp in folder.stamps()]


def brief_sentences() -> list[str]:
    """Every sentence of the starter corpus, in order."""
    return [span.of(article.text).strip() for article in briefs() for span in sentence_spans(article.text)]


def made_articles(count: int) -> Iterator[Article]:
    """Articles of four to five passages each."""
    rng = random.Random(_SEED)
    titles = [article.title for article in briefs()]
    sentences = [(_pieces(one), _SLOT.findall(one)) for one in brief_sentences()]
    names = [_name(rng) for _ in range(500)]
    for number in range(count):
        lines, paragraph = [], 0
        for place in range(rng.choice(SENTENCES)):
            pieces, slots = sentences[int(rng.random() * len(sentences))]
            if slots and rng.random() < _CHANGED:
                slots = [_filling(slot, names, rng) for slot in slots]
            lines.append("".join(_woven(pieces, slots)))
            if place >= paragraph:
                lines.append("\n\n")
                paragraph = place + rng.randrange(1, 4)
            else:
                lines.append(" ")
        head, tail = rng.choice(titles), rng.choice(names)
        yield make_article(
            id=f"made-{number:06d}",
            title=f"{head}, says {tail}",
            text="".join(lines).strip(),
            outlet=f"{rng.choice(names)} Post",
            published=_FIRST_DAY + timedelta(days=rng.randrange(2_000)),
            added=_ADDED,
        )


def _pieces(sentence: str) -> list[str]:
    return _SLOT.split(sentence)


def _woven(pieces: list[str], slots: list[str]) -> Iterator[str]:
    for piece, slot in zip(pieces, [*slots, ""], strict=True):
        yield piece
        yield slot


def _filling(slot: str, names: list[str], rng: random.Random) -> str:
    if slot.isdigit():
        return str(rng.randrange(2, 10 ** len(slot) + 2))
    if rng.random() < _NEW:
        names.append(_name(rng))
        return names[-1]
    # The lower a name's number the oftener it comes, as with words.
    return names[int(len(names) ** rng.random()) - 1]


def _name(rng: random.Random) -> str:
    parts = [rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(rng.randrange(1, 4))]
    word: str = "".join(parts) + rng.choice(_ENDS)
    return word.capitalize()
