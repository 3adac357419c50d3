"""Gradients of a model by PyTorch in float64, of adapters or of every weight.

    python test/lab/reference/gradients.py MODEL REQUEST OUT

REQUEST: a safetensors file with `ids`, `labels` [B, T] (I32) and `weights` [B, T] (F32); loss = sum of weight ·
cross-entropy(logits, label). Adapters are tensors like `model.layers.0.self_attn.q_proj.lora_A.weight` [R, in] and
`….lora_B.weight` [out, R] with the file's metadata `alpha`; without any, all weights of the model are differentiated.
OUT: the gradients by name, computed in float64 and stored as F32, with the metadata `loss`.
"""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn import functional

from checkpoint import load_model
from float64 import to_float64
from lora import add_lora


def attach_adapters(model, tensors, alpha):
    """Puts the request's adapters beside the model's projections. Returns {adapter name: its parameter}."""
    linears = sorted({name.rsplit(".lora_", 1)[0] for name in tensors})
    rank = tensors[f"{linears[0]}.lora_A.weight"].shape[0]
    adapters = add_lora(model, rank, alpha, targets=[linear.rsplit(".", 1)[-1] for linear in linears])
    parameters = {}
    for linear in linears:
        for matrix in "AB":
            name = f"{linear}.lora_{matrix}.weight"
            parameters[name] = getattr(adapters[linear], matrix)
            with torch.no_grad():
                parameters[name].copy_(tensors[name])
    return parameters


def main():
    model_path, request_path, out_path = sys.argv[1:]
    torch.set_num_threads(2)
    model = load_model(model_path)
    with safe_open(request_path, "pt") as request:
        ids, labels, weights = (request.get_tensor(name) for name in ("ids", "labels", "weights"))
        tensors = {name: request.get_tensor(name) for name in request.keys() if ".lora_" in name}
        alpha = float((request.metadata() or {}).get("alpha", 0))
    if tensors:
        attach_adapters(model, tensors, alpha)
    model = to_float64(model)
    named = dict(model.named_parameters())
    logits = model(input_ids=ids.long(), use_cache=False).logits
    losses = functional.cross_entropy(logits.flatten(0, 1), labels.long().flatten(), reduction="none")
    loss = (losses * weights.double().flatten()).sum()
    loss.backward()
    gradients = {}
    for name, parameter in named.items():
        if parameter.grad is not None:
            # Lora's own parameters are called ….q_proj.A and ….q_proj.B
            stem, _, leaf = name.rpartition(".")
            gradients[f"{stem}.lora_{leaf}.weight" if leaf in ("A", "B") else name] = parameter.grad.float().contiguous()
    save_file(gradients, out_path, metadata={"loss": repr(loss.item())})


if __name__ == "__main__":
    main()
