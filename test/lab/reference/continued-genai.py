"""What onnxruntime-genai continues texts with: the logits after them, and greedy ids.

    python test/lab/reference/continued-genai.py REQUESTS

REQUESTS and what is written: as in continued.py; "path" is a folder that `coppice export --format onnx` wrote.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime_genai as genai
from safetensors.numpy import save_file


def opened(path, end=None):
    config = genai.Config(path)
    if end is not None:
        config.overlay(json.dumps({"model": {"eos_token_id": end}}))  # a list would be appended
    return genai.Model(config)


def after(model, ids, tokens):
    parameters = genai.GeneratorParams(model)
    parameters.set_search_options(max_length=len(ids) + tokens, do_sample=False)
    generator = genai.Generator(model, parameters)
    generator.append_tokens(np.array([ids], dtype=np.int32))
    return generator, generator.get_logits().reshape(-1).astype(np.float32)


def continued(path, ids, tokens):
    _, logits = after(opened(path), ids, tokens)
    # Whatever ends an answer of this model is to be an ordinary token here, so one that does not occur takes its place.
    for end in logits.argsort().tolist():
        generator, _ = after(opened(path, end), ids, tokens)
        made = []
        while not generator.is_done():
            generator.generate_next_token()
            made.append(int(generator.get_next_tokens()[0]))
        if len(made) == tokens and end not in made:
            return {"logits": logits, "ids": np.array(made, dtype=np.float32)}
    raise RuntimeError("every token occurs")


for request in json.loads(Path(sys.argv[1]).read_text()):
    try:
        save_file(continued(request["path"], request["ids"], request["tokens"]), request["out"])
    except Exception as error:
        Path(f"{request['out']}.refused").write_text(f"{type(error).__name__}: {str(error).splitlines()[0]}")
