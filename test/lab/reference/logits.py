"""Logits of a model by transformers in float32.

    python test/lab/reference/logits.py MODEL REQUEST OUT [MODEL REQUEST OUT ...]

MODEL: a GGUF file or a Hugging Face folder. REQUEST: a safetensors file with `ids` [B, T] (I32). OUT: a safetensors file
with `logits` [B, T, V] (F32) and `hidden.0` … (F32, [B, T, D]: the embedding, each block's output, the last one normed).
"""

import sys

import torch
from safetensors.torch import load_file, save_file

from checkpoint import load_model


def main():
    torch.set_num_threads(2)
    paths = iter(sys.argv[1:])
    for model_path, request_path, out_path in zip(paths, paths, paths):
        answer(model_path, request_path, out_path)


def answer(model_path, request_path, out_path):
    model = load_model(model_path)
    ids = load_file(request_path)["ids"].long()
    with torch.no_grad():
        output = model(input_ids=ids, use_cache=False, output_hidden_states=True)
    tensors = {f"hidden.{index}": state.contiguous() for index, state in enumerate(output.hidden_states)}
    save_file({"logits": output.logits.contiguous()} | tensors, out_path)


if __name__ == "__main__":
    main()
