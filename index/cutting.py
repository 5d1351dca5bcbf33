"""Makes of a parsed article what a generation keeps of it: its row, with what its words say, and its passages.

Where a passage ends is `passages`' business; writing is `tables`', and which articles are made anew is `plans`'.
"""

from corpus.article import Article, was_put_by_hand
from corpus.files import Stamp
from index.config import PassageSettings
from index.doubts.own_words import doubt_of
from index.doubts.told_events import told_events
from index.doubts.told_records import dump_events
from index.errors import ModelError
from index.models.embedders import Encoder
from index.passages import HEADING_PIECES, PieceCounter, cut, heading, shorten_heading
from index.tables import ArticleRow, PassageRow, sentence_lengths
from index.unions import unions_of

_SPECIAL_PIECES = 2  # [CLS] and [SEP], or what the model has in their place


class Cutter:
    """Cuts articles in the word pieces of one encoder. Not thread-safe."""

    def __init__(self, encoder: Encoder, settings: PassageSettings) -> None:
        self._settings = settings
        self._limit = encoder.max_tokens - _SPECIAL_PIECES - HEADING_PIECES
        if self._limit < 16:
            raise ModelError(
                f"The model {encoder.model} reads {encoder.max_tokens} word pieces, too few for a passage; "
                "choose another in [embedding] of bot.toml."
            )
        self._counter = PieceCounter(encoder.count_pieces)

    def cut(self, article: Article, stamp: Stamp, file_digest: str) -> tuple[ArticleRow, list[PassageRow]]:
        """The article's row and its passages, in order; `stamp` and `file_digest` are its file's."""
        cuts = cut(
            article.text,
            article.language,
            self._counter,
            target=min(self._settings.pieces, self._limit),
            limit=self._limit,
            overlap=self._settings.overlap,
        )
        unions = unions_of(article.title, article.tags, article.text)
        row = ArticleRow(
            id=article.id,
            collection=article.collection,
            path=stamp.path,
            title=article.title,
            outlet=article.outlet,
            url=article.url,
            published=article.published,
            heading=shorten_heading(_heading(article), self._counter),
            text=article.text,
            digest=article.digest,
            file_digest=file_digest,
            size=stamp.size,
            modified=stamp.modified,
            unions=" ".join(unions),
            doubt=doubt_of(article.text, article.published, None if was_put_by_hand(article) else article.added.date()),
            told=dump_events(told_events(article.text, article.published, unions)),
        )
        passages = [
            PassageRow(place, one.span.start, sentence_lengths(one.sentences), one.span.of(article.text))
            for place, one in enumerate(cuts)
        ]
        return row, passages


def _heading(article: Article) -> str:
    return heading(article.title, article.outlet, article.published)
