"""Keeps what somebody proposes to add until they confirm it: a preview survives a restart, and nothing is added by halves.

One file a proposal, named by a token that can't be guessed. What becomes of the articles is `keep`'s business.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from corpus.article import Article, changed, check_collection, format_markdown, parse_markdown
from corpus.attic import Attic
from corpus.errors import ArticleError, CorpusError, StoreError
from corpus.files import ArticleFolder, Catalogue, make_folder, replace_file
from corpus.keep import Corrections, Kept, keep, preview
from corpus.obtain import Obtained

# Long enough to ask a colleague about a date; what is older was forgotten. A judgement.
LIFETIME = timedelta(days=2)
_TOKEN_BYTES = 12  # 16 characters of a button's id


@dataclass(frozen=True, slots=True)
class Proposed:
    """One article as it would be kept, and what would become of it; without an article, why there is none.

    `name` is what its file was called, `identified` whether its source gave it an id of its own. `revises` is the SHA-256
    of the stored file that it replaces, as it was judged; “” where it replaces none, or another of the same proposal.
    """

    kept: Kept
    article: Article | None
    name: str = ""
    identified: bool = False
    revises: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to add to one collection. `token` names it; who it was is not kept."""

    token: str
    collection: str
    made: datetime
    items: tuple[Proposed, ...]

    @property
    def addable(self) -> tuple[Proposed, ...]:
        return tuple(one for one in self.items if one.article)


class Proposals:
    """The proposals under one directory. Cheap to make; holds nothing open."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def propose(self, found: Sequence[Obtained], folder: ArticleFolder, *, collection: str, now: datetime) -> Proposal:
        """Judges what was obtained, each against what is there and what comes before it, and keeps it.

        Reads every article of the folder once, and those of the collection twice.
        """
        catalogue = Catalogue(folder)
        # Before they are judged against: what changes meanwhile is then seen to have changed.
        there: dict[str, str] = {}
        for entry in catalogue.entries():
            if entry.collection == collection:
                with suppress(CorpusError):  # removed since it was listed
                    there[entry.id] = hashlib.sha256(folder.read_bytes(entry.path)).hexdigest()
        items = []
        for one, (kept, article) in zip(found, preview(found, catalogue, now=now, collection=collection), strict=True):
            replaced = there.pop(kept.id, "") if kept.status == "updated" else ""
            items.append(Proposed(kept, article, one.name, one.identified, replaced))
        return self._made(collection, items, now)

    def revise(self, article: Article, digest: str, *, now: datetime) -> Proposal:
        """Keeps a stored article as a proposal in its own place, to be corrected; `digest` is the SHA-256 of its file."""
        kept = Kept(article.id, "updated", article.id, article.title, article.published)
        return self._made(article.collection, [Proposed(kept, article, identified=True, revises=digest)], now)

    def read(self, token: str, now: datetime) -> Proposal:
        """The proposal; StoreError where there is none of that name any more."""
        try:
            fields = json.loads(self._place(token).read_text("utf-8"))
            made = _proposal(token, fields)
        except (OSError, ValueError, KeyError, TypeError, CorpusError) as error:
            raise StoreError("This preview is no longer there; add the article again.") from error
        if made.made + LIFETIME < now:
            raise StoreError("This preview is too old; add the article again.")
        return made

    def correct(self, proposal: Proposal, corrections: Corrections) -> Proposal:
        """The proposal with the one article it holds corrected; ArticleError where it holds several, or it can't be so."""
        found = [one.article for one in proposal.items if one.article]
        if len(found) != 1:
            raise ArticleError(f"The preview holds {len(found)} articles; correct them one by one.")
        before = found[0]
        given = corrections.beside(before)
        article = changed(before, **given.fields(before.given))

        def corrected(kept: Kept) -> Kept:
            # What was noted on a new article's day is about the one it had.
            note = "" if kept.status == "added" and given.published is not None else kept.note
            return replace(kept, title=article.title, published=article.published, note=note)

        items = tuple(
            replace(one, article=article, kept=corrected(one.kept)) if one.article else one for one in proposal.items
        )
        made = replace(proposal, items=items)
        self._write(made)
        return made

    def confirm(
        self, proposal: Proposal, folder: ArticleFolder, attic: Attic, *, now: datetime, told: list[Kept] | None = None
    ) -> list[Kept]:
        """Adds what was proposed, each article when it is durable, and forgets the proposal.

        What was there before goes into the attic. After a kill the same proposal can be confirmed again: what was
        added then is told as unchanged. `told` gets each as it comes, so that it has what was added before an error.
        """
        told = [] if told is None else told
        folder.prepare()
        # What replaces an article was made one with it for the preview: it goes by its id and is kept as it was shown. An
        # id that the proposal itself gives may have gone to somebody else's article since: it is not gone by.
        new = {one.kept.id for one in proposal.addable if one.kept.status == "added" and not one.identified}
        found = [
            Obtained(
                one.kept.origin,
                one.article,
                one.identified or (one.kept.status == "updated" and one.kept.id not in new),
                one.name,
            )
            for one in proposal.addable
        ]
        for one in keep(found, Catalogue(folder), now=now, collection=proposal.collection, attic=attic):
            told.append(one)
        self.drop(proposal.token)
        return told

    def drop(self, token: str) -> None:
        """Forgets a proposal, if it is there."""
        try:
            self._place(token).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{error.filename} can't be removed ({error.strerror}); check its permissions.") from error

    def expire(self, now: datetime) -> int:
        """Forgets what is too old; gives how many went."""
        gone = 0
        for place in self._directory.glob("*.json"):
            try:
                if datetime.fromtimestamp(place.stat().st_mtime, UTC) + LIFETIME < now:
                    place.unlink()
                    gone += 1
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreError(f"{place} can't be removed ({error.strerror}); check its permissions.") from error
        return gone

    def forget(self, collection: str) -> None:
        """Forgets every proposal for a collection."""
        for place in self._directory.glob("*.json"):
            try:
                if json.loads(place.read_text("utf-8")).get("collection") == collection:
                    place.unlink(missing_ok=True)
            except (OSError, ValueError, AttributeError):
                continue

    def _made(self, collection: str, items: Sequence[Proposed], now: datetime) -> Proposal:
        made = Proposal(secrets.token_urlsafe(_TOKEN_BYTES), collection, now.astimezone(UTC), tuple(items))
        self._write(made)
        return made

    def _write(self, made: Proposal) -> None:
        make_folder(self._directory)
        replace_file(self._place(made.token), json.dumps(_fields(made), ensure_ascii=False).encode())

    def _place(self, token: str) -> Path:
        if not token or not all(one.isalnum() or one in "-_" for one in token) or not token.isascii():
            raise StoreError("This preview is no longer there; add the article again.")
        return self._directory / f"{token}.json"


def _fields(made: Proposal) -> dict[str, Any]:
    return {
        "collection": made.collection,
        "made": made.made.isoformat(),
        "items": [
            {
                "origin": one.kept.origin,
                "status": one.kept.status,
                "id": one.kept.id,
                "note": one.kept.note,
                "name": one.name,
                "identified": one.identified,
                "revises": one.revises,
                "article": format_markdown(one.article) if one.article else None,
            }
            for one in made.items
        ],
    }


def _proposal(token: str, fields: dict[str, Any]) -> Proposal:
    collection = check_collection(fields["collection"])
    items = []
    for one in fields["items"]:
        article = parse_markdown(one["article"], name="new", collection=collection) if one["article"] else None
        title, published = (article.title, article.published) if article else ("", None)
        kept = Kept(one["origin"], one["status"], one["id"], title, published, one["note"])
        items.append(Proposed(kept, article, one["name"], bool(one["identified"]), one.get("revises", "")))
    return Proposal(token, collection, datetime.fromisoformat(fields["made"]), tuple(items))
