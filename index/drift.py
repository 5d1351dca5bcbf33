"""Compares the article folder with the generation in use, for whoever asks whether a reindex would find something to do.

What is compared how is `plans`' business; nothing is written.
"""

from dataclasses import dataclass

from index.engine import Engine, no_progress
from index.errors import OutdatedError
from index.generations import Failure
from index.plans import make_plan, scheme_of


@dataclass(frozen=True, slots=True)
class Drift:
    """How many articles came, changed and went since the generation was made, and what can't be indexed as it lies now.

    An article whose file was renamed has changed. `anew` where the settings ask for another model or other passages.
    """

    new: int
    changed: int
    gone: int
    failures: tuple[Failure, ...]
    anew: bool = False

    @property
    def told(self) -> str:
        """“2 new, 1 changed, 0 gone”; empty where a reindex would change nothing."""
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.gone:,} gone"
        counts = counts if self.new or self.changed or self.gone else ""
        settings = "other settings of model or passages" if self.anew else ""
        return ", ".join(part for part in (settings, counts) if part)


def drift(engine: Engine) -> Drift:
    """What a reindex would find now. Costs what one does that finds nothing: new and changed files alone are read.

    NoGenerationError where nothing is indexed, another EngineError where folder or generation can't be read.
    """
    with engine.searcher() as searcher:
        plan = make_plan(engine.folder, searcher.tables, searcher.manifest, no_progress)
        known = set(searcher.tables.identities())
        anew = searcher.manifest.scheme != scheme_of(engine.settings)
        try:
            engine.check_model(searcher.manifest, "")
        except OutdatedError:
            anew = True
    found = {(one.collection, one.id) for one in plan.articles}
    parsed = {(one.collection, one.id) for one in plan.articles if not isinstance(one.source, int)}
    return Drift(len(parsed - known), len(parsed & known), len(known - found), plan.failures, anew)
