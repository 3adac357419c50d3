"""A resident process that evaluates prompts and decodes with onnxruntime-genai, as llama.py does with llama.cpp.

    python test/lab/reference/genai.py '{"folders": {"ours": …, "its builder's": …}, "threads": 2, "context": 1024, "measured": "decode"}'

Each folder is tried, with threads that spin between operators and without, and the fastest for what is measured, prompts or decoding, stays.
Answers each line of standard input: {"call": "prompt", "ids": […]} (a fresh cache) and {"call": "decode", "tokens": n, "from": id}
(greedy, from the cache as it is) with {"ms", "tokens", "ids"}.
"""

import json
import sys
import time

import numpy as np
import onnxruntime_genai as genai
from resident import milliseconds, say, serve


class Sequence:
    """A model and the text that it has read."""

    def __init__(self, folder, threads, size, spinning):
        config = genai.Config(folder)
        session = {"intra_op_num_threads": threads, "session.intra_op.allow_spinning": "1" if spinning else "0"}
        config.overlay(json.dumps({"model": {"decoder": {"session_options": session}}}))
        self.model = genai.Model(config)
        self.size = size

    def prompt(self, ids):
        parameters = genai.GeneratorParams(self.model)
        # No token ends an answer before its last.
        parameters.set_search_options(max_length=self.size, min_length=self.size, do_sample=False)
        self.generator = genai.Generator(self.model, parameters)
        started = time.perf_counter()
        self.generator.append_tokens(np.array([ids], dtype=np.int32))
        self.generator.get_logits()
        return {"ms": (time.perf_counter() - started) * 1000, "tokens": len(ids), "ids": []}

    def decode(self, token, tokens):
        ids = []
        started = time.perf_counter()
        self.generator.append_tokens(np.array([[token]], dtype=np.int32))
        while len(ids) < tokens:
            self.generator.generate_next_token()
            ids.append(int(self.generator.get_next_tokens()[0]))
        return {"ms": (time.perf_counter() - started) * 1000, "tokens": tokens, "ids": ids}


def fastest(options):
    """The fastest sequence, and its settings."""
    sizes = (options["threads"], options["context"])
    results = [
        (milliseconds(Sequence(folder, *sizes, spinning), options["measured"]), name, spinning)
        for name, folder in options["folders"].items()
        for spinning in (True, False)
    ]
    _, name, spinning = min(results)
    sequence = Sequence(options["folders"][name], *sizes, spinning)
    return sequence, f"{name}, spinning {'on' if spinning else 'off'}"


options = json.loads(sys.argv[1])
best, settings = fastest(options)
say({"ready": True, "version": genai.__version__, "settings": f"{settings}, {options['threads']} threads"})
serve(best)
