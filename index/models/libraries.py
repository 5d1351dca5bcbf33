"""Opens what onnxruntime and tokenizers load, as every model here is run, and tells their errors in one line."""

import re
from pathlib import Path
from typing import Any, Literal

from tokenizers import Tokenizer

# What onnxruntime should not do: adding and norming in one operator takes twice as long as in two.
_SLOWER = ["SkipLayerNormFusion"]
_SURROGATES = re.compile("[\ud800-\udfff]")


def onnx_session(
    model: Path,
    *,
    threads: int = 1,
    optimise: Literal["all", "extended", "none"] = "all",
    kept: Path | None = None,
    weights: str = "",
) -> Any:
    """An `onnxruntime.InferenceSession`, whose errors are onnxruntime's own; a call uses `threads` cores, all where 0.

    To `optimise` is “all”, “none”, of what was optimised when it was made, or “extended” for what is written to `kept`,
    and its weights to a file of the name `weights` beside it: what onnxruntime does beyond that is right for the
    processor at hand alone, and storage may be moved.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning would burn the cores of the next call.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors alone; the rest goes to standard error
    # The arena never gives memory back, and with small batches is no faster.
    options.enable_cpu_mem_arena = False
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = {
        "all": levels.ORT_ENABLE_ALL,
        "extended": levels.ORT_ENABLE_EXTENDED,
        "none": levels.ORT_DISABLE_ALL,
    }[optimise]
    if kept:
        options.optimized_model_filepath = str(kept)
    if weights:
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", weights)
    return onnxruntime.InferenceSession(
        str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=_SLOWER if optimise == "extended" else None,
    )


def open_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer that cuts nothing and pads nothing; raises bare Exception, as tokenizers does."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True  # “[SEP]” in an article is five characters, not an instruction
    return tokenizer


def speakable(text: str) -> str:
    """Lone surrogates, which no tokenizer takes, become U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def short(error: Exception) -> str:
    """What a library says of what went wrong, in one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
