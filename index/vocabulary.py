"""The words of the articles that a person may see, looked up in the postings: nothing is kept, loaded or made for it.

Other servers' words never come out of here. What is made of them is left to `questions.spelling` and `questions.asides`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from index.lexical import LexicalSearcher, all_terms
from index.tables import TableReader

# Passages read to see how a term is written: enough for its usual form, at some 20 µs each.
_READ = 12
# Where only some collections may be seen, passages are counted no further than this.
_COUNTED = 50
# What stands before a word, and after its first letter: letters, with apostrophes between them.
_BEFORE, _AFTER = r"(?<![^\W\d_])(?<![^\W\d_]['’])", r"[^\W\d_]*(?:['’][^\W\d_]+)*"


class Vocabulary(Protocol):
    """What is known of the words that a person's articles have."""

    def frequency(self, term: str) -> int:
        """In how many passages, or else headings, the index term stands; it may stop counting."""

    def beginning(self, letters: str) -> Sequence[tuple[str, int]]:
        """Index terms that begin so, each with its number of passages, the most frequent first."""

    def spellings(self, term: str) -> Sequence[str]:
        """How the index term is written in passages, the most usual form first."""


class SeenWords:
    """The vocabulary of some collections of a generation, without its withdrawn articles."""

    def __init__(
        self, lexical: LexicalSearcher, tables: TableReader, collections: Sequence[str], withdrawn: frozenset[int]
    ) -> None:
        self._lexical = lexical
        self._tables = tables
        known = tables.known
        seen = known & frozenset(collections)
        self._collections = None if seen == known else tuple(sorted(seen))
        self._withdrawn = withdrawn

    def frequency(self, term: str) -> int:
        """Costs a few µs; where some passages may not be seen, and the term is there at all, a short run."""
        everywhere = self._lexical.frequency(term) or self._lexical.frequency(term, "heading")
        if not everywhere or (self._collections is None and not self._withdrawn):
            return everywhere
        return len(self._run(term, _COUNTED))

    def beginning(self, letters: str) -> Sequence[tuple[str, int]]:
        """Costs about 0.3 ms for a single letter at 20,000 passages."""
        if self._collections == ():
            return ()
        return self._lexical.beginning(letters, collections=self._collections, withdrawn=self._withdrawn)

    def spellings(self, term: str) -> Sequence[str]:
        """Costs about half a millisecond: a run, and the passages that it finds."""
        texts = self._tables.texts_of(self._run(term, _READ))
        beginning = re.compile(_BEFORE + f"[{re.escape(term[0] + term[0].upper())}]" + _AFTER)
        words = Counter(word for text in texts for word in beginning.findall(text))
        return [word for word, _ in words.most_common() if all_terms(word) == (term,)]

    def _run(self, term: str, depth: int) -> list[int]:
        if self._collections == ():
            return []
        run = self._lexical.run((term,), depth, collections=self._collections, withdrawn=self._withdrawn)
        return [hit.number for hit in run.hits]
