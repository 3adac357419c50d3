"""A resident process that evaluates prompts and decodes with onnxruntime-genai.

    python test/reference/genai.py '{"model": FOLDER, "threads": 2, "context": 1024, "unused": ID}'

FOLDER is what onnxruntime-genai's own model builder wrote; "unused" is a token that is taken for the end of answers, so that none
ends early. Requests and answers: as in llama.py.
"""

import json
import sys
import time

import numpy as np
import onnxruntime_genai as genai

options = json.loads(sys.argv[1])
config = genai.Config(options["model"])
session = {"intra_op_num_threads": options["threads"]}
config.overlay(
    json.dumps({"model": {"eos_token_id": options["unused"], "decoder": {"session_options": session}}})
)
model = genai.Model(config)


def started():
    parameters = genai.GeneratorParams(model)
    parameters.set_search_options(max_length=options["context"], do_sample=False, past_present_share_buffer=True)
    return genai.Generator(model, parameters)


def milliseconds(since):
    return (time.perf_counter() - since) * 1000


def prompt(ids):
    global generator
    generator = started()
    since = time.perf_counter()
    generator.append_tokens(np.array([ids], dtype=np.int32))
    return {"ms": milliseconds(since), "tokens": len(ids), "ids": []}


def decode(token, tokens):
    ids = []
    since = time.perf_counter()
    generator.append_tokens(np.array([[token]], dtype=np.int32))
    while len(ids) < tokens:
        if generator.is_done():
            raise RuntimeError("an answer ended")
        generator.generate_next_token()
        ids.append(int(generator.get_next_tokens()[0]))
    return {"ms": milliseconds(since), "tokens": tokens, "ids": ids}


def say(answer):
    print(json.dumps(answer), flush=True)


generator = None
say({"ready": True, "genai": genai.__version__})
for line in sys.stdin:
    request = json.loads(line)
    say(prompt(request["ids"]) if request["call"] == "prompt" else decode(request["from"], request["tokens"]))
