"""Compares the article folder with the generation in use, for whoever asks whether a reindex would find something to do.

What is compared how is `plans`' business; nothing is written.
"""

from dataclasses import dataclass

from index.engine import Engine, no_progress
from index.generations import Failure
from index.plans import make_plan


@dataclass(frozen=True, slots=True)
class Drift:
    """How many articles came, changed and went since the generation was made, and what can't be indexed as it lies now.

    An article whose file was renamed has changed.
    """

    new: int
    changed: int
    gone: int
    failures: tuple[Failure, ...]

    @property
    def told(self) -> str:
        """“2 new, 1 changed, 0 gone”; empty where a reindex would change nothing."""
        if not (self.new or self.changed or self.gone):
            return ""
        return f"{self.new:,} new, {self.changed:,} changed, {self.gone:,} gone"


def drift(engine: Engine) -> Drift:
    """What a reindex would find now. Costs what one does that finds nothing: new and changed files alone are read.

    NoGenerationError where nothing is indexed, another EngineError where folder or generation can't be read.
    """
    with engine.searcher() as searcher:
        plan = make_plan(engine.folder, searcher.tables, searcher.manifest, no_progress)
        known = set(searcher.tables.identities())
    found = {(one.collection, one.id) for one in plan.articles}
    parsed = {(one.collection, one.id) for one in plan.articles if not isinstance(one.source, int)}
    return Drift(len(parsed - known), len(parsed & known), len(known - found), plan.failures)
