"""Doubts beside the corpus, through a whole engine: an article's date is in doubt as long as other articles say otherwise."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.article import format_markdown, make_article
from index.records import Question
from tests.engines import SmallEngine, configure, open_engine

ADDED = ASKED = datetime(2032, 1, 9, 12, tzinfo=UTC)
EARLY = "The SAG-AFTRA strike against the studios has ended. Cameras roll again in Aldmouth."
WITNESSES = (
    "The SAG-AFTRA strike against the studios ended on November 9, 2031. Crews in Aldmouth were called back.",
    "The strike of SAG-AFTRA against the studios ended on Nov. 9. In Brackwater nobody had waited for it.",
)


def _write(folder: Path, name: str, published: date, text: str, collection: str = "public") -> Path:
    article = make_article(
        id=name, title="", text=text, outlet="Harbour Post", published=published, added=ADDED, collection=collection
    )
    path = folder / ("" if collection == "public" else collection.replace(":", "-")) / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_markdown(article), "utf-8")
    return path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    opened = open_engine(configure(tmp_path))
    yield opened
    opened.close()


def _fill(folder: Path, *, witnesses: str = "public", doubted: str = "public") -> list[Path]:
    """An article of August that tells the end, and two that date it to November; the paths of these two."""
    _write(folder, "early", date(2031, 8, 3), EARLY, doubted)
    return [
        _write(folder, f"witness-{number}", date(2031, 11, 11 + number), text, witnesses)
        for number, text in enumerate(WITNESSES)
    ]


def _doubts(engine: SmallEngine, *collections: str) -> dict[str, str]:
    return {one.id: one.doubt for one in engine.articles(collections or ("public",)) if one.doubt}


def test_an_article_that_tells_what_others_date_later_is_date_uncertain(engine: SmallEngine) -> None:
    _fill(engine.folder.directory)
    engine.reindex(now=ASKED)
    assert _doubts(engine) == {
        "early": "It tells that the strike of SAG-AFTRA has ended (“strike against the studios has ended”), "
        "but is dated 3 August 2031; other articles date that 9 November 2031."
    }
    found = engine.article("public", "early")
    assert found is not None
    assert found[0].doubt.endswith("9 November 2031.")


def test_the_doubt_comes_and_goes_with_the_others_though_the_article_is_not_read_again(engine: SmallEngine) -> None:
    _, second = _fill(engine.folder.directory)
    engine.reindex(now=ASKED)
    text = second.read_text("utf-8")
    second.unlink()
    engine.model.encoder(lambda *_: None).encoded = 0
    engine.reindex(now=ASKED)
    assert _doubts(engine) == {}
    second.write_text(text, "utf-8")
    report = engine.reindex(now=ASKED)
    assert list(_doubts(engine)) == ["early"]
    assert (report.added, report.changed, report.embedded) == (1, 0, 0)


def test_no_server_s_articles_touch_what_another_server_or_everybody_is_shown(engine: SmallEngine) -> None:
    folder = engine.folder.directory
    _fill(folder, witnesses="guild:7", doubted="public")
    _write(folder, "early-there", date(2031, 8, 3), EARLY, "guild:8")
    _write(folder, "early-here", date(2031, 8, 3), EARLY, "guild:7")
    engine.reindex(now=ASKED)
    assert list(_doubts(engine, "public", "guild:7", "guild:8")) == ["early-here"]


def test_a_server_s_article_is_compared_with_the_public_ones(engine: SmallEngine) -> None:
    _fill(engine.folder.directory, doubted="guild:7")
    engine.reindex(now=ASKED)
    assert list(_doubts(engine, "public", "guild:7")) == ["early"]


def test_an_answer_that_cites_it_explains_why_its_date_is_in_doubt(engine: SmallEngine) -> None:
    _fill(engine.folder.directory)
    engine.reindex(now=ASKED)
    lines = engine.ask(Question("do cameras roll again in Aldmouth", ASKED)).explanation
    assert [line for line in lines if "uncertain" in line] == [
        "the date of early is uncertain: It tells that the strike of SAG-AFTRA has ended (“strike against the studios has "
        "ended”), but is dated 3 August 2031; other articles date that 9 November 2031."
    ]


def test_passages_carry_the_doubt_of_their_article(engine: SmallEngine) -> None:
    _fill(engine.folder.directory)
    engine.reindex(now=ASKED)
    with engine.searcher() as searcher:
        found = searcher.tables.passages_of(range(searcher.tables.passages)).values()
    assert {article.id: bool(article.doubt) for _, article in found} == {
        "early": True,
        "witness-0": False,
        "witness-1": False,
    }
