"""`python -m index reindex | ask | search | status | generations | rollback | eval`: the index from a shell.

Exit codes: 0 done; 1 the thing asked for failed, with a sentence on standard error; 2 wrong usage.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from corpus.article import check_collection
from corpus.config import config_option
from corpus.errors import ArticleError, CorpusError
from corpus.shell import counted, run
from index.engine import Engine
from index.errors import EngineError, QuestionError
from index.generations import Manifest
from index.output import (
    answer_fields,
    failure_fields,
    json_line,
    search_failure_fields,
    search_fields,
    trec_lines,
    trec_name,
)
from index.records import Question
from index.streams import Identity, answer_stream

if TYPE_CHECKING:
    from index.builder import BuildReport

MAX_HITS = 1_000

Command = TypeVar("Command", bound=Callable[..., object])


def main() -> NoReturn:
    """Runs the command; every expected failure is one sentence and exit code 1."""
    stopped = "Stopped; the generation in use stays."
    run(cli, program="python -m index", errors=(EngineError, CorpusError), stopped=stopped)


def _collections(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(check_collection, values))
    except ArticleError as error:
        raise click.BadParameter(str(error)) from error


def _collection_option(command: Command) -> Command:
    return click.option(
        "--collection",
        "collections",
        multiple=True,
        default=("public",),
        show_default=True,
        callback=_collections,
        help="Where to look.",
    )(command)


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="As JSON.")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Finds and quotes what the articles say."""


@cli.command()
@click.option("--full", is_flag=True, help="Parse every article again; unseen text alone is embedded.")
@_json_option
@config_option
def reindex(full: bool, as_json: bool, config: Path) -> None:
    """Brings the index up to date with the articles."""
    from index.terminal import one_line, progress_bar

    with closing(Engine.open(config)) as engine, progress_bar() as progress:
        report = engine.reindex(full=full, now=datetime.now(UTC), progress=progress)
    click.echo(json_line(asdict(report)) if as_json else report_line(report))
    for why in (*report.remarks, *(failure.why for failure in report.failures)):
        click.echo(one_line(why), err=True)
    if report.failures:
        sys.exit(1)


@cli.command()
@click.argument("text", required=False)
@_json_option
@click.option("--jsonl", is_flag=True, help="One JSON question a line on standard input, one JSON answer a line out.")
@click.option("--explain", is_flag=True, help="Tell how each hit came to be.")
@_collection_option
@config_option
def ask(
    text: str | None, as_json: bool, jsonl: bool, explain: bool, collections: tuple[str, ...], config: Path
) -> None:
    """Answers a question with cited, verbatim snippets."""
    question = _asked(text, jsonl, collections)
    with closing(Engine.open(config)) as engine:
        if question is None:

            def reply(identity: Identity, question: Question) -> dict[str, Any]:
                return answer_fields(identity, question.text, engine.ask(question))

            if not answer_stream(reply, failure_fields, collections=collections):
                sys.exit(1)
            return
        answer = engine.ask(question)
    if as_json:
        click.echo(json_line(answer_fields(None, question.text, answer)))
    else:
        from index.terminal import console, show_answer  # rich takes a tenth of a second; JSON needs none of it

        show_answer(console(), answer, explain=explain, asked=question.asked_at.date())


@cli.command()
@click.argument("text", required=False)
@click.option("-k", type=click.IntRange(1, MAX_HITS), default=10, show_default=True, help="How many passages.")
@_json_option
@click.option("--jsonl", is_flag=True, help="One JSON text a line on standard input, one JSON list of hits a line out.")
@click.option("--trec", type=click.Path(dir_okay=False, path_type=Path), help="With --jsonl: also write a TREC run.")
@_collection_option
@config_option
def search(
    text: str | None,
    k: int,
    as_json: bool,
    jsonl: bool,
    trec: Path | None,
    collections: tuple[str, ...],
    config: Path,
) -> None:
    """Finds passages, without judging whether they answer."""
    question = _asked(text, jsonl, collections)
    if trec and not jsonl:
        raise click.UsageError("--trec goes with --jsonl.")
    with closing(Engine.open(config)) as engine:
        if question is None:
            whole = _search_stream(engine, k, trec, collections)
            if not whole:
                sys.exit(1)
            return
        _, found = engine.search(question, k)
    if as_json:
        click.echo(json_line(search_fields(None, found)))
        return
    from index.terminal import one_line

    for rank, item in enumerate(found, start=1):
        day = item.article.published.isoformat() if item.article.published else "undated"
        click.echo(f"{rank:>3}  {item.hit.score:.3f}  {item.article.id}  {day}  {one_line(item.passage.text)[:160]}")


def _search_stream(engine: Engine, k: int, trec: Path | None, collections: tuple[str, ...]) -> bool:
    """Searches the texts on standard input; with `trec`, writes k articles of each as a run in the end."""
    lines: dict[str, list[str]] = {}
    per_article = engine.settings.search.passages_per_article

    def reply(identity: Identity, question: Question) -> dict[str, Any]:
        topic = "" if identity is None else trec_name(str(identity))
        if trec and (not topic or topic in lines):
            raise QuestionError(f"A run needs an id of its own for each text, not {identity!r:.60}; give it one.")
        # Several passages of an article count once in a run: more are looked at so that k articles remain.
        _, found = engine.search(question, min(MAX_HITS, per_article * k) if trec else k)
        lines[topic] = trec_lines(topic, found, k)
        return search_fields(identity, found[:k])

    whole = answer_stream(reply, search_failure_fields, collections=collections)
    if trec:
        try:
            trec.write_text("".join(f"{line}\n" for some in lines.values() for line in some), "utf-8")
        except OSError as error:
            raise EngineError(f"{trec} can't be written ({error.strerror}); name another file.") from error
    return whole


@cli.command()
@_json_option
@config_option
def status(as_json: bool, config: Path) -> None:
    """Tells what is indexed and whether the articles have changed since."""
    from index.drift import drift
    from index.terminal import one_line

    with closing(Engine.open(config)) as engine:
        told, since = engine.status(), drift(engine)
    if as_json:
        click.echo(json_line(asdict(told) | {"drift": asdict(since)}))
        return
    made = told.manifest
    click.echo(f"generation {made.number} of {made.made_at}: {_size(made)}")
    click.echo(f"model {made.model}, vectors {made.dense.kind} (recall {made.dense.recall:.3f})")
    click.echo(f"{counted(told.files, 'article file')} in {told.folder}; since then {since.told or 'nothing changed'}")
    for failure in since.failures:
        click.echo(f"not indexed: {one_line(failure.why)}")


@cli.command()
@_json_option
@config_option
def generations(as_json: bool, config: Path) -> None:
    """Lists the kept generations, newest first."""
    with closing(Engine.open(config)) as engine:
        history = engine.history()
    if as_json:
        kept = [asdict(made) | {"current": now} for made, now in history if isinstance(made, Manifest)]
        click.echo(json_line(kept))
        return
    for made, in_use in history:
        mark = "*" if in_use else " "
        if isinstance(made, Manifest):
            changes = f"+{made.added} −{made.removed} ~{made.changed}"
            click.echo(f"{mark} {made.number}  {made.made_at}  {_size(made)} ({changes})")
        else:
            click.echo(f"{mark} {made}")


@cli.command()
@click.argument("number", type=click.IntRange(1), required=False)
@config_option
def rollback(number: int | None, config: Path) -> None:
    """Goes back to an older generation, by default the one before.

    The next reindex, which a start of the bot and “make ask” begin with, indexes again what the files say.
    """
    with closing(Engine.open(config)) as engine:
        made = engine.rollback(number, now=datetime.now(UTC))
    articles = counted(made.articles, "article")
    click.echo(f"Generation {made.number} of {made.made_at} is in use again ({articles}), until the next reindex.")


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@cli.command("eval")
@click.option("--queries", required=True, type=_FILE, help="JSONL: id, text.")
@click.option("--qrels", required=True, type=_FILE, help="TSV: query, article, grade.")
@_json_option
@config_option
def evaluate(queries: Path, qrels: Path, as_json: bool, config: Path) -> None:
    """Measures ranking: nDCG@10, R@10 and RR@10."""
    from index.measures import measure  # ir-measures takes half a second to import

    with closing(Engine.open(config)) as engine:
        figures = measure(engine, queries, qrels)
    if as_json:
        click.echo(json_line(figures))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<8} {value:.4f}" if isinstance(value, float) else f"{name:<8} {value}")


def report_line(report: "BuildReport") -> str:
    """What a reindex did, in one line."""
    articles, passages = counted(report.articles, "article"), counted(report.passages, "passage")
    if not report.published:
        return f"Nothing has changed: generation {report.generation} with {articles} stays in use."
    changes = f"+{report.added} −{report.removed} ~{report.changed}"
    return (
        f"Generation {report.generation}: {articles} ({changes}), {passages}, "
        f"{report.embedded:,} embedded, {report.seconds:.1f} s"
    )


def _size(made: Manifest) -> str:
    return f"{counted(made.articles, 'article')}, {counted(made.passages, 'passage')}"


def _asked(text: str | None, jsonl: bool, collections: tuple[str, ...]) -> Question | None:
    """The question on the command line, or None where questions come on standard input."""
    if jsonl and text is not None:
        raise click.UsageError("With --jsonl the questions come from standard input; leave TEXT out.")
    if jsonl:
        return None
    if text is None:
        raise click.UsageError("Give a text, or --jsonl and texts on standard input.")
    return Question(text, datetime.now(UTC), collections=collections)
