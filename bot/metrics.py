"""Counts what Picket does and how long it takes, and turns that into Prometheus' text; leaves serving it to `health`."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

# Seconds. An acknowledgement is late for Discord after 3; 1 is what Picket promises under 40 questions at once.
_ACKNOWLEDGED = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
# Seconds. A question takes some 0.2 alone on two cores, 0.01 without a reranker, and waits behind others; past 60 it is
# given up by default.
_ANSWERED = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
# Seconds. Few changed articles take one, a first reindex of thousands takes minutes.
_REINDEXED = (1.0, 5.0, 15.0, 60.0, 300.0, 1800.0)


class Metrics:
    """One process's figures, in a registry of their own. Thread-safe; every method costs microseconds."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter("picket_questions", "Questions answered.", ["way", "outcome"], registry=registry)
        self._seconds = Histogram(
            "picket_question_seconds", "From asking to the answer.", ["way"], buckets=_ANSWERED, registry=registry
        )
        self._acknowledged = Histogram(
            "picket_acknowledge_seconds", "What acknowledging a call took.", buckets=_ACKNOWLEDGED, registry=registry
        )
        self._refused = Counter("picket_refused", "Questions refused, by reason.", ["reason"], registry=registry)
        self._errors = Counter("picket_errors", "Errors told to a person, by kind.", ["kind"], registry=registry)
        self._reindexes = Counter("picket_reindexes", "Reindexes, by how they ended.", ["outcome"], registry=registry)
        self._reindex_seconds = Histogram(
            "picket_reindex_seconds", "What a reindex took.", buckets=_REINDEXED, registry=registry
        )

    def asked(self, way: str, outcome: str, seconds: float) -> None:
        """A question was answered: `way` is slash, mention, direct, menu, follow-up; `outcome` as in the answer."""
        self._questions.labels(way, outcome).inc()
        self._seconds.labels(way).observe(seconds)

    def acknowledged(self, seconds: float) -> None:
        """Acknowledging a command, button or form took so long, Discord's part included."""
        self._acknowledged.observe(seconds)

    def refused(self, reason: str) -> None:
        """A question was refused: busy, rate, channel; or a reindex while one runs: busy."""
        self._refused.labels(reason).inc()

    def failed(self, kind: str) -> None:
        """Something went wrong and a person was told: the error's class."""
        self._errors.labels(kind).inc()

    def reindexed(self, outcome: str, seconds: float) -> None:
        """A reindex ended: done, failures, failed, cancelled, unchanged, unknown."""
        self._reindexes.labels(outcome).inc()
        self._reindex_seconds.observe(seconds)

    def watch(self, name: str, told: str, value: Callable[[], float]) -> None:
        """A gauge that is read at each scrape: `watch("queue", "Questions that wait.", lambda: desk.waiting)`."""
        Gauge(f"picket_{name}", told, registry=self._registry).set_function(value)

    def text(self) -> bytes:
        """All of it, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)
