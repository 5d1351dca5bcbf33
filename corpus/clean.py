"""Turn the text of an article as a page leaves it into the text that is kept: damage repaired, page
furniture dropped.

Lines are kept as they are, but for furniture that shares one with the article; style (quotes, spelling, ligatures) is
never changed. Mending one line is `corpus.repair`'s, knowing furniture `corpus.furniture`'s, getting text out of HTML or a
file is done before.
"""

# A headline of 300 characters is already absurd; Discord shows 256 in a title.
_LINE_LIMIT = 300
# Read at most this much of what claims to be one line, so that a 5 MB "title" costs nothing.
_LINE_READ = 4_000
# Cutting a damaged line can leave a new bit to mend; two rounds have been the most.
_ROUNDS = 25


# Who only asks never cleans: ftfy and the rules are imported where they are first needed, since they take longer to
# load than a question to answer.


def clean(text: str) -> str:
    """The article's own text: NFC, LF only, no other control or invisible characters, at most one blank
    line in a row.

    Takes any string (lone surrogates, NUL, megabytes), in time linear in its length. Cleaning again changes
    nothing.
    """
    from corpus.furniture import furniture

    lines = _lines(text)
    dropped = {number for number, _ in furniture(lines)}
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in dropped and (line or (kept and kept[-1])):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)


def clean_line(text: str) -> str:
    """A title, outlet or author: repaired like a text, on one line, at most 300 code points, cut between
    words.

    No furniture is dropped, since here a name may be all there is. Cleaning again changes nothing.
    """
    line = text[:_LINE_READ]
    for _ in range(_ROUNDS):
        shorter = _bounded(" ".join(part for part in _repaired(line) if part))
        if shorter == line:
            break
        line = shorter
    return line


def explain(text: str) -> list[tuple[str, str]]:
    """What `clean` drops from `text`: each repaired line with the name of the rule that knows it."""
    from corpus.furniture import furniture

    lines = _lines(text)
    return [(lines[number - 1], rule) for number, rule in furniture(lines)]


def _repaired(text: str) -> list[str]:
    from corpus.repair import repair_line, split_lines

    return [line for raw in split_lines(text) for line in repair_line(raw)]


def _lines(text: str) -> list[str]:
    """Repaired lines, with furniture that shares a line with the article on one of its own."""
    from corpus.furniture_apart import set_apart

    return [line for repaired in _repaired(text) for line in set_apart(repaired)]


def _bounded(line: str) -> str:
    if len(line) <= _LINE_LIMIT:
        return line
    border = line.rfind(" ", 0, _LINE_LIMIT + 1)
    return line[: border if border > 0 else _LINE_LIMIT].rstrip(" ")
