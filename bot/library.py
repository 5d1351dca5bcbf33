"""What moderators do with their own server's articles: propose, add, remove, list, and go back. All of it in threads.

Every function takes the server's id and touches its collection alone. Who may call them is the cogs' business.
"""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot import words_corpus
from bot.errors import GoneError, WordsError
from bot.escape import cut
from bot.scope import collection_of
from corpus.article import Article
from corpus.attic import Attic, Undoing
from corpus.clean import clean_line
from corpus.errors import CorpusError
from corpus.extract import draft_from_text
from corpus.fetch import Fetcher, FetchLimits
from corpus.files import Stamp
from corpus.keep import Corrections, Kept
from corpus.obtain import Obtained, obtain, obtain_upload
from corpus.proposals import Proposal, Proposals
from index.engine import Engine
from index.errors import DamagedError, EngineError, NoGenerationError

# Discord takes uploads of 10 MB without a boost; what is larger is split before it is read into memory.
MAX_UPLOAD = 25_000_000
# A version that no kept generation names is kept this long after it was put aside: as long as questions. A judgement.
ASIDE = timedelta(days=30)
_MARK = re.compile("[0-9a-f]{16}")  # as `article_mark` makes them


@dataclass(frozen=True, slots=True)
class Stored:
    """An article of a server as it lies in the folder; `indexed` says whether the generation in use has it as it is.

    `doubt` is a sentence where, as it is indexed, something contradicts its date.
    """

    article: Article
    path: str
    indexed: bool
    doubt: str = ""


class Library:
    """The servers' articles. Thread-safe: one change at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._folder = engine.folder
        self._fetch = engine.settings.corpus.fetch
        self.attic = Attic(engine.storage / "attic")
        self.proposals = Proposals(engine.storage / "proposals")
        self._changing = threading.Lock()
        self._known: dict[Stamp, Article] = {}

    # Adding

    def propose_upload(self, name: str, body: bytes, *, guild: int, now: datetime) -> Proposal:
        """What a file holds, judged and kept until it is confirmed."""
        return self._propose(list(obtain_upload(name, body, today=now.date())), guild, now)

    def propose_address(self, url: str, *, guild: int, now: datetime) -> Proposal:
        """What an address leads to; only public addresses are dialled."""
        if "://" not in url:
            raise WordsError(words_corpus.no_address(url))
        limits = FetchLimits(
            max_bytes=self._fetch.max_bytes, seconds=self._fetch.seconds, redirects=self._fetch.redirects
        )
        with ExitStack() as held:
            found = list(
                obtain(
                    url,
                    fetcher=lambda: held.enter_context(Fetcher(limits)),
                    today=now.date(),
                    feed_entries=self._fetch.feed_entries,
                )
            )
        return self._propose(found, guild, now)

    def propose_text(self, title: str, text: str, *, guild: int, now: datetime) -> Proposal:
        """What somebody pasted; its other fields are corrected in the preview."""
        whole = f"{clean_line(title)}\n\n{text}" if title.strip() else text
        name = words_corpus.PASTED
        try:
            found = Obtained(name, draft_from_text(whole.encode("utf-8", "replace"), name=name, today=now.date()))
        except CorpusError as error:
            found = Obtained(name, failure=str(error))
        return self._propose([found], guild, now)

    def revise(self, guild: int, mark: str, *, now: datetime) -> Proposal:
        """One of the server's articles as a proposal, to be corrected; GoneError where there is none."""
        path = self.find(guild, mark).path
        raw = self._folder.read_bytes(path)
        return self.proposals.revise(self._folder.parse(path, raw), hashlib.sha256(raw).hexdigest(), now=now)

    def proposal(self, token: str, *, guild: int, now: datetime) -> Proposal:
        """A proposal of this server; GoneError for another's, a forged or an old one."""
        try:
            found = self.proposals.read(token, now)
        except CorpusError as error:
            raise GoneError(words_corpus.PREVIEW_GONE) from error
        if found.collection != collection_of(guild):
            raise GoneError(words_corpus.PREVIEW_GONE)
        return found

    def correct(self, token: str, corrections: Corrections, *, guild: int, now: datetime) -> Proposal:
        """A proposal with its article corrected. As `proposal`; ArticleError."""
        with self._changing:  # else it might be added at this moment, as it was
            return self.proposals.correct(self.proposal(token, guild=guild, now=now), corrections)

    def confirm(self, token: str, *, guild: int, now: datetime, told: list[Kept] | None = None) -> list[Kept]:
        """Adds what was proposed, once, whoever else confirms it; each is told when it is durable.

        As `proposal`; GoneError also where an article that it replaces was changed or removed since it was judged. `told`
        as for `Proposals.confirm`.
        """
        with self._changing:
            found = self.proposal(token, guild=guild, now=now)
            self._check_overtaken(found, guild)
            return self.proposals.confirm(found, self._folder, self.attic, now=now, told=told)

    def discard(self, token: str, *, guild: int, now: datetime) -> None:
        """Forgets what was proposed. As `proposal`."""
        with self._changing:
            self.proposals.drop(self.proposal(token, guild=guild, now=now).token)

    # Looking and removing

    def listed(self, guild: int) -> list[Stored]:
        """The server's articles, newest first, undated last; a file that can't be read is left out."""
        indexed = self._indexed(guild)
        found = []
        for stamp, article in self._articles(guild):
            digest, doubt = indexed.get(article.id, ("", ""))
            same = digest == article.digest
            found.append(Stored(article, stamp.path, same, doubt if same else ""))
        return sorted(found, key=lambda one: (one.article.published or date.min, one.article.id), reverse=True)

    def find(self, guild: int, mark: str) -> Stored:
        """The server's article with this id or mark; GoneError where there is none."""
        for one in self.listed(guild):
            if mark in (one.article.id, article_mark(one.article.id)):
                return one
        raise GoneError(words_corpus.ARTICLE_GONE if _MARK.fullmatch(mark) else words_corpus.no_article(mark))

    def remove(self, guild: int, mark: str) -> Stored:
        """Takes an article away: the very next question doesn't find it. It is kept in the attic for a while."""
        with self._changing:
            found = self.find(guild, mark)
            self.attic.take(self._folder, found.path, collection_of(guild))
            return found

    # Going back

    def undoing(self, guild: int, generation: int) -> Undoing:
        """How the server's articles become what they were in a generation; GoneError where it is not kept whole."""
        try:
            then = self._engine.files_of(generation, collection_of(guild))
        except (NoGenerationError, DamagedError) as error:
            raise GoneError(words_corpus.no_generation(generation)) from error
        return self.attic.undoing(self._folder, collection_of(guild), then)

    def go_back(self, guild: int, generation: int, shown: int, done: list[tuple[str, str]] | None = None) -> Undoing:
        """Makes them so, where that is still the change whose `mark` was `shown`; gives the change as it is now.

        What they were is kept as well. `done` as for `Attic.undo`.
        """
        with self._changing:
            undoing = self.undoing(guild, generation)
            if undoing.mark == shown:
                self._folder.prepare()
                self.attic.undo(self._folder, collection_of(guild), undoing, done)
            return undoing

    def tidy(self, now: datetime) -> int:
        """Forgets every server's versions that no kept generation names and that were put aside `ASIDE` ago; gives how many."""
        gone, failed = 0, None
        for collection in self.attic.collections():
            try:
                gone += self._tidied(collection, now - ASIDE)
            except CorpusError as error:
                failed = error  # one folder that can't be tidied keeps no other from it
        if failed:
            raise failed
        return gone

    def forget(self, guild: int) -> int:
        """Removes every article, version and proposal of a server; gives how many articles there were."""
        collection = collection_of(guild)
        with self._changing:
            theirs = [one for one in self._folder.stamps() if one.collection == collection]
            for stamp in theirs:
                self._folder.remove(stamp.path)
            home = self._folder.directory / collection.replace(":", "-")
            for folder in sorted(self._folder.folders(), reverse=True):  # those within others first
                if home in (folder, *folder.parents):
                    with suppress(OSError):  # something else lies there
                        folder.rmdir()
            self.attic.prune(collection, ())
            self.proposals.forget(collection)
            self._known = {key: one for key, one in self._known.items() if key.collection != collection}
        return len(theirs)

    def _propose(self, found: list[Obtained], guild: int, now: datetime) -> Proposal:
        self._folder.prepare()
        return self.proposals.propose(found, self._folder, collection=collection_of(guild), now=now)

    def _check_overtaken(self, proposal: Proposal, guild: int) -> None:
        """GoneError where what goes by its id alone would replace another file than it was judged against."""
        stored = sorted(self._articles(guild), key=lambda found: found[0].path, reverse=True)
        there = {article.id: (stamp.path, article) for stamp, article in stored}  # of one id, the first path's
        proposed = {one.article for one in proposal.addable}
        for one in proposal.addable:
            new = one.kept.status == "added" and one.identified
            if one.article is None or not (one.revises or new):
                continue
            path, article = there.get(one.article.id, ("", None))
            if article and replace(article, added=one.article.added) in proposed:
                continue  # the same came in by another preview, or Picket was killed after it had written it
            if (hashlib.sha256(self._folder.read_bytes(path)).hexdigest() if path else "") != one.revises:
                raise GoneError(words_corpus.overtaken(cut(one.article.title, 60) or one.article.id))

    def _tidied(self, collection: str, before: datetime) -> int:
        named: set[str] = set()
        for number in self._engine.generations.numbers():
            try:
                named.update(self._engine.files_of(number, collection).values())
            except EngineError:
                return 0  # one that can't be read may name any
        with self._changing:
            return self.attic.prune(collection, named, before=before)

    def _articles(self, guild: int) -> Iterator[tuple[Stamp, Article]]:
        """Each file is read again only where its stamp changed: reading takes 0.5 ms."""
        collection = collection_of(guild)
        there = [one for one in self._folder.stamps() if one.collection == collection]
        known = {one: article for one in there if (article := self._known.get(one))}
        for stamp in there:
            if stamp not in known:
                try:
                    known[stamp] = self._folder.read(stamp.path)
                except CorpusError:
                    continue  # told by every reindex
        self._known = {key: one for key, one in self._known.items() if key.collection != collection} | known
        return iter(known.items())

    def _indexed(self, guild: int) -> dict[str, tuple[str, str]]:
        """Digest and doubt of each of the server's articles in the generation in use, by id; empty where nothing is indexed."""
        collection = collection_of(guild)
        try:
            digests = self._engine.digests(collection)
            doubts = {one.id: one.doubt for one in self._engine.articles((collection,))}
        except EngineError:
            return {}
        return {identity: (digest, doubts.get(identity, "")) for identity, digest in digests.items()}


def article_mark(identity: str) -> str:
    """Sixteen hexadecimal digits for an article's id, which is too long for a button's."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
