"""Figures in Prometheus' text."""

import re

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics


def figures(metrics: Metrics) -> dict[str, float]:
    """Every sample by its name and labels, as a scraper reads them."""
    told = metrics.text().decode()
    return {
        sample.name + "".join(f"[{value}]" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def test_a_question_is_counted_by_its_way_and_outcome_and_timed() -> None:
    metrics = Metrics()
    metrics.asked("slash", "answered", 0.02)
    metrics.asked("slash", "nothing", 0.3)
    metrics.asked("mention", "answered", 0.02)
    found = figures(metrics)
    assert found["picket_questions_total[answered][slash]"] == 1
    assert found["picket_questions_total[nothing][slash]"] == 1
    assert found["picket_question_seconds_bucket[0.025][slash]"] == 1
    assert found["picket_question_seconds_bucket[0.5][slash]"] == 2
    assert found["picket_question_seconds_sum[slash]"] == 0.32
    assert found["picket_question_seconds_count[mention]"] == 1


def test_refusals_errors_reindexes_and_acknowledgements_are_counted() -> None:
    metrics = Metrics()
    metrics.refused("rate")
    metrics.failed("JournalError")
    metrics.reindexed("done", 2.0)
    metrics.acknowledged(0.04)
    found = figures(metrics)
    assert found["picket_refused_total[rate]"] == 1
    assert found["picket_errors_total[JournalError]"] == 1
    assert found["picket_reindexes_total[done]"] == 1
    assert found["picket_reindex_seconds_bucket[5.0]"] == 1
    assert found["picket_acknowledge_seconds_bucket[0.05]"] == 1


def test_a_gauge_is_read_at_each_scrape() -> None:
    metrics = Metrics()
    waiting = [3.0]
    metrics.watch("questions_waiting", "Questions that wait.", lambda: waiting[0])
    assert figures(metrics)["picket_questions_waiting"] == 3
    waiting[0] = 0
    assert figures(metrics)["picket_questions_waiting"] == 0


def test_a_label_may_hold_anything() -> None:
    metrics = Metrics()
    metrics.failed('odd"\\\n')
    assert figures(metrics)['picket_errors_total[odd"\\\n]'] == 1


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.refused("busy")
    assert "picket_refused_total[busy]" not in figures(other)


def test_figures_name_nobody_and_tell_the_process() -> None:
    told = Metrics().text().decode()
    assert "process_resident_memory_bytes" in told
    assert not re.search(r"guild=|person=|user=", told)
