"""What lies in deploy/: the container's start fills its volume once and becomes Picket, and unit and image say what is so."""

import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import ENDING
from bot.config import BotFile, load_settings
from tests.engines import ADDED, configure, open_engine, write_corpus

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The image's folder as far as a start needs it: the code, two articles, and what the build made."""
    made = tmp_path / "image"
    (made / "corpus" / "articles").mkdir(parents=True)
    for place in (ROOT / "corpus").glob("*.py"):
        (made / "corpus" / place.name).symlink_to(place)
    for name in ("bot", "index", "deploy"):
        (made / name).symlink_to(ROOT / name)
    for article in sorted((ROOT / "corpus" / "articles").glob("*.md"))[:2]:
        shutil.copy(article, made / "corpus" / "articles")
    for name in ("models", "index"):
        (made / "var" / name).mkdir(parents=True)
    (made / "var" / "embeddings.db").touch()
    return made


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    """A folder with a built index, as the image's build leaves it in var/index."""
    config = configure(tmp_path / "built")
    write_corpus(tmp_path / "built" / "articles")
    with closing(open_engine(config)) as engine:
        engine.reindex(now=ADDED)
    return tmp_path / "built" / "var" / "index"


def start(image: Path, data: Path) -> subprocess.CompletedProcess[str]:
    """The container's start, with the command that needs neither token nor network."""
    plain = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", str(DEPLOY / "start.sh"), "check"],
        env=plain | {"PICKET_IMAGE": str(image), "PICKET_DATA": str(data), "PATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_start_fills_an_empty_volume(image: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    done = start(image, data)
    assert done.stderr == ""
    assert f"articles in {data}/articles: 2 for everybody" in done.stdout
    assert sorted(place.name for place in data.iterdir()) == ["articles", "bot.toml", "var"]
    assert sorted(place.name for place in (data / "var").iterdir()) == ["embeddings.db", "index", "models"]


def test_a_later_start_leaves_the_volume_as_it_is(image: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    start(image, data)
    own = data / "articles" / "own.md"
    next((data / "articles").glob("*.md")).rename(own)
    (data / "bot.toml").write_text('[corpus]\ndirectory = "articles"\n[bot]\nqueue = 7\n')
    start(image, data)
    assert own.exists()
    assert load_settings(data / "bot.toml").bot.queue == 7
    assert len(list((data / "articles").iterdir())) == 2


def test_a_start_that_was_cut_short_is_begun_again(image: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "articles.new").mkdir(parents=True)
    (data / "articles.new" / "half.md").touch()
    start(image, data)
    assert len(list((data / "articles").glob("*.md"))) == 2
    assert not (data / "articles" / "half.md").exists()
    assert not list(data.rglob("*.new"))


def test_no_file_of_a_generation_is_shut_to_who_may_read_its_manifest(generation: Path) -> None:
    (folder,) = (generation / "generations").iterdir()
    readable = (folder / "manifest.json").stat().st_mode & 0o444
    shut = {place.name for place in folder.rglob("*") if place.is_file() and readable & ~place.stat().st_mode}
    assert shut == set()


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts a process of another user")
def test_an_index_that_root_built_is_copied_by_the_containers_user(image: Path, generation: Path) -> None:
    shutil.copytree(generation, image / "var" / "index", dirs_exist_ok=True)
    # The folders of tests, and perhaps the interpreter, are root's alone: the copies begin, and end, without them.
    with tempfile.TemporaryDirectory(prefix="picket-") as made:
        place, other = Path(made), 10_001
        place.chmod(0o755)
        shutil.copytree(image, place / "image")
        data, python = place / "data", place / "bin" / "python"
        data.mkdir()
        os.chown(data, other, other)
        python.parent.mkdir()
        python.write_text("#!/bin/sh\nexit 0\n", "utf-8")
        python.chmod(0o755)
        done = subprocess.run(
            ["sh", str(place / "image" / "deploy" / "start.sh"), "check"],
            env={
                "PICKET_IMAGE": str(place / "image"),
                "PICKET_DATA": str(data),
                "PATH": f"{python.parent}:/usr/bin:/bin",
            },
            user=other,
            group=other,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert (data / "var" / "index" / "CURRENT").stat().st_uid == other
        assert not list(data.rglob("*.new"))


def test_the_containers_settings_differ_from_the_defaults_in_places_alone() -> None:
    settings = load_settings(DEPLOY / "container.toml")
    plain = BotFile()
    assert settings.bot.http == "0.0.0.0:8080"
    assert (
        settings.model_copy(
            update={
                "corpus": plain.corpus,
                "storage": plain.storage,
                "bot": settings.bot.model_copy(update={"http": ""}),
            }
        )
        == plain
    )


def test_the_image_has_what_it_copies_and_is_nobody_in_the_end() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    kept = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    for line in lines:
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert source.partition("/")[0] in kept, source
    verbs = [line.split()[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    assert verbs[0] == "FROM"
    assert verbs.index("USER") < verbs.index("ENTRYPOINT")
    assert "USER root" not in lines


def test_the_unit_waits_longer_than_picket_takes_to_end() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "picket.service", "utf-8")
    service = unit["Service"]
    assert float(service["TimeoutStopSec"]) > 10 > ENDING
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"].split() == ["1", "2"]
    assert service["ExecStart"].split()[1:3] == ["-m", "bot"]
    assert service["User"] == "picket"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_every_line_of_the_unit() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / "picket.service")], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "picket.service" in line]
    assert [line for line in told if "is not executable" not in line] == []
