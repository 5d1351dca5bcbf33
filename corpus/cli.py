"""`python -m corpus add | list | show | remove | check`: the corpus from a shell.

Exit codes: 0 done; 1 the thing asked for failed, with a sentence on standard error; 2 wrong usage.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from corpus.article import GIVEN, PUBLIC, article_fields, check_collection, check_url
from corpus.config import CorpusFile, CorpusSettings, config_option, load_config, resolve
from corpus.errors import ArticleError, CorpusError
from corpus.files import ArticleFolder, Catalogue, Entry
from corpus.shell import counted, run

if TYPE_CHECKING:  # `add` alone needs the HTML tools, which take a second to import
    from corpus.obtain import Obtained


def main() -> NoReturn:
    """Runs the command; every expected failure is one sentence and exit code 1."""
    stopped = "Stopped; what was told before is kept."
    run(cli, program="python -m corpus", errors=(CorpusError,), stopped=stopped)


def _collection(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        return value and check_collection(value)
    except ArticleError as error:
        raise click.BadParameter(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Keeps the articles that Picket answers from."""


@cli.command()
@click.argument("what", metavar="FILE|FOLDER|URL…", nargs=-1, required=True)
@click.option(
    "--collection",
    default=PUBLIC,
    show_default=True,
    callback=_collection,
    help="“public”, or “guild:” and a server's number.",
)
@click.option("--title", help="The headline, where the source has it wrong (one article only).")
@click.option("--outlet", help="Who published it (one article only).")
@click.option(
    "--date", "published", type=click.DateTime(["%Y-%m-%d"]), help="When it was published (one article only)."
)
@click.option("--url", help="Where it can be read (one article only).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@config_option
def add(
    what: tuple[str, ...],
    collection: str,
    title: str | None,
    outlet: str | None,
    published: datetime | None,
    url: str | None,
    as_json: bool,
    config: Path,
) -> None:
    """Adds or updates articles.

    Takes .md, .txt, .html, .mht, .eml, .jsonl (one article a line), .json and .zip files, folders of them, web addresses
    and feeds.
    """
    from corpus.keep import Corrections, keep

    settings, folder = _open(config)
    if url:
        check_url(url, place=f"--url for {', '.join(what)}")
    corrections = Corrections(title, outlet, published.date() if published else None, url)
    now = datetime.now(UTC)
    if published and published.date() > now.date():
        raise click.UsageError(
            f"--date {published.date()} lies after today, {now.date()}; give the day it was published."
        )
    found = _all(what, settings, now.date())
    if corrections != Corrections():
        items = list(found)
        if len(items) != 1:
            raise click.UsageError(f"--title, --outlet, --date and --url are for one article; {len(items)} were found.")
        found = iter(items)
    folder.prepare()
    catalogue = Catalogue(folder)
    counts: Counter[str] = Counter()
    for kept in keep(found, catalogue, now=now, collection=collection, corrections=corrections):
        counts[kept.status] += 1
        day = kept.published.isoformat() if kept.published else None
        if kept.status == "failed":
            click.echo(kept.note, err=True)
        if as_json:
            fields = {name: getattr(kept, name) or None for name in ("origin", "status", "id", "title", "note")}
            click.echo(json.dumps(fields | {"published": day}, ensure_ascii=False))
        elif kept.status != "failed":
            note = f" ({kept.note})" if kept.note else ""
            click.echo(f"{kept.status:<9}  {kept.id}  {day or 'undated'}{note}")
    if not as_json:
        told = ", ".join(f"{counts[status]} {status}" for status in ("added", "updated", "unchanged", "failed"))
        changed = counts["added"] + counts["updated"]
        click.echo(f"{told}." + (" Run “python -m index reindex” to search what changed." if changed else ""))
    if counts["failed"]:
        sys.exit(1)


@cli.command("list")
@click.option("--collection", callback=_collection, help="Only this collection.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@config_option
def list_articles(collection: str | None, as_json: bool, config: Path) -> None:
    """Lists the articles, newest first."""
    _, folder = _open(config)
    catalogue = Catalogue(folder)
    for entry in catalogue.entries():
        if collection not in (None, entry.collection):
            continue
        if as_json:
            names = ("id", "collection", "title", "outlet", "published", "url", "path")
            fields = {name: getattr(entry, name) or None for name in names}
            click.echo(json.dumps(fields, ensure_ascii=False))
        else:
            where = "" if entry.collection == PUBLIC else f"  [{entry.collection}]"
            click.echo(
                f"{entry.published or 'undated':<10}  {entry.id}  {entry.title} — {entry.outlet or 'no outlet'}{where}"
            )
    _report(catalogue)


@cli.command()
@click.argument("article_id", metavar="ID")
@click.option("--collection", callback=_collection, help="The collection, where several have this id.")
@click.option("--json", "as_json", is_flag=True, help="As JSON; citations count the code points of its “text”.")
@config_option
def show(article_id: str, collection: str | None, as_json: bool, config: Path) -> None:
    """Shows one article as it is kept."""
    _, folder = _open(config)
    # Not its usual place alone: of several files with one id, the catalogue names the one that is indexed and cited.
    article = folder.read(_find(Catalogue(folder), article_id, collection).path)
    if as_json:
        click.echo(json.dumps(article_fields(article), ensure_ascii=False))
        return
    by = f" · {', '.join(article.authors)}" if article.authors else ""
    when = f"{article.published.isoformat()}" if article.published else "undated"
    click.echo(f"{article.title}\n{article.outlet or 'no outlet'} · {when}{by}")
    if article.url:
        click.echo(article.url)
    if article.evidence:
        click.echo(f"date {GIVEN}" if article.evidence == GIVEN else f"dated by {article.evidence}")
    click.echo(f"\n{article.text}")


@cli.command()
@click.argument("article_ids", metavar="ID…", nargs=-1, required=True)
@click.option("--collection", callback=_collection, help="The collection, where several have this id.")
@config_option
def remove(article_ids: tuple[str, ...], collection: str | None, config: Path) -> None:
    """Removes articles; they are not cited from then on."""
    _, folder = _open(config)
    catalogue = Catalogue(folder)
    found = [_find(catalogue, article_id, collection) for article_id in dict.fromkeys(article_ids)]
    for entry, paths in [(entry, _copies(catalogue, entry)) for entry in found]:
        for path in paths:
            folder.remove(path)
        click.echo(f"removed  {entry.id}" + (f" ({len(paths)} files)" if len(paths) > 1 else ""))


@cli.command()
@config_option
def check(config: Path) -> None:
    """Checks every article: it can be read, has an id of its own, and a date."""
    _, folder = _open(config)
    catalogue = Catalogue(folder)
    entries = catalogue.entries()
    for entry in entries:
        if not entry.published:
            click.echo(f"“{entry.id}” is undated; add it again with --date.")
    _report(catalogue)
    click.echo(
        f"{counted(len(entries), 'article')}, {sum(not entry.published for entry in entries)} undated, no errors."
    )


def _open(config: Path) -> tuple[CorpusSettings, ArticleFolder]:
    settings = load_config(config, CorpusFile).corpus
    return settings, ArticleFolder(resolve(config, settings.directory))


def _all(what: tuple[str, ...], settings: CorpusSettings, today: date) -> "Iterator[Obtained]":
    from corpus.fetch import Fetcher, FetchLimits
    from corpus.obtain import obtain

    fetch = settings.fetch
    limits = FetchLimits(max_bytes=fetch.max_bytes, seconds=fetch.seconds, redirects=fetch.redirects)

    @cache  # one for all addresses; none, and no certificates read, where only files are added
    def fetcher() -> Fetcher:
        return Fetcher(limits)

    for argument in what:
        yield from obtain(argument, fetcher=fetcher, today=today, feed_entries=fetch.feed_entries)


def _find(catalogue: Catalogue, article_id: str, collection: str | None) -> Entry:
    found = [entry for entry in catalogue.with_id(article_id) if collection in (None, entry.collection)]
    if not found:
        raise ArticleError(f"There is no article “{article_id}”; “python -m corpus list” names all.")
    if len(found) > 1:
        places = ", ".join(entry.collection for entry in found)
        raise ArticleError(f"“{article_id}” is in several collections ({places}); choose one with --collection.")
    return found[0]


def _copies(catalogue: Catalogue, entry: Entry) -> list[str]:
    """Every file of the article; ArticleError where files with its id differ in what is searched or shown."""
    paths = catalogue.paths(entry)
    if len({catalogue.folder.read(path).digest for path in paths}) > 1:
        named = " and ".join(f"“{path}”" for path in paths)
        raise ArticleError(
            f"{named} have the same id “{entry.id}” but differ; give one another id, or delete its file."
        )
    return paths


def _report(catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        click.echo(problem, err=True)
    if catalogue.problems:
        sys.exit(1)
