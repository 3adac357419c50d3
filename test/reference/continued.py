"""What transformers continues texts with, in float32: the logits after them, and greedy ids.

    python test/reference/continued.py REQUESTS

REQUESTS: a JSON file, a list of {"path": folder, "ids": [...], "tokens": n, "out": file}. Each `out` becomes a safetensors file with
`logits` [V] (F32) and `ids` [n] (F32); where the model cannot be loaded, there is a text `out`.refused instead.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from checkpoint import load_model


def continued(path, ids, tokens):
    model = load_model(path)
    first, length = None, len(ids)
    with torch.no_grad():
        for _ in range(tokens):
            logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].float()
            first = logits.contiguous() if first is None else first
            ids = [*ids, int(logits.argmax())]
    return {"logits": first, "ids": torch.tensor(ids[length:], dtype=torch.float32)}


torch.set_num_threads(2)
for request in json.loads(Path(sys.argv[1]).read_text()):
    try:
        save_file(continued(request["path"], request["ids"], request["tokens"]), request["out"])
    except Exception as error:
        Path(f"{request['out']}.refused").write_text(f"{type(error).__name__}: {str(error).splitlines()[0]}")
