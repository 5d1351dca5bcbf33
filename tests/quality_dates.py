"""Measures how well dates are read: on marked-up news texts, and on the sentences that answer when-questions.

Run it as `python -m tests.quality_dates`; `--errors` lists what was read otherwise.
"""

import csv
import gzip
import json
import random
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from index.dates import find_dates
from index.records import Span
from tests.timex import dates_at, timex_value

SHARED = Path(__file__).parents[2] / "shared"
NEWS = SHARED / "questions" / "dates" / "aquaint.jsonl.gz"
STRIKE = SHARED / "questions" / "strike.jsonl"
ROUNDS, SEED = 1000, 20231024


def interval(groups: Sequence[Sequence[bool]]) -> tuple[float, float, float]:
    """The share of True, and the 95 % interval of a bootstrap over the groups (texts, questions)."""
    draw = random.Random(SEED)
    shares = []
    for _ in range(ROUNDS):
        sample = [value for group in draw.choices(groups, k=len(groups)) for value in group]
        shares.append(sum(sample) / max(1, len(sample)))
    shares.sort()
    values = [value for group in groups for value in group]
    return sum(values) / max(1, len(values)), shares[ROUNDS // 40], shares[-ROUNDS // 40]


def say(name: str, groups: Sequence[Sequence[bool]]) -> None:
    share, low, high = interval(groups)
    print(f"{name:52} {share:.3f} [{low:.3f}, {high:.3f}]  n={sum(map(len, groups))}")


def is_day(value: str) -> bool:
    return len(value) >= 10 and value[4] == value[7] == "-" and value[8:10].isdigit()


def even(value: str) -> str:
    """A value as the standard spells it: W7 as W07, 1949-XX as 1949, 199X as 199, and no time of day in a DATE."""
    value = re.sub(r"W(\d)$", r"W0\1", value)
    value = re.sub(r"^(\d{4}-\d\d-\d\d)T.*", r"\1", value)
    return re.sub(r"(?:-?X+)+$", "", value)


def measure_news(*, errors: bool) -> None:
    """Each DATE's value, its place in the text given; a value of day grain is right if its day is."""
    exact, evened, day = [], [], []
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)
            marks = [mark for mark in text["timexes"] if mark["type"] == "DATE"]
            places = [Span(mark["start"], mark["end"]) for mark in marks]
            read = dates_at(text["text"], places, written=date.fromisoformat(text["dct"][:10]))
            pairs = [(mark["value"], timex_value(one)) for mark, one in zip(marks, read, strict=True)]
            exact.append([gold == value for gold, value in pairs])
            evened.append([even(gold) == even(value) for gold, value in pairs])
            day.append([gold[:10] == value[:10] for gold, value in pairs if is_day(gold)])
            for mark, (gold, value) in zip(marks, pairs, strict=True):
                if errors and even(gold) != even(value):
                    around = text["text"][max(0, mark["start"] - 90) : mark["end"] + 60].replace("\n", " ")
                    print(f"{text['id']} {text['dct'][:10]} {mark['text']!r} gold {gold} read {value!r}: {around}")
    say("news texts, DATE, place given: exact", exact)
    say("  the same, values spelt one way", evened)
    say("news texts, DATE, place given: day grain", day)


def measure_strike(*, errors: bool) -> None:
    """Whether a date found in a gold sentence is the question's; the sentence is read in its article."""
    with (SHARED / "articles" / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        articles = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    questions, sentences = [], []
    for line in STRIKE.read_text("utf-8").splitlines():
        question = json.loads(line)
        if not question["answer_date"]:
            continue
        hits = [_hit(question, gold, articles, errors=errors) for gold in question["gold"]]
        sentences.append(hits)
        questions.append([any(hits)])
    say("strike questions: a gold sentence yields the date", questions)
    say("strike questions: each gold sentence yields the date", sentences)


def _hit(question: dict[str, Any], gold: dict[str, str], articles: dict[str, Any], *, errors: bool) -> bool:
    row = articles[gold["doc"]]
    text = (SHARED / "articles" / row["file"]).read_text("utf-8")
    written = date.fromisoformat(row["published"]) if row["published"] else None
    start = text.find(gold["sentence"])
    within = Span(start, start + len(gold["sentence"])) if start >= 0 else None
    found = find_dates(text if within else gold["sentence"], written=written, within=within)
    accepted = {*question["accept_dates"], question["answer_date"]}
    days = {day.isoformat() for one in found if one.when for day in (one.when.first, one.when.last)}
    hit = bool(days & accepted) or any(day[:7] in accepted or day[:4] in accepted for day in days)
    if errors and not hit:
        print(question["id"], written, sorted(accepted), [(one.words, one.when) for one in found], gold["sentence"])
    return hit


def main() -> None:
    if not NEWS.is_file() or not STRIKE.is_file():
        print("Skipped: the marked-up texts are not in ../shared/questions, so there is nothing to measure on.")
        return
    errors = "--errors" in sys.argv
    measure_news(errors=errors)
    measure_strike(errors=errors)


if __name__ == "__main__":
    main()
