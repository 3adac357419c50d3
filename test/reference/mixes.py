"""Writes test/native-models/exporting/golden/mixes.json: the type that llama.cpp's quantiser gives each tensor of small models.

    python test/reference/mixes.py /path/to/node-llama-cpp/bins/linux-x64

Needs numpy and gguf, and llama.cpp's libraries, as node-llama-cpp's packages have them.
"""

import ctypes
import json
import sys
import tempfile
from glob import glob
from pathlib import Path

import gguf
import numpy as np

GOLDEN = Path(__file__).parent.parent / "native-models" / "exporting" / "golden"
MIXES = {"F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18}


class Parameters(ctypes.Structure):
    _fields_ = [("threads", ctypes.c_int32), ("mix", ctypes.c_int32), ("others", ctypes.c_uint8 * 248)]


folder = Path(sys.argv[1])
ctypes.CDLL(str(folder / "libggml-base.so"), mode=ctypes.RTLD_GLOBAL)
ctypes.CDLL(glob(str(folder / "libggml.v*.so"))[0], mode=ctypes.RTLD_GLOBAL).ggml_backend_load_all_from_path(str(folder).encode())
llama = ctypes.CDLL(glob(str(folder / "libllama.v*.so"))[0])
llama.llama_model_quantize_default_params.restype = Parameters
quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
llama.llama_log_set(quiet, None)


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
        for name, number in MIXES.items():
            parameters = llama.llama_model_quantize_default_params()
            parameters.threads, parameters.mix = 1, number
            if llama.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters)) != 0:
                raise SystemExit(f"{name} failed")
            mixes[name] = {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(target).tensors}
        shapes = {tensor.name: [int(axis) for axis in reversed(tensor.shape)] for tensor in gguf.GGUFReader(source).tensors}
        models.append({"layers": layers, "shapes": shapes, "mixes": mixes})
GOLDEN.mkdir(parents=True, exist_ok=True)
(GOLDEN / "mixes.json").write_text(json.dumps(models) + "\n")
