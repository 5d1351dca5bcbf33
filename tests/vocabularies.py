"""A vocabulary of a few texts, for tests of what reads questions: the same answers as the index gives, without one."""

import re
from collections import Counter
from collections.abc import Sequence

from index.lexical import all_terms

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class TextVocabulary:
    """`index.vocabulary.Vocabulary` of texts, each as one passage."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._terms = Counter(term for text in texts for term in set(all_terms(text)))
        self._spellings: dict[str, Counter[str]] = {}
        for text in texts:
            for word in _WORD.findall(text):
                terms = all_terms(word)
                if len(terms) == 1:
                    self._spellings.setdefault(terms[0], Counter())[word] += 1

    def frequency(self, term: str) -> int:
        return self._terms[term]

    def beginning(self, letters: str) -> Sequence[tuple[str, int]]:
        found = [(term, count) for term, count in self._terms.items() if term.startswith(letters)]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def spellings(self, term: str) -> Sequence[str]:
        return [word for word, _ in self._spellings.get(term, Counter()).most_common()]
