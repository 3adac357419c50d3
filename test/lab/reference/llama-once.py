"""Answers one question with a GGUF file and a llama.cpp that was built for this machine, greedily, as a whole process.

    python test/lab/reference/llama-once.py MODEL QUESTION TOKENS THREADS
"""

import sys

import llama_cpp.llama_cpp as native
from llama_cpp import Llama

defaults = native.llama_model_default_params


def mapped():
    """The weights as they are in the file: repacking them takes longer than it saves in a short answer."""
    params = defaults()
    params.use_extra_bufts = False
    return params


native.llama_model_default_params = mapped
path, question, tokens, threads = sys.argv[1:]
model = Llama(path, n_ctx=512, n_threads=int(threads), n_threads_batch=int(threads), verbose=False)
answer = model.create_chat_completion([{"role": "user", "content": question}], max_tokens=int(tokens), temperature=0)
print(answer["choices"][0]["message"]["content"])
