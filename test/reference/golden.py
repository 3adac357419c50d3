"""Writes the golden fixtures: tiny Llama-family models with weights from an integer hash, and what transformers makes of them.

    python test/reference/golden.py [folder]

Weights are not stored. Element i of a tensor is float32(offset + (hash32(seed, i) / 2^32 - 0.5) * scale), computed in
float64, where seed = fnv1a(tensor name) xor the fixture's seed. test/native-models/architectures/golden-weights.ts is the twin.
Logits and hidden states are transformers float32 (eager attention); losses and gradients are float64 (float64.py).
"""

import base64
import json
import sys
from pathlib import Path

import numpy
import torch
import transformers
from torch.nn import functional

from float64 import to_float64
from lora import add_lora

FOLDER = Path(__file__).parents[1] / "native-models" / "architectures" / "golden"
SEED = 20240229
MATRIX, EMBEDDING, NORM, BIAS = (0.5, 0.0), (2.0, 0.0), (0.5, 1.0), (0.5, 0.0)  # (scale, offset)
RANK, ALPHA = 4, 8
BATCH, TOKENS = 2, 12

BASE = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "vocab_size": 96,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "attention_bias": False,
    "mlp_bias": False,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,  # with theta 10000 and head_dim 16, each of the three ranges has frequencies
}
MISTRAL = {"model_type": "mistral", "architectures": ["MistralForCausalLM"], "sliding_window": None}
CASES = {
    "llama-gqa": {},
    "llama-mha-tied": {"num_key_value_heads": 4, "tie_word_embeddings": True, "rms_norm_eps": 1e-6},
    "llama-mqa-tied": {"num_key_value_heads": 1, "tie_word_embeddings": True, "rope_theta": 500000.0},
    "llama-rope-linear": {"rope_scaling": {"type": "linear", "factor": 4.0}},
    "llama-rope-llama3": {"head_dim": 16, "num_attention_heads": 2, "num_key_value_heads": 1, "rope_scaling": LLAMA3},
    "llama-head-dim": {"head_dim": 16},
    "llama-attention-bias": {"attention_bias": True},
    "llama-mlp-bias": {"mlp_bias": True, "tie_word_embeddings": True},
    # the layout that transformers 5 writes: rope_theta and the scaling in one object
    "llama-rope-parameters": {
        "rope_theta": ...,
        "rope_scaling": ...,
        "rope_parameters": {"rope_type": "linear", "rope_theta": 20000.0, "factor": 2.0},
    },
    # no head_dim, no num_key_value_heads, no biases: what Llama 1 and 2 files leave out
    "llama-defaults": {
        key: ... for key in ("head_dim", "num_key_value_heads", "attention_bias", "mlp_bias", "rope_scaling")
    },
    "mistral": MISTRAL | {"attention_bias": ..., "mlp_bias": ..., "rope_scaling": ...},
    "mistral-sliding-window": MISTRAL
    | {"sliding_window": 5, "attention_bias": ..., "mlp_bias": ..., "rope_scaling": ...},
}


def fmix32(h):
    """The finaliser of MurmurHash3 (public domain), on uint64 arrays holding 32 bits."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = h ^ (h >> numpy.uint64(shift))
        h = (h * numpy.uint64(factor)) & numpy.uint64(0xFFFFFFFF)
    return h ^ (h >> numpy.uint64(16))


def hash32(seed, count):
    """hash32(seed, i) = fmix32(fmix32(seed) + i mod 2^32) for i in 0..count."""
    start = fmix32(numpy.array([seed], dtype=numpy.uint64))
    return fmix32((start + numpy.arange(count, dtype=numpy.uint64)) & numpy.uint64(0xFFFFFFFF))


def fnv1a(text):
    """FNV-1a, 32 bits, of ASCII text."""
    h = 0x811C9DC5
    for byte in text.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, shape, scale, offset):
    """A tensor's float32 values, decided by its name alone."""
    unit = hash32(fnv1a(name) ^ SEED, int(numpy.prod(shape))).astype(numpy.float64) / 2**32 - 0.5
    return torch.from_numpy((offset + unit * scale).astype(numpy.float32).reshape(shape))


def span(name):
    """(scale, offset) of a tensor."""
    if name.endswith("norm.weight"):
        return NORM
    if name.endswith(".bias"):
        return BIAS
    return EMBEDDING if name.endswith(("embed_tokens.weight", "lm_head.weight")) else MATRIX


def build(config):
    """The transformers model of a config.json with the hashed weights, in float32."""
    kind = config["model_type"]
    model = transformers.AutoModelForCausalLM.from_config(
        transformers.AutoConfig.for_model(kind, **{k: v for k, v in config.items() if k != "model_type"}),
        attn_implementation="eager",
    )
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(uniform(name, tuple(tensor.shape), *span(name)))
    return model.float().eval()


def loss_of(model, ids, labels, weights):
    """Sum over tokens of weight · cross-entropy(logits, label)."""
    logits = model(input_ids=ids, use_cache=False).logits
    losses = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return (losses * weights.flatten()).sum()


def checksum(name, gradient):
    """What tells one gradient from any other of its size: L2 norm, a projection on a hashed direction, six entries."""
    flat = gradient.double().flatten()
    direction = uniform(f"projection of {name}", tuple(flat.shape), 2.0, 0.0).double()
    at = [int(i) for i in numpy.unique(hash32(fnv1a(f"entries of {name}"), 6) % numpy.uint64(len(flat)))]
    return {
        "shape": list(gradient.shape),
        "norm": float(f"{flat.norm().item():.12g}"),
        "projection": float(f"{torch.dot(flat, direction).item():.12g}"),
        "entries": {str(i): float(f"{flat[i].item():.12g}") for i in at},
    }


def float32_base64(tensor):
    return base64.b64encode(tensor.detach().numpy().astype("<f4").tobytes()).decode()


def tensor_json(tensor):
    return {"shape": list(tensor.shape), "float32": float32_base64(tensor)}


def left_out(model, ids, block, half):
    """Logits at the last token with one unit left out: its half's output projection is zero, so the residual passes."""
    layer = model.model.layers[block]
    silenced = {"attention": [layer.self_attn.o_proj], "mlp": [layer.mlp.down_proj]}
    silenced = silenced[half] if half != "block" else silenced["attention"] + silenced["mlp"]
    tensors = [tensor for linear in silenced for tensor in linear.parameters()]
    saved = [tensor.detach().clone() for tensor in tensors]
    with torch.no_grad():
        for tensor in tensors:
            tensor.zero_()
        logits = model(input_ids=ids, use_cache=False).logits[:, -1]
        for tensor, before in zip(tensors, saved):
            tensor.copy_(before)
    return logits


def fixture(name, changes):
    config = {key: value for key, value in (BASE | changes).items() if value is not ...}
    ids = torch.from_numpy((hash32(fnv1a("ids") ^ SEED, BATCH * TOKENS) % 96).astype(numpy.int64)).view(BATCH, TOKENS)
    labels = torch.roll(ids, -1, dims=1)
    weights = torch.zeros(BATCH, TOKENS, dtype=torch.float64)  # the first tokens are a prompt, the last has no label
    weights[0, 4 : TOKENS - 1], weights[1, 7 : TOKENS - 1] = 1, 0.5
    weights /= weights.sum()

    model = build(config)
    with torch.no_grad():
        output = model(input_ids=ids, use_cache=False, output_hidden_states=True)
    units = [(0, "block"), (1, "block"), (0, "attention"), (1, "attention"), (0, "mlp"), (1, "mlp")]
    without = {f"{half} {block}": tensor_json(left_out(model, ids, block, half)) for block, half in units}

    full = to_float64(build(config))
    full_loss = loss_of(full, ids, labels, weights)
    full_loss.backward()

    adapted = build(config)
    adapters = add_lora(adapted, RANK, ALPHA)
    with torch.no_grad():
        for linear, adapter in adapters.items():
            for matrix in "AB":
                tensor = getattr(adapter, matrix)
                tensor.copy_(uniform(f"{linear}.lora_{matrix}.weight", tuple(tensor.shape), *MATRIX))
    lora_loss = loss_of(to_float64(adapted), ids, labels, weights)
    lora_loss.backward()
    lora_gradients = {
        f"{linear}.lora_{matrix}.weight": getattr(adapter, matrix).grad
        for linear, adapter in adapters.items()
        for matrix in "AB"
    }
    return {
        "name": name,
        "source": f"test/reference/golden.py; transformers {transformers.__version__}, torch {torch.__version__}",
        "seed": SEED,
        "config": config,
        "ids": ids.tolist(),
        "labels": labels.tolist(),
        "tokenWeights": weights.tolist(),
        # first and last element of each tensor, so that the twin of the generator is held to it
        "ends": {key: [tensor.flatten()[0].item(), tensor.flatten()[-1].item()] for key, tensor in full.named_parameters()},
        "logits": tensor_json(output.logits),
        # the embedding, the output of each block but the last, and the normed output of the last
        "hiddenStates": [tensor_json(state) for state in output.hidden_states],
        "lastLogitsWithout": without,
        "full": {
            "loss": full_loss.item(),
            "gradients": {key: checksum(key, tensor.grad) for key, tensor in full.named_parameters()},
        },
        "lora": {
            "rank": RANK,
            "alpha": ALPHA,
            "loss": lora_loss.item(),
            "gradients": {key: checksum(key, gradient) for key, gradient in lora_gradients.items()},
        },
    }


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, changes in CASES.items():
        text = json.dumps(fixture(name, changes), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(text) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
