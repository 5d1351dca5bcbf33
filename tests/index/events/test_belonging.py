"""What the word before a date makes of it."""

import pytest

from index.events.belonging import Belonging, Role
from index.events.clauses import clauses_of
from index.records import Span


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("The pact was ratified by its members June 24.", Role.AT),
        ("They must ratify it by June 24.", Role.UNTIL),
        ("They must ratify it by early June 24.", Role.UNTIL),
        ("The dyers have been out since June 24.", Role.SINCE),
        ("The dyers struck until June 24.", Role.UNTIL),
    ],
)
def test_the_word_before_a_date_tells_its_role_and_who_did_it_is_no_day(sentence: str, role: Role) -> None:
    start = sentence.index("June 24")
    date = Span(start, start + len("June 24"))
    assert Belonging(sentence, clauses_of(sentence, [date]), [date], date).role() is role
