"""`bot.toml`: what is missing is the default, and all mistakes are told together, each with its path and what to do."""

import tempfile
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from corpus.config import CorpusFile, Section, load_config, resolve
from corpus.errors import ConfigError, CorpusError


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "bot.toml"


def mistakes(config: Path, text: str | bytes, model: type[BaseModel] = CorpusFile) -> str:
    config.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load_config(config, model)
    message = str(caught.value)
    assert message.startswith(str(config))
    assert message.endswith(".")
    assert "\n" not in message
    return message.removeprefix(f"{config} ")


def test_without_a_file_of_the_usual_name_everything_has_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = load_config(Path("bot.toml"), CorpusFile)
    assert found == CorpusFile()
    assert found.corpus.directory == "corpus/articles"


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    place = tmp_path / "other.toml"
    with pytest.raises(
        ConfigError, match=r"There is no configuration file .*; create it or name another with --config"
    ):
        load_config(place, CorpusFile)


def test_what_is_written_goes_before_the_defaults(config: Path) -> None:
    config.write_text('[corpus]\ndirectory = "here"\n[corpus.fetch]\nseconds = 5\nredirects = 0\n')
    found = load_config(config, CorpusFile).corpus
    assert (found.directory, found.fetch.seconds, found.fetch.redirects) == ("here", 5.0, 0)
    assert found.fetch.feed_entries == 50


def test_all_mistakes_are_told_together_with_path_and_suggestion(config: Path) -> None:
    told = mistakes(
        config,
        '[corpus]\ndirectry = "x"\ndirectory = ""\n[corpus.fetch]\nmax_bytes = "5"\nseconds = 0\nredirect = 3\n'
        "feed_entries = 1.5\nzzz = true\n[corpus.fetsh]\n",
    )
    assert told.startswith("has 8 mistakes: ")
    for words in (
        "corpus.directory = '': string should have at least 1 character",
        "corpus.directry is no setting (did you mean directory?)",
        "corpus.fetch.max_bytes = '5': input should be a valid integer",
        "corpus.fetch.seconds = 0: input should be greater than 0",
        "corpus.fetch.feed_entries = 1.5: input should be a valid integer",
        "corpus.fetch.redirect is no setting (did you mean redirects?)",
        "corpus.fetch.zzz is no setting; remove it",
        "corpus.fetsh is no setting (did you mean fetch?)",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("corpus = 5", "has a mistake: corpus is no section; write [corpus] and its settings below"),
        ("[corpus]\nfetch = true", "corpus.fetch is no section; write [corpus.fetch]"),
        ("[corpus]\ndirectory = 5", "corpus.directory = 5: input should be a valid string"),
        ('[corpus]\ndirectory = "a\\u0000b"', "corpus.directory"),
        ("[corpus.fetch]\nseconds = nan", "corpus.fetch.seconds = nan"),
        ("[corpus.fetch]\nseconds = inf", "corpus.fetch.seconds = inf"),
        ("[corpus.fetch]\nmax_bytes = 999", "greater than or equal to 1000"),
        ("[corpus.fetch]\nmax_bytes = true", "max_bytes = True: input should be a valid integer"),
        ("[corpus\n", "is not TOML"),
        ("[corpus]\ndirectory = 'a'\ndirectory = 'b'", "is not TOML"),
        (b"[corpus]\ndirectory = '\xff'", "is not TOML"),
        ("a = " + "[" * 100_000, "is not TOML"),
        ("a = " + "1" * 10_000, "is not TOML"),
    ],
)
def test_each_mistake_is_one_sentence(config: Path, text: str | bytes, words: str) -> None:
    assert words in mistakes(config, text)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"can't be read \(Is a directory\)"):
        load_config(tmp_path, CorpusFile)


class Limits(Section):
    """A section of a floor above."""

    most: Annotated[int, Field(ge=1)] = 3


class WholeFile(BaseModel):
    """A file of which every section is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    corpus: CorpusFile = CorpusFile()
    limits: Limits = Limits()


def test_sections_of_other_floors_are_theirs_to_check(config: Path) -> None:
    config.write_text('[storage]\ndirectory = "var"\n[limits]\nmoste = 5')
    assert load_config(config, CorpusFile) == CorpusFile()


def test_an_unknown_section_is_a_mistake_where_all_are_known(config: Path) -> None:
    told = mistakes(config, "[limitz]\nmost = 1\n[limits]\nmots = 5", WholeFile)
    assert "limitz is no setting (did you mean limits?)" in told
    assert "limits.mots is no setting (did you mean most?)" in told


def test_settings_can_not_be_changed(config: Path) -> None:
    found = load_config(config, CorpusFile) if config.exists() else CorpusFile()
    with pytest.raises(ValueError, match="frozen"):
        found.corpus.directory = "elsewhere"


def test_paths_start_where_the_file_lies(tmp_path: Path) -> None:
    assert resolve(tmp_path / "bot.toml", "var/x") == tmp_path / "var/x"
    assert resolve(tmp_path / "bot.toml", "/elsewhere") == Path("/elsewhere")
    assert resolve(Path("bot.toml"), "~/x") == Path.home() / "x"


def test_a_home_that_is_not_known_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="~nobody-of-this-name/x is not known; write the whole path"):
        resolve(tmp_path / "bot.toml", "~nobody-of-this-name/x")


@given(st.text(max_size=80) | st.text(max_size=40).map("[corpus]\n{}".format))
def test_any_text_is_a_configuration_or_a_mistake(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bot.toml"
        place.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            found = load_config(place, CorpusFile)
        except ConfigError:
            return
        assert found.corpus.fetch == CorpusFile().corpus.fetch
