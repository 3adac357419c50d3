"""A resident process that evaluates prompts and decodes with a llama.cpp that was built for this machine.

    python test/lab/reference/llama.py '{"model": …, "threads": 2, "context": 1024, "measured": "decode"}'

llama-cpp-python's library is called as its own llama-bench calls it: no sampler, logits of the last token alone, the likeliest
token by numpy. Flash attention and the repacking of weights are on or off, as is fastest here for what is measured, prompts or decoding.

Answers each line of standard input: {"call": "prompt", "ids": […]} (a fresh cache) and {"call": "decode", "tokens": n, "from": id}
(greedy, from the cache as it is) with {"ms", "tokens", "ids"}.
"""

import ctypes
import json
import sys
import time

import llama_cpp
import numpy as np
from resident import TRIED_PROMPT, milliseconds, say, serve


def silent(level, text, data):
    del level, text, data


SILENT = llama_cpp.llama_log_callback(silent)
llama_cpp.llama_log_set(SILENT, None)


class Context:
    """A model's context of one sequence."""

    def __init__(self, model, threads, size, flash):
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = size
        params.n_batch = params.n_ubatch = 512
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = 1 if flash else 0
        params.no_perf = True
        self.context = llama_cpp.llama_init_from_model(model, params)
        if not self.context:
            raise RuntimeError("llama.cpp could not make a context")
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))

    def clear(self):
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)

    def read(self, ids):
        tokens = (llama_cpp.llama_token * len(ids))(*ids)
        if llama_cpp.llama_decode(self.context, llama_cpp.llama_batch_get_one(tokens, len(ids))) != 0:
            raise RuntimeError("llama.cpp could not evaluate these tokens")

    def likeliest(self):
        logits = llama_cpp.llama_get_logits_ith(self.context, -1)
        return int(np.ctypeslib.as_array(logits, shape=(self.vocabulary,)).argmax())

    def prompt(self, ids):
        self.clear()
        started = time.perf_counter()
        for first in range(0, len(ids), 512):
            self.read(ids[first : first + 512])
        self.likeliest()
        return {"ms": (time.perf_counter() - started) * 1000, "tokens": len(ids), "ids": []}

    def decode(self, token, tokens):
        ids = []
        started = time.perf_counter()
        while len(ids) < tokens:
            self.read([token])
            token = self.likeliest()
            ids.append(token)
        return {"ms": (time.perf_counter() - started) * 1000, "tokens": tokens, "ids": ids}

    def close(self):
        llama_cpp.llama_free(self.context)


def opened(path, repacked):
    loading = llama_cpp.llama_model_default_params()
    loading.n_gpu_layers = 0
    loading.use_extra_bufts = repacked
    model = llama_cpp.llama_model_load_from_file(path.encode(), loading)
    if not model:
        sys.exit(f"llama.cpp could not open {path}.")
    return model


def timed(model, repacked, options):
    """The milliseconds and the settings of both contexts of a model; nothing of them remains."""
    results = []
    text = options.get("text", TRIED_PROMPT)
    for flash in (True, False):
        context = Context(model, options["threads"], options["context"], flash)
        results.append((milliseconds(context, options["measured"], text), repacked, flash))
        context.close()
    return results


def fastest(options):
    """The fastest context, and its settings."""
    results = []
    for repacked in (True, False):
        model = opened(options["model"], repacked)
        results += timed(model, repacked, options)
        llama_cpp.llama_model_free(model)
    _, repacked, flash = min(results)
    context = Context(opened(options["model"], repacked), options["threads"], options["context"], flash)
    return context, f"flash attention {'on' if flash else 'off'}, weights {'' if repacked else 'not '}repacked"


options = json.loads(sys.argv[1])
llama_cpp.llama_backend_init()
context, settings = fastest(options)
features = ctypes.c_char_p(llama_cpp.llama_print_system_info()).value.decode()
say(
    {
        "ready": True,
        "llamaCpp": f"{llama_cpp.__version__} (llama-cpp-python, built natively)",
        "settings": f"{settings}, {options['threads']} threads",
        "features": features,
    }
)
serve(context)
