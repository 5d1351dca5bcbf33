"""The papers say what the code does: commands, settings, transcripts, links, and nothing that belongs to one machine.

`python -m tests.test_docs` writes the generated parts of docs/settings.md and docs/commands.md and the transcripts in
README.md anew; for these it brings the index of bot.toml up to date first.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from bot.__main__ import cli as bot_cli
from bot.config import BotFile
from corpus.cli import cli as corpus_cli
from index.cli import cli as index_cli
from tests.real_model import exported_storage

__all__ = ["exported_storage"]  # a fixture

ROOT = Path(__file__).resolve().parents[1]
SETTINGS, COMMANDS = ROOT / "docs" / "settings.md", ROOT / "docs" / "commands.md"
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
PROGRAMS: dict[str, click.Group] = {"corpus": corpus_cli, "index": index_cli, "bot": bot_cli}

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A path with a home or a working folder in it. The parts are joined so that this file doesn't hold what it looks for.
_MACHINE = re.compile(r"(?<![\w.~/:-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/\w")
_REGISTRIES = re.compile(
    r"\b(?:"
    + "|".join(["pypi", "pythonhosted", "npmjs", "crates", "huggingface", "docker", "anaconda"])
    + r")\.(?:org|io|co|com)\b"
)


def test_every_setting_is_in_the_table_with_its_default_and_bounds() -> None:
    assert _generated(SETTINGS, "settings") == settings_table(), "run python -m tests.test_docs"


def test_bot_toml_says_the_defaults_and_every_setting() -> None:
    table = tomllib.loads((ROOT / "bot.toml").read_text("utf-8"))
    assert BotFile.model_validate(table) == BotFile()
    written = {(section, key) for section, keys in _flat(table) for key in keys}
    assert written == {(section, key) for section, key, _ in _settings()}


def test_every_setting_in_bot_toml_has_a_comment_of_its_own() -> None:
    lines = (ROOT / "bot.toml").read_text("utf-8").splitlines()
    bare = [line for before, line in zip(["", *lines], lines, strict=False) if _is_key(line) and before[:2] != "# "]
    assert not bare
    assert sum(map(_is_key, lines)) == len(list(_settings()))


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_has_its_help_text_in_the_docs(program: str) -> None:
    told = _generated(COMMANDS, "commands")
    missing = [name for name, text in helps(program) if text not in told]
    assert not missing, "run python -m tests.test_docs"


def test_the_docs_have_no_command_that_is_not_there() -> None:
    assert _generated(COMMANDS, "commands") == commands_text(), "run python -m tests.test_docs"


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_and_option_explains_itself(program: str) -> None:
    for name, command in PROGRAMS[program].commands.items():
        assert command.help, name
        silent = [
            one.name for one in command.params if isinstance(one, click.Option) and not one.help and one.name != "help"
        ]
        assert not silent, f"{name}: {silent}"
        assert "--config" in [opt for one in command.params for opt in one.opts], name


def test_every_command_named_in_the_papers_exists() -> None:
    named = {
        pair
        for paper in PAPERS
        for pair in re.findall(r"python -m (corpus|index|bot) ([a-z]+)", paper.read_text("utf-8"))
    }
    assert {(program, name) for program in PROGRAMS for name in PROGRAMS[program].commands} <= named
    assert not [(program, name) for program, name in named if name not in PROGRAMS[program].commands]


def test_operations_tells_every_event_of_the_log_and_every_figure_and_no_other() -> None:
    code = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "bot").rglob("*.py")))
    paper = (ROOT / "docs" / "operations.md").read_text("utf-8")
    events = set(re.findall(r'\b(?:event|failure)\(\s*"([a-z-]+)"', code)) | {"log-lines-lost", "log"}
    rows = paper.partition("| event | fields |")[2].partition("\n\n")[0].split("\n")[2:]
    assert {name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])} == events
    figures = set(re.findall(r'"picket_([a-z_]+)"', code)) | set(re.findall(r'\.watch\("([a-z_]+)"', code))
    assert {name.removesuffix("_total") for name in re.findall(r"`picket_([a-z_]+)", paper)} == figures


def test_the_papers_tell_every_target_of_make_and_no_other() -> None:
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = "\n".join(paper.read_text("utf-8") for paper in PAPERS)
    told = set(re.findall(r"(?:`|^)make ([a-z]+)\b", text, re.MULTILINE))
    assert told == there


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_links_lead_to_files(paper: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(paper.read_text("utf-8")) if "://" not in link]
    assert not [link for link in links if link and not (paper.parent / link).exists()]


def test_every_decision_has_its_four_parts() -> None:
    for number, paper in enumerate(sorted((ROOT / "docs" / "decisions").glob("*.md")), start=1):
        text = paper.read_text("utf-8")
        assert paper.name.startswith(f"{number:04d}-"), paper.name
        assert text.startswith(f"# {number}. "), paper.name
        parts = re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)
        assert parts == ["Decision", "Why", "What else", "Consequence"], paper.name


def test_the_architecture_names_seven_files_in_two_screens() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    _, _, last = text.partition("## Read these seven files in this order\n")
    files = re.findall(r"^(\d)\. \[(\S+)\]\(\2\)", last, re.MULTILINE)
    assert [number for number, _ in files] == list("1234567")
    assert not [name for _, name in files if not (ROOT / name).is_file()]
    assert len(text.splitlines()) <= 110


def test_files_named_in_the_papers_exist() -> None:
    name = re.compile(r"`((?:bot|corpus|index|tests|docs)/[\w./-]+\.(?:py|toml|md))`")
    named = {one for paper in PAPERS for one in name.findall(paper.read_text("utf-8"))}
    assert named
    assert not [one for one in sorted(named) if not (ROOT / one).exists()]


def test_the_papers_count_the_briefs_right() -> None:
    briefs = len(list((ROOT / "corpus" / "articles").glob("*.md")))
    told = [int(count) for paper in PAPERS for count in re.findall(r"(\d+) briefs", paper.read_text("utf-8"))]
    assert told
    assert set(told) == {briefs}


def test_nothing_in_the_project_belongs_to_one_machine_or_registry() -> None:
    found = []
    for place in _texts():
        for number, line in enumerate(place.read_text("utf-8", errors="replace").splitlines(), start=1):
            if _MACHINE.search(line) or _REGISTRIES.search(line):
                found.append(f"{place.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found


def test_the_search_for_machine_paths_finds_one_and_passes_look_alikes() -> None:
    one = "/" + "home" + "/someone/picket"
    assert _MACHINE.search(f'open("{one}")')
    assert not _MACHINE.search(f"https://news.example{one}")
    assert _REGISTRIES.search("https://" + "pypi" + ".org/simple")


@pytest.mark.model
def test_the_transcripts_of_the_readme_run(exported_storage: Path, tmp_path: Path) -> None:
    settings = _starter(exported_storage, tmp_path)
    transcripts = list(_transcripts((ROOT / "README.md").read_text("utf-8")))
    assert transcripts
    _run("python -m index reindex", settings)
    for command, output in transcripts:
        assert _run(command, settings).strip("\n") == output.strip("\n"), command
    answer = json.loads(_run('python -m index ask "when did SAG-AFTRA resume talks" --json', settings))
    hits = json.loads(_run('python -m index search "when did SAG-AFTRA resume talks" -k 1 --json', settings))
    _, _, contract = COMMANDS.read_text("utf-8").partition("## JSON\n")
    told = set(re.findall(r"`([a-z_]+)`", contract))
    assert _keys(answer) | _keys(hits) <= told
    assert answer["outcome"] == "answered"


def settings_table() -> str:
    """Every setting with its default and what the models allow."""
    lines = ["| section | setting | default | allowed |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `[{section}]` | `{key}` | `{default}` | {_allowed(section, key)} |" for section, key, default in _settings()
    ]
    return "\n".join(lines) + "\n"


def commands_text() -> str:
    """The help texts of all commands."""
    parts = []
    for program in PROGRAMS:
        parts.append(f"## python -m {program}\n")
        parts += [f"### {name or 'without a command'}\n\n```text\n{text}```\n" for name, text in helps(program)]
    return "\n".join(parts)


def helps(program: str) -> list[tuple[str, str]]:
    """The name and help text of each command, 80 columns wide; “” is the program where it does something without one."""
    group = PROGRAMS[program]
    found = []
    for name in ([""] if group.invoke_without_command else []) + list(group.commands):
        given = [name, "--help"] if name else ["--help"]
        result = CliRunner().invoke(group, given, prog_name=f"python -m {program}", terminal_width=80)
        assert result.exit_code == 0, result.output
        found.append((name, result.output))
    return found


def _settings() -> Iterator[tuple[str, str, str]]:
    """Section, key and default as TOML, in the models' order."""
    for section, keys in _flat(BotFile().model_dump(mode="json")):
        for key, value in keys.items():
            yield section, key, json.dumps(value)


def _flat(table: dict[str, Any], name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    own = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if own:
        yield name, own
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.{key}".lstrip("."))


def _allowed(section: str, key: str) -> str:
    model: type[BaseModel] = BotFile
    for part in section.split("."):
        inner = model.model_fields[part].annotation
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        model = inner
    schema = model.model_json_schema()
    field: dict[str, Any] = schema["properties"][key]
    if "$ref" in field:
        field = schema["$defs"][field["$ref"].rpartition("/")[2]]
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    if "maximum" in field:
        least = f"over {field['exclusiveMinimum']}" if "exclusiveMinimum" in field else f"{field['minimum']:,}"
        return f"{least} to {field['maximum']:,}"
    return {
        "model": "a package, folder or hub name",
        "http": "`host:port`, or nothing",
        "token_file": "a path, or nothing",
    }.get(key, "a path")


def _generated(paper: Path, name: str) -> str:
    match = _marks(name).search(paper.read_text("utf-8"))
    assert match, f"{paper.name} has lost its marks for {name}"
    return match.group(2)


def _marks(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name}:[^\n]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


def _is_key(line: str) -> bool:
    return re.match(r"[a-z_]+ = ", line) is not None


def _texts() -> Iterator[Path]:
    """The files of the project, without what .gitignore names and without what is not text."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [
            name
            for name in sorted(folders)
            if name != ".git" and not any(fnmatch(name, one) or fnmatch(str(here / name), one) for one in ignored)
        ]
        for name in sorted(files):
            place = Path(folder) / name
            if (
                not any(fnmatch(name, one) for one in ignored)
                and place.is_file()
                and b"\0" not in place.read_bytes()[:4096]
            ):
                yield place


def _transcripts(text: str) -> Iterator[tuple[str, str]]:
    """Commands and what they print, out of `console` blocks."""
    for block in _CONSOLE.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def _starter(storage: Path, place: Path) -> Path:
    """Settings for the starter corpus with a storage of its own, in which the model's export is linked."""
    shutil.copytree(storage / "models", place / "var" / "models", copy_function=os.link)
    settings = place / "bot.toml"
    articles = json.dumps(str(ROOT / "corpus" / "articles"))
    settings.write_text(f'[corpus]\ndirectory = {articles}\n[storage]\ndirectory = "var"\n', "utf-8")
    return settings


def _run(command: str, settings: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "python"
    plain = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TTY_COMPATIBLE")}
    result = subprocess.run(
        [sys.executable, *arguments, "--config", str(settings)],
        cwd=ROOT,
        env=plain | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for inner in value.values() for key in _keys(inner))}
    return {key for inner in value for key in _keys(inner)} if isinstance(value, list) else set()


def main() -> None:
    """Writes the generated parts anew."""
    for paper, name, text in ((SETTINGS, "settings", settings_table()), (COMMANDS, "commands", commands_text())):
        old = paper.read_text("utf-8")
        paper.write_text(_marks(name).sub(lambda match, text=text: match[1] + text + match[3], old), "utf-8")  # type: ignore[misc]
    readme, settings = ROOT / "README.md", ROOT / "bot.toml"
    _run("python -m index reindex", settings)
    readme.write_text(_CONSOLE.sub(lambda block: _rerun(block[1], settings), readme.read_text("utf-8")), "utf-8")


def _rerun(block: str, settings: Path) -> str:
    parts = (
        f"$ {command}\n" + _run(command, settings).strip("\n") for command, _ in _transcripts(f"```console\n{block}```")
    )
    return "```console\n" + "\n\n".join(parts) + "\n```"


if __name__ == "__main__":
    main()
