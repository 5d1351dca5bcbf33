"""The models: found by their setting, exported once, the fastest way to run them chosen, and run without torch.

`embedding` gives the encoder of passages and questions, `rerankers` the cross-encoder. The ways in are these two and
`embedders.Encoder`; the rest makes, checks and measures the files that they load. The runtimes are kept from telling
their makers that they are used: onnxruntime and the hub by their own switches, OpenVINO, which has none, by its stub.
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
