"""Records in JSON as programs write them: a line each, over many lines, in a list, in a list's frame."""

import io
import json

import pytest

from corpus.records import looks_like_json, read_records

ONE, TWO = {"id": "a", "text": "The dockers met."}, {"id": "b", "text": "They walked out."}
MOST = 10_000


def read(body: str) -> list[tuple[str, object]]:
    return list(read_records(io.BytesIO(body.encode()), MOST))


@pytest.mark.parametrize(
    "body",
    [
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
        f"\n{json.dumps(ONE)}\n\n{json.dumps(TWO)}",
        f"{json.dumps(ONE, indent=2)}\n{json.dumps(TWO, indent=2)}",
        f"{json.dumps(ONE, indent=2)},\n{json.dumps(TWO, indent=2)}",
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"articles": [ONE, TWO], "count": 2}, indent=1),
        "\ufeff" + json.dumps([ONE, TWO], indent=2),
    ],
)
def test_records_are_read_however_they_are_laid_out(body: str) -> None:
    assert [record for _, record in read(body)] == [ONE, TWO]


def test_a_record_alone_has_no_number_and_others_their_line_or_place() -> None:
    assert read(json.dumps(ONE, indent=2)) == [("", ONE)]
    assert [label for label, _ in read(f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}")] == ["1", "3"]
    assert [label for label, _ in read(json.dumps([ONE, TWO], indent=2))] == ["1", "2"]


def test_a_broken_line_is_told_and_stops_no_other() -> None:
    found = read(f"{json.dumps(ONE)}\n{{broken\n17\n{json.dumps(TWO)}")
    assert [record for _, record in found if isinstance(record, dict)] == [ONE, TWO]
    assert [label for label, record in found if isinstance(record, str)] == ["2", "3"]
    assert "is not JSON in UTF-8" in str(found[1][1])
    assert found[2][1] == 'is not a JSON object; write {"text": "…"} with the article in it.'


@pytest.mark.parametrize("body", ['{\n "text": "The dockers', "[" * 5_000, '{\n "text": "x"\n}\n}'])
def test_what_can_not_be_read_as_a_whole_is_one_sentence(body: str) -> None:
    ((label, why),) = read(body)
    assert label == ""
    assert str(why).startswith("is not JSON in UTF-8 (")


@pytest.mark.parametrize("body", ["17", '"words"', "[]", "[1,\n2]"])
def test_what_holds_no_object_says_what_to_write(body: str) -> None:
    ((_, why),) = read(body)
    assert why == 'is not a JSON object; write {"text": "…"} with the article in it.'


def test_nothing_holds_no_record() -> None:
    assert read("") == read(" \n\n") == []


def test_a_line_over_the_limit_is_told_and_the_next_ones_are_read() -> None:
    found = read(f"{json.dumps({'text': 'x' * MOST})}\n{json.dumps(TWO)}")
    assert (found[0][0], "split it" in str(found[0][1]), found[1]) == ("1", True, ("2", TWO))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('{"text": 1', True),
        ('[\n {"id":', True),
        ('[1] {"Walk out", they said.}', False),
        ("{{template}}", False),
        ("", False),
    ],
)
def test_json_is_known_by_its_first_key(head: str, expected: bool) -> None:
    assert looks_like_json(head.encode()) is expected
