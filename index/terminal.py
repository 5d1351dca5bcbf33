"""Shows answers and progress to a person in a terminal: colour where it is one, plain text where it is piped.

Articles are strangers' text: nothing in them is read as markup or reaches the terminal as a control sequence.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.style import Style
from rich.text import Text

from corpus.day_words import WEEKDAY_NAMES, say
from index.engine import OnProgress
from index.events.differences import say_days
from index.records import Answer, Citation, Difference, IndexedArticle, Outcome, old_since, settled_date

# What people read for the engine's stages of a reindex.
STAGES = {
    "exporting the model": "Preparing the model (once)",
    "measuring runtimes": "Measuring the processor (once)",
    "reading": "Reading articles",
    "cutting": "Cutting passages",
    "embedding": "Embedding passages",
    "vectors": "Indexing vectors",
    "verifying": "Checking",
}
_WIDTH = 100  # lines longer than this are hard to read, however wide the window
_INDENT = 4
DATE_UNCERTAIN = "date uncertain"
# Zero-width joiners make one emoji of several, and letters of some scripts; other invisible characters can reorder a line.
_JOINERS = "\u200c\u200d"
_WORD = re.compile(r"\S+\s*")
_SPACES = ("Cc", "Zl", "Zp", "Zs")


def console(stream: TextIO | None = None) -> Console:
    """A console on the stream; nothing of articles or questions is ever read as markup."""
    made = Console(file=stream or sys.stdout, markup=False, highlight=False, emoji=False)
    if made.is_terminal:
        made.width = min(made.width, _WIDTH)
    return made


def show_answer(out: Console, answer: Answer, *, explain: bool = False, asked: date | None = None) -> None:
    """The date that was asked for or the sources' differing ones, then the citations, each with the answering sentence
    marked, its outlet, date and link; or that there are none. `asked` is the day of asking, for saying that all is old.
    """
    for line, indent in _found_out(answer):
        _print(out, line, indent=indent)
    if answer.read_as:
        _print(out, Text(f"Showing answers for “{one_line(answer.read_as)}”.", style="dim"))
    if answer.outcome is Outcome.NOTHING:
        _print(out, Text("Nothing in the corpus answers that.", style="bold"))
        if answer.nearest:
            _print(out, Text("The nearest articles, which don't:", style="dim"))
            for article in answer.nearest:
                _print(out, Text(f"{_title(article)} — {_origin(article)}", style="dim"), indent=2)
    elif answer.outcome is Outcome.WEAK:
        _print(out, Text("Perhaps one of these; none answers it for certain.", style="yellow"))
    newest = old_since(answer, asked) if asked else None
    if newest:
        _print(out, Text(f"This is old: the newest article here is of {say(newest)}.", style="yellow"))
    for citation in answer.citations:
        out.print()
        _print(out, _quote(citation, marks=out.color_system is None))
        for line in _reference(citation):
            _print(out, line, indent=_INDENT)
    if explain:
        out.print()
        for told in answer.explanation:
            _print(out, Text(one_line(told), style="dim"), wrap=False)
    out.print()


def _found_out(answer: Answer) -> Iterator[tuple[Text, int]]:
    """The date with the words it came from, how sources differ, and the times before; each line with its indent."""
    if answer.outcome is Outcome.NOTHING:
        return
    numbered = {one.number: one for one in (*answer.further, *answer.citations)}
    if when := settled_date(answer):
        told = say_days(when.first, when.last)
        text = Text(f"Perhaps {told}" if answer.outcome is Outcome.WEAK else told, style="bold")
        citation = numbered.get(when.citation)
        if citation:
            article = citation.article
            words = one_line(when.words)
            day = f"an article of {_full(article.published)}" if article.published else "an undated article"
            doubt = f" ({DATE_UNCERTAIN})" if article.doubt else ""
            text.append(f", from {f'“{words}” in ' if words else ''}{day}{doubt} [{when.citation}]", style="not bold")
        yield text, 0
    if answer.differences:
        yield Text("Sources differ:", style="bold"), 0
    yield from ((_told(one, numbered), 2) for one in answer.differences)
    if answer.earlier:
        yield Text("It had happened before:", style="bold"), 0
    yield from ((_told(one, numbered), 2) for one in answer.earlier)


def _told(one: Difference, numbered: dict[int, Citation]) -> Text:
    citation = numbered.get(one.citation)
    words = f": “{one_line(one.words)}”" if one.words else ""
    source = f"{', ' if words else ': '}{_origin(citation.article)}" if citation else ""
    return Text.assemble((one_line(one.value), "bold"), f"{words}{source} [{one.citation}]")


@contextmanager
def progress_bar(stream: TextIO | None = None) -> Iterator[OnProgress]:
    """A bar with stage, done of total, rate and time left, on standard error; silent where that is no terminal."""
    out = Console(file=stream or sys.stderr)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=out,
        disable=not out.is_terminal,
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=total, rate="")
            task = tasks[stage]
            speed = next((one.speed for one in bar.tasks if one.id == task), None)
            bar.update(task, completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield show


def one_line(text: str) -> str:
    """Strangers' text as it may be shown: on one line, single spaces, nothing that moves a cursor or turns a line round."""
    return " ".join(_harmless(text).split())


def _harmless(text: str) -> str:
    """Without control and invisible characters; each run of spaces and line ends is one space, at the ends too."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    kept: list[str] = []
    for one in text:
        kind = unicodedata.category(one)
        if kind in _SPACES:
            if not kept or kept[-1] != " ":
                kept.append(" ")
        elif kind == "Cs":
            kept.append("\ufffd")
        elif kind != "Cf" or one in _JOINERS:
            kept.append(one)
    return "".join(kept)


def _print(out: Console, text: Text, *, indent: int = 0, wrap: bool = True) -> None:
    """A paragraph. Wrapped in a terminal, where links stay whole; in one line where it is piped, for other programs to read."""
    margin = Text(" " * indent)
    for line in _wrapped(text, max(out.width - indent, 20)) if wrap and out.is_terminal else [text]:
        line.rstrip()
        out.print(margin + line, soft_wrap=True)


def _wrapped(text: Text, width: int) -> Iterable[Text]:
    """Broken between words alone: rich's own wrapping would break a link, and what is broken can't be followed."""
    breaks: list[int] = []
    used = 0
    for word in _WORD.finditer(text.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    return text.divide(breaks)


def _quote(citation: Citation, *, marks: bool) -> Text:
    """`[1] …` with the answering sentence in bold; where there is no bold, between asterisks."""
    text = Text.assemble((f"[{citation.number}]", "cyan bold"), " ")
    start = citation.span.start
    best = citation.highlights[0]
    answering = one_line(citation.text[best.start - start : best.end - start])
    text.append(_harmless(citation.text[: best.start - start]).lstrip())
    text.append(f"**{answering}**" if marks else answering, style="bold")
    text.append(_harmless(citation.text[best.end - start :]))
    return text


def _reference(citation: Citation) -> Iterator[Text]:
    article = citation.article
    yield Text(f"{_origin(article)} · {_title(article)}", style="green")
    if article.url:
        url = one_line(article.url)
        followed = url.startswith(("https://", "http://"))
        yield Text(url, style=Style(dim=True, underline=True, link=url if followed else None))
    for other in citation.also:
        yield Text(f"also in {_origin(other)} · {_title(other)}", style="dim")


def _title(article: IndexedArticle) -> str:
    return one_line(article.title) or article.id


def _origin(article: IndexedArticle) -> str:
    day = say(article.published) if article.published else "undated"
    doubt = f" ({DATE_UNCERTAIN})" if article.doubt else ""
    return f"{one_line(article.outlet) or 'no outlet'}, {day}{doubt}"


def _full(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {say(day)}"
