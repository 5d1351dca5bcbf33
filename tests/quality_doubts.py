"""Measures how often an article with a wrong date is doubted, and lists the doubts about right ones.

Run it as `python -m tests.quality_doubts`. Each article of the starter corpus, and of those beside the repository where they
are there, is dated back by some days, one at a time beside the others as they are. No model is needed; it takes some ten seconds.
"""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from corpus.article import Article, text_digest
from corpus.files import ArticleFolder
from index.doubts.later_events import Teller, later_doubts
from index.doubts.own_words import doubt_of
from index.doubts.told_events import told_events
from index.unions import unions_of
from tests.quality import STRIKE, strike_engine
from tests.quality_dates import say
from tests.quality_events import CORPUS

BACK = (30, 60, 120, 200)  # days


def main() -> None:
    measure("starter corpus", articles_in(ArticleFolder(CORPUS)))
    if not STRIKE.is_file():
        print("The articles about strikes are not in ../shared, so they are not measured.")
        return
    with tempfile.TemporaryDirectory() as place, closing(strike_engine(Path(place) / "strike", "none")) as engine:
        measure("articles about strikes", articles_in(engine.folder))


def measure(name: str, articles: Sequence[Article]) -> None:
    """Prints the doubts as the articles are, and the share that is doubted once its date is wrong."""
    tellers = [teller(row, one, one.published) for row, one in enumerate(articles)]
    beside = later_doubts(tellers)
    doubts = {row: one.doubt or beside.get(row, "") for row, one in enumerate(tellers)}
    print(f"{name}: {len(articles)} articles, {sum(map(bool, doubts.values()))} doubted as they are")
    for row, doubt in doubts.items():
        if doubt:
            print(f"  {articles[row].id}: {doubt}")
    dated = [(row, one, one.published) for row, one in enumerate(articles) if one.published]
    for days in BACK:
        own: list[list[bool]] = []
        others: list[list[bool]] = []
        either: list[list[bool]] = []
        for row, one, day in dated:
            moved = teller(row, one, day - timedelta(days))
            found = later_doubts([*tellers[:row], moved, *tellers[row + 1 :]])
            own.append([bool(moved.doubt)])
            others.append([row in found])
            either.append([bool(moved.doubt) or row in found])
        print(f"dated back by {days} days:")
        say("doubted by its own words", own)
        say("doubted beside the others", others)
        say("either", either)


def teller(row: int, article: Article, published: date | None) -> Teller:
    """The article as a reindex sees it, were it published on that day."""
    told = told_events(article.text, published, unions_of(article.title, article.tags, article.text))
    doubt = doubt_of(article.text, published)
    return Teller(row, article.collection, published, text_digest(article.text), doubt, told)


def articles_in(folder: ArticleFolder) -> list[Article]:
    return [folder.read(stamp.path) for stamp in folder.stamps()]


if __name__ == "__main__":
    main()
