"""SHA-256 of every tensor of a GGUF file as the `gguf` package dequantises it (float32), as JSON on standard output.

    python test/lab/reference/tensors.py MODEL.gguf
"""

import hashlib
import json
import sys

import gguf
import numpy as np

digests = {}
for tensor in gguf.GGUFReader(sys.argv[1]).tensors:
    digest = hashlib.sha256()
    rows = tensor.data.reshape(-1, tensor.data.shape[-1])
    for first in range(0, len(rows), 4096):
        values = gguf.dequantize(rows[first : first + 4096], tensor.tensor_type)
        digest.update(np.ascontiguousarray(values, dtype=np.float32).data)
    digests[tensor.name] = digest.hexdigest()
json.dump(digests, sys.stdout)
