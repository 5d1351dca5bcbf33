"""The settings of this floor: defaults, bounds, and all mistakes in one sentence."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from index.config import IndexFile, SettingsError, load_settings, model_place, resolve
from index.dense import DenseKind
from index.errors import EngineError
from index.models.runtimes import RuntimeName


def settings(tmp_path: Path, text: str) -> IndexFile:
    (tmp_path / "bot.toml").write_text(text, "utf-8")
    return load_settings(tmp_path / "bot.toml")


def test_without_the_default_file_all_is_as_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("bot.toml")) == IndexFile()


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no configuration file .*mine\.toml; create it"):
        load_settings(tmp_path / "mine.toml")


def test_every_section_can_be_set(tmp_path: Path) -> None:
    made = settings(
        tmp_path,
        """
        [corpus]
        directory = "mine"
        [storage]
        directory = "kept"
        generations = 5
        [passages]
        pieces = 64
        overlap = 0
        [embedding]
        model = "some/model"
        runtime = "onnx"
        [dense]
        kind = "flat"
        [search]
        depth = 20
        lexical_weight = 1
        passages_per_article = 1
        [answer]
        citations = 1
        candidates = 5
        sentences = 1
        nothing_below = 0
        answered_from = 0.25
        [bot]
        whatever = "is the upper floor's"
        """,
    )
    assert (made.corpus.directory, made.storage.directory, made.storage.generations) == ("mine", "kept", 5)
    assert (made.passages.pieces, made.passages.overlap) == (64, 0)
    assert (made.embedding.model, made.embedding.runtime) == ("some/model", "onnx")
    assert made.dense.kind is DenseKind.FLAT
    assert (made.search.depth, made.search.lexical_weight, made.search.passages_per_article) == (20, 1.0, 1)
    assert (made.answer.nothing_below, made.answer.answered_from) == (0.0, 0.25)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[storage]\ndirectory = ""', "storage.directory = '': string should have at least 1 character"),
        ('[storage]\ndirectory = "a\\u0000b"', "storage.directory"),
        ("[storage]\ngenerations = 0", "storage.generations = 0: input should be greater than or equal to 1"),
        ('[storage]\ngenerations = "3"', "storage.generations = '3': input should be a valid integer"),
        ("[passages]\npieces = 15", "passages.pieces = 15: input should be greater than or equal to 16"),
        ("[passages]\noverlap = 1.5", "passages.overlap = 1.5: input should be a valid integer"),
        ('[embedding]\nmodel = ""', "embedding.model = ''"),
        ('[embedding]\nruntime = ""', "embedding.runtime = ''"),
        ('[embedding]\nruntime = "onxx"', "embedding.runtime = 'onxx': input should be 'auto', 'onnx', 'onnx-int8', "),
        ('[dense]\nkind = "tree"', "dense.kind = 'tree': input should be "),
        ("[search]\ndepth = 5", "search.depth = 5"),
        ("[search]\nlexical_weight = 1.1", "search.lexical_weight = 1.1"),
        ("[search]\nlexical_weight = nan", "search.lexical_weight = nan"),
        ("[search]\npassages_per_article = 0", "search.passages_per_article = 0"),
        ("[answer]\ncitations = 11", "answer.citations = 11"),
        ("[answer]\nsentences = 4", "answer.sentences = 4"),
        ("[answer]\nnothing_below = 0.9", "answer: nothing_below must not be over answered_from"),
        ("[answer]\nanswered_from = true", "answer.answered_from = True"),
        ("[anser]\ncitations = 1", "anser is no setting (did you mean answer?)"),
        ("[search]\ndeph = 50", "search.deph is no setting (did you mean depth?)"),
        ("[search]\ncolour = 1", "search.colour is no setting; remove it"),
        ("search = 3", "search is no section; write [search] and its settings below"),
        ("bot = 3", "bot = 3: input should be a valid dictionary"),
    ],
)
def test_a_mistake_is_told_by_its_path_with_what_is_right(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as failure:
        settings(tmp_path, text)
    assert told in str(failure.value)
    assert str(failure.value).startswith(f"{tmp_path / 'bot.toml'} has a mistake: ")
    assert "\n" not in str(failure.value)


def test_every_runtime_may_be_set(tmp_path: Path) -> None:
    for name in ("auto", *RuntimeName):
        assert settings(tmp_path, f'[embedding]\nruntime = "{name}"').embedding.runtime == name


def test_mistakes_of_all_sections_are_told_together(tmp_path: Path) -> None:
    text = "[corpus]\ndirectory = 3\n[storage]\ngenerations = -1\n[search]\ndepth = 5\ndeep = 1\n[x]\n"
    with pytest.raises(SettingsError) as failure:
        settings(tmp_path, text)
    for mistake in ("has 5 mistakes", "corpus.directory", "storage.generations", "search.depth", "search.deep", "x is"):
        assert mistake in str(failure.value)


@pytest.mark.parametrize("text", ["[", "a = \ud800", "x = 1\nx = 2"])
def test_what_is_not_toml_is_told_in_the_family_of_this_floor(tmp_path: Path, text: str) -> None:
    (tmp_path / "bot.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(EngineError, match=r"bot\.toml is not TOML"):
        load_settings(tmp_path / "bot.toml")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        IndexFile().search.depth = 3


def test_relative_places_start_where_the_configuration_lies() -> None:
    assert resolve(Path("there/bot.toml"), "var") == Path("there/var")
    assert resolve(Path("there/bot.toml"), "/var") == Path("/var")


def test_a_folder_named_as_model_starts_where_the_file_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "mine")
    assert model_place(tmp_path / "bot.toml", "mine/model") == str(tmp_path / "mine" / "model")
    assert model_place(tmp_path / "bot.toml", "model") == "model"  # a package or hub name stays one
