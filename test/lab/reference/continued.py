"""What transformers continues texts with, in float32: the logits after them, and greedy ids.

    python test/lab/reference/continued.py REQUESTS

REQUESTS: a JSON file, a list of {"path": folder, "ids": [...], "tokens": n, "out": file}. Each `out` becomes a safetensors file with
`logits` [V] (F32) and `ids` [n] (F32); where the model cannot be loaded, there is a text `out`.refused instead.
"""

import json
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file

from checkpoint import load_model


def continued(path, ids, tokens):
    model = load_model(path)
    first, chosen, following, cache = None, [], ids, None
    with torch.no_grad():
        for _ in range(tokens):
            out = model(input_ids=torch.tensor([following]), past_key_values=cache, use_cache=True, logits_to_keep=1)
            logits, cache = out.logits[0, -1].float(), out.past_key_values
            first = logits.contiguous() if first is None else first
            chosen.append(int(logits.argmax()))
            following = [chosen[-1]]
    return {"logits": first, "ids": torch.tensor(chosen, dtype=torch.float32)}


warnings.simplefilter("ignore")
torch.set_num_threads(2)
for request in json.loads(Path(sys.argv[1]).read_text()):
    try:
        save_file(continued(request["path"], request["ids"], request["tokens"]), request["out"])
    except Exception as error:
        Path(f"{request['out']}.refused").write_text(f"{type(error).__name__}: {str(error).splitlines()[0]}")
