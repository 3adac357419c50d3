"""Writes the golden fixtures: tiny models of each family with hashed weights (hashed.py), and what transformers makes of them.

    python test/lab/reference/golden.py [folder]

Everything is computed in float64 (float64.py); logits and hidden states are stored as float32.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from torch.nn import functional

from families import (
    EXAONE4,
    GEMMA2,
    GEMMA3,
    GRANITE,
    LFM2,
    LLAMA,
    LLAMA3_SCALING,
    LONG_SCALING,
    MINISTRAL3,
    MISTRAL,
    OLMO2,
    OLMO3,
    PHI3,
    QWEN2,
    QWEN3,
    QWEN3_5,
    SMOLLM3,
    YARN_SCALING,
    changed,
    kinds,
    of_blocks,
)
from float64 import to_float64
from hashed import MATRIX, build, fnv1a, hash32, how_hashed, source, tensor_json, token_ids, uniform
from lora import add_lora

FOLDER = Path(__file__).parents[2] / "native-models" / "architectures" / "golden"
RANK, ALPHA = 4, 8
BATCH = 2
PROMPT, ANSWER = 6, 20  # tokens of the greedy answer
ADAMW = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1}
STEPS = 2


def case(base, tokens=12, cuts=((1,),), silenced=(0, 1), **changes):
    """A fixture: its configuration, the length of its texts, the blocks that cuts keep, the blocks that units are left out of."""
    return {"config": changed(base, changes), "tokens": tokens, "cuts": cuts, "silenced": silenced}


CASES = {
    "llama-gqa": case(LLAMA),
    "llama-mha-tied": case(LLAMA, num_key_value_heads=4, tie_word_embeddings=True, rms_norm_eps=1e-6),
    "llama-mqa-tied": case(LLAMA, num_key_value_heads=1, tie_word_embeddings=True, rope_theta=500000.0),
    "llama-rope-linear": case(LLAMA, rope_scaling={"type": "linear", "factor": 4.0}),
    "llama-rope-llama3": case(
        LLAMA, 20, head_dim=16, num_attention_heads=2, num_key_value_heads=1, rope_scaling=LLAMA3_SCALING
    ),
    "llama-head-dim": case(LLAMA, head_dim=16),
    "llama-attention-bias": case(LLAMA, attention_bias=True),
    "llama-mlp-bias": case(LLAMA, mlp_bias=True, tie_word_embeddings=True),
    # the layout that transformers 5 writes: rope_theta and the scaling in one object
    "llama-rope-parameters": case(
        LLAMA,
        rope_theta=...,
        rope_scaling=...,
        rope_parameters={"rope_type": "linear", "rope_theta": 20000.0, "factor": 2.0},
    ),
    # no head_dim, no num_key_value_heads, no biases: what Llama 1 and 2 files leave out
    "llama-defaults": case(
        LLAMA, head_dim=..., num_key_value_heads=..., attention_bias=..., mlp_bias=..., rope_scaling=...
    ),
    "mistral": case(MISTRAL),
    "mistral-sliding-window": case(MISTRAL, sliding_window=5),
    "ministral3": case(MINISTRAL3, 20, cuts=((0, 2),), silenced=(0, 2)),
    "qwen2": case(QWEN2, 20, cuts=((0, 2),), silenced=(0, 2)),
    "qwen3": case(QWEN3, 20, cuts=((0, 2),), silenced=(0, 2)),
    # windowed, windowed, global …: a free cut, one of the same period, and one of another
    "gemma3": case(GEMMA3, 20, cuts=((0, 2, 5, 6), (0, 1, 2, 3), (0, 2, 3, 5)), silenced=(0, 2)),
    # blocks without rotation at other places than every fourth; texts longer than half the original context
    "smollm3": case(SMOLLM3, 20, cuts=((0, 1, 2, 4), (0, 2, 3, 4)), silenced=(1, 2), rope_scaling=YARN_SCALING),
    # longer than a chunk
    "qwen3_5": case(QWEN3_5, 40, cuts=((0, 1), (1, 2)), silenced=(0, 1)),
    "lfm2": case(LFM2, 20, cuts=((0, 2), (1, 3)), silenced=(0, 2)),
    "granite": case(GRANITE),
    "olmo2": case(OLMO2),
    # the global block alone is scaled
    "olmo3": case(OLMO3, 20, cuts=((0, 2), (2,)), silenced=(0, 2), rope_scaling=YARN_SCALING),
    # global blocks without rotation
    "exaone4": case(EXAONE4, 20, cuts=((0, 1), (0, 2)), silenced=(0, 1)),
    "phi3": case(PHI3, 20, rope_scaling=LONG_SCALING),
    "gemma2": case(GEMMA2, 20, cuts=((0, 1), (0, 2, 3)), silenced=(0, 1)),
}


def loss_of(model, ids, labels, weights):
    """Sum over tokens of weight · cross-entropy(logits, label)."""
    logits = model(input_ids=ids, use_cache=False).logits
    losses = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return (losses * weights.flatten()).sum()


def checksum(name, values, entries=6):
    """What tells one tensor from any other of its size: L2 norm, a projection on a hashed direction, some entries."""
    flat = values.detach().double().flatten()
    direction = uniform(f"projection of {name}", tuple(flat.shape), 2.0, 0.0).double()
    at = [int(i) for i in numpy.unique(hash32(fnv1a(f"entries of {name}"), entries) % numpy.uint64(len(flat)))]
    return {
        "shape": list(values.shape),
        "norm": float(f"{flat.norm().item():.12g}"),
        "projection": float(f"{torch.dot(flat, direction).item():.12g}"),
        "entries": {str(i): float(f"{flat[i].item():.12g}") for i in at},
    }


def left_out(model, ids, block, half):
    """Logits at the last token with one unit left out: its half's output projection is zero, so the residual passes."""
    layer = model.model.layers[block]
    names = {"attention": ["o_proj", "out_proj"], "mlp": ["down_proj", "w2"]}
    wanted = names[half] if half != "block" else names["attention"] + names["mlp"]
    silenced = [linear for name, linear in layer.named_modules() if name.split(".")[-1] in wanted]
    tensors = [tensor for linear in silenced for tensor in linear.parameters()]
    saved = [tensor.detach().clone() for tensor in tensors]
    with torch.no_grad():
        for tensor in tensors:
            tensor.zero_()
        logits = model(input_ids=ids, use_cache=False).logits[:, -1]
        for tensor, before in zip(tensors, saved):
            tensor.copy_(before)
    return logits


def cut(config, model, kept, ids):
    """A model of some blocks alone, as transformers builds it from a configuration that names the kind of each."""
    shorter = of_blocks(config, model, kept)

    def before(name):
        parts = name.split(".")
        if parts[1] == "layers":
            parts[2] = str(kept[int(parts[2])])
        return ".".join(parts)

    cut_model = to_float64(build(shorter, before))
    with torch.no_grad():
        logits = cut_model(input_ids=ids, use_cache=False).logits[:, -1]
    return {"kept": list(kept), "layerTypes": kinds(shorter, cut_model), "lastLogits": tensor_json(logits)}


def greedy(model, prompt):
    """The likeliest tokens one after another, each from a pass over the whole text, and the last pass's logits."""
    ids = list(prompt)
    with torch.no_grad():
        while len(ids) < PROMPT + ANSWER:
            logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1]
            ids.append(int(logits.argmax()))
    return {"prompt": ids[:PROMPT], "answer": ids[PROMPT:], "lastLogits": tensor_json(logits)}


def adamw(model, loss):
    """How far the weights have moved after some steps of AdamW on one batch; decay does not apply to vectors."""
    parameters = dict(model.named_parameters())
    before = {name: tensor.detach().clone() for name, tensor in parameters.items()}
    decays = [[tensor for tensor in parameters.values() if (tensor.ndim > 1) == decayed] for decayed in (False, True)]
    groups = [{"params": tensors, "weight_decay": decay} for tensors, decay in zip(decays, (0.0, ADAMW["weightDecay"]))]
    betas = (ADAMW["beta1"], ADAMW["beta2"])
    optimizer = torch.optim.AdamW(groups, lr=ADAMW["learningRate"], betas=betas, eps=ADAMW["epsilon"])
    for _step in range(STEPS):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
    moved = {name: checksum(name, tensor - before[name], entries=2) for name, tensor in parameters.items()}
    return ADAMW | {"steps": STEPS, "moved": moved}


def adapted(config):
    """A float64 model with adapters of hashed values, and their matrices by name."""
    model = build(config)
    matrices = {}
    for linear, adapter in add_lora(model, RANK, ALPHA).items():
        for side in "AB":
            matrices[f"{linear}.lora_{side}.weight"] = tensor = getattr(adapter, side)
            with torch.no_grad():
                tensor.copy_(uniform(f"{linear}.lora_{side}.weight", tuple(tensor.shape), *MATRIX))
    return to_float64(model), matrices


def fixture(name, config, tokens, cuts, silenced):
    ids = token_ids(BATCH, tokens, config["vocab_size"])
    labels = torch.roll(ids, -1, dims=1)
    weights = torch.zeros(BATCH, tokens, dtype=torch.float64)  # the first tokens are a prompt, the last has no label
    weights[0, 4 : tokens - 1], weights[1, 7 : tokens - 1] = 1, 0.5
    weights /= weights.sum()

    model = to_float64(build(config))
    with torch.no_grad():
        output = model(input_ids=ids, use_cache=False, output_hidden_states=True)
    units = [(block, half) for half in ("block", "attention", "mlp") for block in silenced]
    layer_types = kinds(config, model)
    loss = loss_of(model, ids, labels, weights)
    loss.backward()
    gradients = {key: tensor.grad for key, tensor in model.named_parameters()}

    lora_model, matrices = adapted(config)
    lora_loss = loss_of(lora_model, ids, labels, weights)
    lora_loss.backward()

    stepped = to_float64(build(config))
    states = output.hidden_states
    return {
        "name": name,
        "source": source("golden.py"),
        **how_hashed(config),
        "config": config,
        "ids": ids.tolist(),
        "labels": labels.tolist(),
        "tokenWeights": weights.tolist(),
        # first and last element of each tensor, so that the twin of the generator is held to it
        "ends": {key: [t.flatten()[0].item(), t.flatten()[-1].item()] for key, t in model.named_parameters()},
        "logits": tensor_json(output.logits),
        # what goes into the first block, what comes out of it, and the normed output of the last
        "hiddenStates": [tensor_json(state) for state in (states[0], states[1], states[-1])],
        "layerTypes": layer_types,
        "lastLogitsWithout": {f"{half} {block}": tensor_json(left_out(model, ids, block, half)) for block, half in units},
        "cuts": [cut(config, model, kept, ids) for kept in cuts],
        "greedy": greedy(model, ids[0, :PROMPT].tolist()),
        "full": {"loss": loss.item(), "gradients": {key: checksum(key, grad) for key, grad in gradients.items()}},
        "lora": {
            "rank": RANK,
            "alpha": ALPHA,
            "loss": lora_loss.item(),
            "gradients": {key: checksum(key, matrix.grad) for key, matrix in matrices.items()},
        },
        "adamw": adamw(stepped, lambda: loss_of(stepped, ids, labels, weights)),
    }


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, options in CASES.items():
        text = json.dumps(fixture(name, **options), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(text) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
