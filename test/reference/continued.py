"""What transformers continues a text with, in float32: the logits after it, and greedy ids.

    python test/reference/continued.py VERSION [REQUEST MODEL OUT ...]

VERSION: a file for transformers' version. REQUEST: a JSON file {"ids": [...], "tokens": n}. MODEL: a folder. OUT: a safetensors file
with `logits` [V] (F32) and `ids` [n] (F32).
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

from checkpoint import load_model

Path(sys.argv[1]).write_text(transformers.__version__)
paths = iter(sys.argv[2:])
torch.set_num_threads(2)
for request_path, model_path, out_path in zip(paths, paths, paths):
    request = json.loads(Path(request_path).read_text())
    model = load_model(model_path)
    ids = list(request["ids"])
    first = None
    with torch.no_grad():
        for _ in range(request["tokens"]):
            logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].float()
            first = logits.contiguous() if first is None else first
            ids.append(int(logits.argmax()))
    continued = torch.tensor(ids[len(request["ids"]):], dtype=torch.float32)
    save_file({"logits": first, "ids": continued}, out_path)
    del model
