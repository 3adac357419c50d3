"""Writes test/native-models/exporting/golden/mixes.json: the type that llama.cpp's quantiser gives each tensor of small models.

    python test/lab/reference/mixes.py /path/to/node-llama-cpp/bins/linux-x64

Needs numpy and gguf, and llama.cpp's libraries, as node-llama-cpp's packages have them.
"""

import json
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np

from quantise import MIXES, quantiser

GOLDEN = Path(__file__).parents[2] / "native-models" / "exporting" / "golden"


quantise = quantiser(Path(sys.argv[1]))


def write(path: Path, width: int, inner: int, layers: int, tied: bool) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(layers)
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("no_vocab")
    writer.add_vocab_size(32)
    add = lambda name, *shape: writer.add_tensor(name, np.ones(shape, np.float16 if len(shape) > 1 else np.float32))
    add("token_embd.weight", 32, width)
    add("output_norm.weight", width)
    if not tied:
        add("output.weight", 32, width)
    for layer in range(layers):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}.weight", width, width)
        for part in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{part}.weight", width)
        add(f"blk.{layer}.ffn_gate.weight", inner, width)
        add(f"blk.{layer}.ffn_up.weight", inner, width)
        add(f"blk.{layer}.ffn_down.weight", width, inner)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


models = []
with tempfile.TemporaryDirectory() as temporary:
    source, target = Path(temporary) / "source.gguf", Path(temporary) / "target.gguf"
    for width, inner, layers, tied in [(256, 512, 11, True), (256, 320, 3, False), (64, 96, 8, True)]:
        write(source, width, inner, layers, tied)
        mixes = {}
        for name in MIXES:
            quantise(source, target, name)
            mixes[name] = {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(target).tensors}
        shapes = {tensor.name: [int(axis) for axis in reversed(tensor.shape)] for tensor in gguf.GGUFReader(source).tensors}
        models.append({"layers": layers, "shapes": shapes, "mixes": mixes})
GOLDEN.mkdir(parents=True, exist_ok=True)
(GOLDEN / "mixes.json").write_text(json.dumps(models) + "\n")
