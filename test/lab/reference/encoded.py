"""Writes test/native-models/formats/golden/encoded.json: values, and the bytes that GGML stores for them.

    python test/lab/reference/encoded.py /path/to/libggml-base.so

Needs numpy and GGML's library, as node-llama-cpp's packages for each system have it. Everything comes from a seed.
"""

import base64
import ctypes
import json
import sys
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parents[2] / "native-models" / "formats" / "golden"
TYPES = {"q4_1": 3, "q5_0": 6, "q5_1": 7, "q4_k": 12, "q5_k": 13, "q6_k": 14}
ROWS, COLUMNS = 6, 256

library = ctypes.CDLL(sys.argv[1])
library.ggml_quantize_chunk.restype = ctypes.c_size_t
library.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + [ctypes.c_int64] * 3 + [ctypes.c_void_p]

random = np.random.default_rng(11)
values = (random.standard_normal((ROWS, COLUMNS)) * np.exp(random.standard_normal((ROWS, COLUMNS)) / 3)).astype(np.float32)
values[1] *= 1e-3
values[2, :64] = 0
values[3] = np.abs(values[3])
values[4, :32] = 0.25
values[5] = 0


def text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


encoded = {}
for name, number in TYPES.items():
    stored = np.zeros(values.size, np.uint8)
    size = library.ggml_quantize_chunk(number, values.ctypes.data, stored.ctypes.data, 0, ROWS, COLUMNS, None)
    encoded[name] = text(stored[:size])
(GOLDEN / "encoded.json").write_text(json.dumps({"values": text(values), "encoded": encoded}, indent=1) + "\n")
