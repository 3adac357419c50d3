"""What mlx-lm continues texts with, in float32: the logits after them, and greedy ids.

    python test/lab/reference/continued-mlx.py REQUESTS

REQUESTS and what is written: as of continued.py. The Python needs mlx with a processor's library (mlx[cpu]) and mlx-lm.
"""

import json
import sys
from pathlib import Path

import mlx.core as mx
from mlx.utils import tree_map
from mlx_lm.models.cache import make_prompt_cache
from mlx_lm.utils import load_model


def continued(path, ids, tokens):
    model, _ = load_model(Path(path))
    model.update(tree_map(lambda weight: weight.astype(mx.float32), model.parameters()))
    model.eval()
    cache = make_prompt_cache(model)
    first, chosen, following = None, [], ids[-1:]
    model(mx.array([ids[:-1]]), cache=cache)
    mx.eval([layer.state for layer in cache])  # without the logits of these tokens
    for _ in range(tokens):
        logits = model(mx.array([following]), cache=cache)[0, -1].astype(mx.float32)
        first = logits if first is None else first
        chosen.append(int(mx.argmax(logits).item()))
        following = [chosen[-1]]
    return {"logits": first, "ids": mx.array(chosen, dtype=mx.float32)}


for request in json.loads(Path(sys.argv[1]).read_text()):
    try:
        mx.save_safetensors(request["out"], continued(request["path"], request["ids"], request["tokens"]))
    except Exception as error:
        Path(f"{request['out']}.refused").write_text(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    mx.clear_cache()
