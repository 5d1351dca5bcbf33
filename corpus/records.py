"""Takes records out of JSON: an object a line, as in .jsonl, or objects over many lines and lists of them, as programs save them.

What a record says of its article is read by `extract`.
"""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, TypeAlias

Record: TypeAlias = dict[str, Any]
Read: TypeAlias = tuple[str, "Record | str"]  # where it stands, and the record or, in words, what is wrong with it

_NO_OBJECT = 'is not a JSON object; write {"text": "…"} with the article in it.'
_BETWEEN = re.compile(r"[\s,]*")  # of values: none, or the commas of a list whose brackets are missing
_JSON = re.compile(rb'\s*+(?:\[\s*+)?\{\s*+"[^"\r\n]{1,64}"\s*+:')


def looks_like_json(head: bytes) -> bool:
    """Whether it begins as an object with a key does, or a list of objects."""
    return _JSON.match(head) is not None


def read_records(stream: IO[bytes], most: int) -> Iterator[Read]:
    """Each record, or why there is none, in order; labelled with its line, or its place among those of one whole.

    Where the first line is a record, no more than a line of at most `most` bytes is held; else the whole is read, up to
    `most` bytes. Seeks in the stream.
    """
    first = next((line for line in iter(lambda: stream.readline(most + 1), b"") if line.strip()), b"")
    is_lines = len(first) > most or isinstance(_parsed(first), dict)
    stream.seek(0)
    if is_lines or len(whole := stream.read(most + 1)) > most:
        stream.seek(0)
        yield from _lines(stream, most)
        return
    if not whole.strip():
        return
    try:
        values = _values(whole.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        if any(isinstance(_parsed(line), dict) for line in whole.splitlines() if line.strip().startswith(b"{")):
            stream.seek(0)
            yield from _lines(stream, most)
        else:
            yield "", f"is not JSON in UTF-8 ({error}); correct it there, or give the article as .txt."
        return
    if not any(isinstance(value, dict) for value in values):
        yield "", _NO_OBJECT
        return
    for number, value in enumerate(values, 1):
        yield ("" if len(values) == 1 else str(number)), value if isinstance(value, dict) else _NO_OBJECT


def _lines(stream: IO[bytes], most: int) -> Iterator[Read]:
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        if len(line) > most:
            yield str(number), f"is larger than {most // 1_000_000} MB; split it into several articles."
            while line and not line.endswith(b"\n"):
                line = stream.readline(most)
        elif line.strip():
            value = _parsed(line)
            if isinstance(value, Exception):
                yield str(number), f"is not JSON in UTF-8 ({value}); correct the line."
            else:
                yield str(number), value if isinstance(value, dict) else _NO_OBJECT


def _parsed(line: bytes) -> Any:
    """The value of a line; the error where it has none."""
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return error


def _values(text: str) -> list[Any]:
    """The values that follow one another, those of lists among them, and of an object that is only a list's frame."""
    found: list[Any] = []
    decoder, place = json.JSONDecoder(), _next(text, 0)
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        place = _next(text, place)
        if isinstance(value, dict) and "text" not in value:
            lists = [
                inner for inner in value.values() if isinstance(inner, list) and isinstance(next(iter(inner), 0), dict)
            ]
            value = lists[0] if len(lists) == 1 else value
        found += value if isinstance(value, list) else [value]
    return found


def _next(text: str, place: int) -> int:
    match = _BETWEEN.match(text, place)
    return match.end() if match else place
