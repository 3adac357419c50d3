"""A resident process that answers without and with llama-cpp-python's own lookup of prompts.

    python test/lab/reference/llama-lookup.py '{"model": …, "threads": 2}'

Answers each line of standard input, {"prompt": ids, "tokens": n}, greedily by Llama.generate: {"tokens", "0", "2", "10"}, the tokens per second after the
first one by num_pred_tokens, 0 for no lookup.
"""

import json
import sys
import time

import llama_cpp
from llama_cpp.llama_speculative import LlamaPromptLookupDecoding
from resident import say

CONTEXT = 1024


def opened(options, guessed):
    return llama_cpp.Llama(
        options["model"],
        n_ctx=CONTEXT,
        n_threads=options["threads"],
        n_threads_batch=options["threads"],
        logits_all=guessed > 0,  # without it, drafts run out of room
        draft_model=LlamaPromptLookupDecoding(num_pred_tokens=guessed) if guessed else None,
        verbose=False,
    )


def answered(llama, prompt, most):
    """The number of tokens and the tokens per second after the first."""
    count, started = 0, 0.0
    llama.reset()
    for token in llama.generate(list(prompt), temp=0.0, repeat_penalty=1.0):
        count += 1
        now = time.perf_counter()
        if count == 1:
            started = now
        if count == most or token == llama.token_eos():
            break
    return count, (count - 1) / (now - started) if count > 1 else 0.0


options = json.loads(sys.argv[1])
sides = {guessed: opened(options, guessed) for guessed in (0, 2, 10)}
say({"ready": True, "llamaCpp": f"{llama_cpp.__version__} (llama-cpp-python, built natively)"})
for line in sys.stdin:
    request = json.loads(line)
    answers = {guessed: answered(llama, request["prompt"], request["tokens"]) for guessed, llama in sides.items()}
    say({"tokens": answers[0][0], **{str(guessed): speed for guessed, (_, speed) in answers.items()}})
