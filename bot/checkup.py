"""`python -m bot check`: walks through file, token, corpus, generation and models, and says of each what to do."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.config import BotFile, load_settings
from bot.credentials import Token, read_token
from bot.errors import BotError
from bot.invitation import install_link
from bot.voices import UNCONNECTED
from corpus.article import PUBLIC
from corpus.errors import CorpusError, StoreError
from corpus.files import ArticleFolder
from index.config import model_place, resolve
from index.drift import drift
from index.engine import Engine
from index.errors import EngineError, NoGenerationError
from index.generations import REINDEX
from index.models.embedding import find_model
from index.models.reranker_files import find_reranker

# Seconds for Discord to answer two requests; it does so in a fraction of one, and who waits is a person.
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `fine` is False where Picket can't work before somebody did something."""

    name: str
    fine: bool
    told: str


def check(config: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Finding after finding, as they are made. Reads, and asks Discord whether it knows the token.

    Writes one thing: the export of a cross-encoder that has none yet, as the first question would.
    """
    try:
        settings = load_settings(config)
    except EngineError as error:
        yield Finding("file", False, str(error))
        return
    yield Finding("file", True, str(config) if config.exists() else f"no {config}; the defaults hold")
    yield _token(settings, config, environment)
    yield _corpus(resolve(config, settings.corpus.directory))
    with closing(Engine(settings, config)) as engine:
        yield _generation(engine)
        yield _model(model_place(config, settings.embedding.model), engine.storage)
        yield _reranker(model_place(config, settings.reranking.model), engine.storage)


def _token(settings: BotFile, config: Path, environment: Mapping[str, str]) -> Finding:
    try:
        token = read_token(settings.bot, config, environment)
    except BotError as error:
        return Finding("token", False, str(error))
    try:
        return asyncio.run(_introduced(token, _open_to_others(settings, config, token)))
    except discord.LoginFailure:
        return Finding("token", False, f"Discord doesn't know that from {token.origin}; copy it anew from its portal.")
    except UNCONNECTED as error:
        why = str(error) or type(error).__name__
        return Finding("token", True, f"from {token.origin}; not tried, since Discord can't be reached ({why})")


async def _introduced(token: Token, warning: str) -> Finding:
    """What Discord says to the token. Commands, intents and servers play no part in it."""
    async with asyncio.timeout(_PATIENCE), discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token.text)
        link = install_link((await client.application_info()).id)
        return Finding(
            "token", True, f"from {token.origin}{warning}; it is {client.user}'s. Add it to a server: {link}"
        )


def _open_to_others(settings: BotFile, config: Path, token: Token) -> str:
    if not settings.bot.token_file or token.origin != str(resolve(config, settings.bot.token_file)):
        return ""
    readable = os.stat(token.origin).st_mode & 0o077  # noqa: PTH116 - a path as it is shown
    return ", which others on this machine can read (chmod 600)" if readable else ""


def _corpus(folder: Path) -> Finding:
    try:
        stamps = ArticleFolder(folder).stamps()
    except StoreError as error:
        return Finding("corpus", False, str(error))
    if not stamps:
        return Finding("corpus", False, f"{folder} has no articles; add some with “python -m corpus add”.")
    public = sum(one.collection == PUBLIC for one in stamps)
    return Finding(
        "corpus", True, f"articles in {folder}: {public:,} for everybody, {len(stamps) - public:,} of servers"
    )


def _generation(engine: Engine) -> Finding:
    try:
        made = engine.status().manifest
        since = drift(engine)
    except NoGenerationError:
        return Finding("generation", False, f"nothing is indexed yet; {REINDEX}, or start Picket, which does it")
    except (EngineError, CorpusError) as error:
        return Finding("generation", False, str(error))
    told = f"{made.number} of {made.made_at}, with articles: {made.articles:,}, passages: {made.passages:,}"
    if since.told:
        told += f"; since then {since.told}, so {REINDEX}"
    if since.failures:
        told += f"; files that can't be indexed: {len(since.failures):,}, which “python -m index reindex” names"
    return Finding("generation", True, told)


def _model(setting: str, storage: Path) -> Finding:
    try:
        model = find_model(setting, storage)
    except EngineError as error:
        return Finding("model", False, str(error))
    if not model.is_exported(storage):
        return Finding(
            "model", True, f"{model.key}; not exported yet, which the next reindex does in a minute or three"
        )
    return Finding("model", True, f"{model.key}, exported")


def _reranker(setting: str, storage: Path) -> Finding:
    if setting == "none":
        return Finding("reranker", True, "none, as [reranking] model says")
    try:
        return Finding("reranker", True, find_reranker(setting, storage).name)
    except EngineError as error:
        return Finding("reranker", False, str(error))
