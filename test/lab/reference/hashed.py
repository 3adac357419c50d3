"""Tensors whose values are decided by their names alone, and transformers models filled with them.

Element i of a tensor is float32(offset + (hash32(seed, i) / 2^32 - 0.5) * scale), computed in float64, where seed =
fnv1a(tensor name) xor SEED. test/native-models/architectures/golden-weights.ts is the twin.
"""

import base64
import copy

import numpy
import torch
import transformers

SEED = 20240229
MATRIX, EMBEDDING, BIAS = (0.5, 0.0), (2.0, 0.0), (0.5, 0.0)  # (scale, offset)
NORM_SCALE = 0.5


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
    """A tensor's float32 values."""
    unit = hash32(fnv1a(name) ^ SEED, int(numpy.prod(shape))).astype(numpy.float64) / 2**32 - 0.5
    return torch.from_numpy((offset + unit * scale).astype(numpy.float32).reshape(shape))


def norm_offset(config):
    """What norm weights lie around: 1, 0 in families that keep their difference from 1, less where norms of branches amplify rounding."""
    if config["model_type"].startswith(("olmo", "exaone")):
        return 0.5
    return 0.0 if config["model_type"].startswith(("gemma", "qwen3_5")) else 1.0


def span(name, config):
    """(scale, offset) of a tensor."""
    if name.endswith("norm.weight"):
        return NORM_SCALE, 1.0 if name.endswith("linear_attn.norm.weight") else norm_offset(config)
    if name.endswith(".bias"):
        return BIAS
    return EMBEDDING if name.endswith(("embed_tokens.weight", "lm_head.weight")) else MATRIX


def weight(name, shape, config):
    """The values of a model's tensor."""
    return uniform(name, tuple(shape), *span(name, config))


def token_ids(rows, tokens, below):
    """Ids of `rows` texts. [rows, tokens]"""
    ids = hash32(fnv1a("ids") ^ SEED, rows * tokens) % numpy.uint64(below)
    return torch.from_numpy(ids.astype(numpy.int64)).view(rows, tokens)


def split_projections(model):
    """Fused projections as several linear maps, under the names that other families give them."""
    for layer in model.model.layers:
        for half, whole, parts in (
            (getattr(layer, "self_attn", None), "qkv_proj", ("q_proj", "k_proj", "v_proj")),
            (getattr(layer, "mlp", None), "gate_up_proj", ("gate_proj", "up_proj")),
        ):
            if not hasattr(half, whole):
                continue
            rows, columns = getattr(half, whole).weight.shape
            delattr(half, whole)
            sizes = [rows // len(parts)] * len(parts)
            if whole == "qkv_proj":
                key_rows = half.num_key_value_heads * half.head_dim
                sizes = [rows - 2 * key_rows, key_rows, key_rows]
            for name, size in zip(parts, sizes):
                setattr(half, name, torch.nn.Linear(columns, size, bias=False))
            setattr(
                half,
                whole,
                lambda x, half=half, parts=parts: torch.cat([getattr(half, name)(x) for name in parts], dim=-1),
            )


def build(config, name_of=lambda name: name):
    """The transformers model of a config.json with the hashed weights, in float32. `name_of`: the name that a tensor's values are of."""
    config = copy.deepcopy(config)  # transformers adds to its dictionaries
    kind = config["model_type"]
    model = transformers.AutoModelForCausalLM.from_config(
        transformers.AutoConfig.for_model(kind, **{k: v for k, v in config.items() if k != "model_type"}),
        attn_implementation="eager",
    )
    split_projections(model)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(weight(name_of(name), tensor.shape, config))
    return model.float().eval()


def tensor_json(tensor):
    """A tensor as fixtures hold it."""
    data = base64.b64encode(tensor.detach().float().numpy().astype("<f4").tobytes()).decode()
    return {"shape": list(tensor.shape), "float32": data}


def how_hashed(config):
    """What a fixture's weights are computed from, beside their names."""
    return {"seed": SEED, "normOffset": norm_offset(config)}


def source(script):
    """What a fixture was made by."""
    return f"test/lab/reference/{script}; transformers {transformers.__version__}, torch {torch.__version__}"
