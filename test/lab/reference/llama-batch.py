"""A resident process that decodes several sequences at once with a llama.cpp that was built for this machine.

    python test/lab/reference/llama-batch.py '{"model": …, "threads": 2, "prompt": 256, "rows": 16}'

Each pass is a batch of one token for each sequence, as in llama.cpp's own llama-batched-bench; the likeliest tokens by numpy. Flash attention
and the repacking of weights are on or off, as is fastest here with 8 rows.

Answers each line of standard input, {"call": "decode", "rows": n, "tokens": m}, with {"ms"}.
"""

import json
import sys
import time

import llama_cpp
import numpy as np
from resident import say

SILENT = llama_cpp.llama_log_callback(lambda level, text, data: None)
llama_cpp.llama_log_set(SILENT, None)
ROOM = 64
TRIED_ROWS = 8
TRIED_TOKENS = 8
TRIES = 3


class Rows:
    """A model's context of several sequences, each of which begins with the same prompt."""

    def __init__(self, model, options, flash):
        params = llama_cpp.llama_context_default_params()
        params.n_seq_max = options["rows"]
        params.n_ctx = options["rows"] * (options["prompt"] + ROOM)
        params.n_batch = params.n_ubatch = 512
        params.n_threads = params.n_threads_batch = options["threads"]
        params.flash_attn_type = 1 if flash else 0
        params.no_perf = True
        self.context = llama_cpp.llama_init_from_model(model, params)
        if not self.context:
            raise RuntimeError("llama.cpp could not make a context")
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.batch = llama_cpp.llama_batch_init(512, 0, 1)
        self.prompt = options["prompt"]
        self.read([(1 + index * 7919 % 1000, index, 0) for index in range(self.prompt)])
        for row in range(1, options["rows"]):
            llama_cpp.llama_memory_seq_cp(self.memory, 0, row, -1, -1)

    def read(self, tokens):
        """Evaluates (token, position, sequence), with logits of all if there is one of each sequence."""
        batch = self.batch
        batch.n_tokens = len(tokens)
        for index, (token, position, sequence) in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = position >= self.prompt
        if llama_cpp.llama_decode(self.context, batch) != 0:
            raise RuntimeError("llama.cpp could not evaluate these tokens")

    def likeliest(self, index):
        logits = llama_cpp.llama_get_logits_ith(self.context, index)
        return int(np.ctypeslib.as_array(logits, shape=(self.vocabulary,)).argmax())

    def decode(self, rows, tokens):
        for row in range(rows):
            llama_cpp.llama_memory_seq_rm(self.memory, row, self.prompt, -1)
        last = [row + 1 for row in range(rows)]
        started = time.perf_counter()
        for count in range(tokens):
            self.read([(token, self.prompt + count, row) for row, token in enumerate(last)])
            last = [self.likeliest(row) for row in range(rows)]
        return (time.perf_counter() - started) * 1000

    def close(self):
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)


def opened(path, repacked):
    loading = llama_cpp.llama_model_default_params()
    loading.n_gpu_layers = 0
    loading.use_extra_bufts = repacked
    model = llama_cpp.llama_model_load_from_file(path.encode(), loading)
    if not model:
        sys.exit(f"llama.cpp could not open {path}.")
    return model


def tried(rows, options):
    """The milliseconds of the best of some tries."""
    count = min(TRIED_ROWS, options["rows"])
    return min(rows.decode(count, TRIED_TOKENS) for _ in range(TRIES))


def fastest(options):
    """The fastest rows, and their settings."""
    results = []
    for repacked in (True, False):
        model = opened(options["model"], repacked)
        for flash in (True, False):
            rows = Rows(model, options, flash)
            results.append((tried(rows, options), repacked, flash))
            rows.close()
        llama_cpp.llama_model_free(model)
    _, repacked, flash = min(results)
    rows = Rows(opened(options["model"], repacked), options, flash)
    return rows, f"flash attention {'on' if flash else 'off'}, weights {'' if repacked else 'not '}repacked"


options = json.loads(sys.argv[1])
llama_cpp.llama_backend_init()
rows, settings = fastest(options)
say(
    {
        "ready": True,
        "llamaCpp": f"{llama_cpp.__version__} (llama-cpp-python, built natively)",
        "settings": f"{settings}, {options['threads']} threads",
    }
)
for line in sys.stdin:
    request = json.loads(line)
    say({"ms": rows.decode(request["rows"], request["tokens"])})
