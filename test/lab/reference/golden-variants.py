"""Writes one fixture a family of what each key of its configuration does: the logits of a tiny model with that key changed.

    python test/lab/reference/golden-variants.py [folder]

Computed in float64 (float64.py), stored as float32. A key that is left out stands for transformers' default. Bases have unusual
values, so that a default that is not theirs moves the logits.
"""

import json
import sys
from pathlib import Path

import torch

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
)
from float64 import to_float64
from hashed import build, how_hashed, source, tensor_json, token_ids

FOLDER = Path(__file__).parents[2] / "native-models" / "architectures" / "golden" / "variants"
TOKENS = 20  # longer than each window and each original context
POSITIONS = [4, 12, 19]

LINEAR = {"rope_type": "linear", "factor": 4.0}
UNUSUAL = {"rms_norm_eps": 0.02, "rope_theta": 500.0}

# What is the same in every family that takes its shapes and its plain rope from these keys.
SHAPES = {
    "hidden_size": {"hidden_size": 24},
    "intermediate_size": {"intermediate_size": 40},
    "num_hidden_layers": {"num_hidden_layers": 4},
    "num_attention_heads": {"num_attention_heads": 2},
    "num_key_value_heads": {"num_key_value_heads": 1},
    "head_dim": {"head_dim": 16},
    "rms_norm_eps": {"rms_norm_eps": 0.3},
    "rms_norm_eps left out": {"rms_norm_eps": ...},
    "tie_word_embeddings left out": {"tie_word_embeddings": ...},
}
ROPE = {
    "rope_theta": {"rope_theta": 20.0},
    "rope_theta left out": {"rope_theta": ...},
    "rope_scaling linear": {"rope_scaling": LINEAR},
    "rope_scaling linear, by its older key": {"rope_scaling": {"type": "linear", "factor": 4.0}},
    "rope_scaling llama3": {"rope_scaling": LLAMA3_SCALING},
    "rope_scaling yarn": {"rope_scaling": YARN_SCALING},
    "rope_scaling dynamic": {"rope_scaling": LINEAR | {"rope_type": "dynamic"}, "max_position_embeddings": 16},
    "rope_parameters": {
        "rope_theta": ...,
        "rope_scaling": ...,
        "rope_parameters": {"rope_type": "linear", "rope_theta": 50.0, "factor": 2.0},
    },
}
# golden-rope.py has the kinds of scaling
PLAIN_ROPE = {
    key: ROPE[key] for key in ("rope_theta", "rope_theta left out", "rope_scaling linear", "rope_parameters")
}
TIED = {"tie_word_embeddings": {"tie_word_embeddings": True}}
QWEN_WINDOWS = {
    "use_sliding_window": {"use_sliding_window": True, "sliding_window": 6},
    "sliding_window": {"use_sliding_window": True, "sliding_window": 3},
    "max_window_layers": {"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 0},
    "sliding_window without use_sliding_window": {"sliding_window": 3},
    "layer_types": {
        "use_sliding_window": True,
        "sliding_window": 6,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
    },
}
GEMMA_TYPES = ["full_attention", "sliding_attention", "full_attention", "sliding_attention"] + 3 * ["sliding_attention"]


def gemma_rope(theta, factor, local_theta):
    """The layout that transformers 5 writes."""
    return {
        "rope_theta": ...,
        "rope_local_base_freq": ...,
        "rope_scaling": ...,
        "rope_parameters": {
            "full_attention": {"rope_type": "linear", "rope_theta": theta, "factor": factor},
            "sliding_attention": {"rope_type": "default", "rope_theta": local_theta},
        },
    }


FAMILIES = {
    "llama": (
        LLAMA | UNUSUAL | {"head_dim": 12},
        SHAPES
        | ROPE
        | TIED
        | {
            "head_dim left out": {"head_dim": ...},
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "attention_bias": {"attention_bias": True},
            "mlp_bias": {"mlp_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "sliding_window": {"sliding_window": 6},
        },
    ),
    "mistral": (
        MISTRAL | UNUSUAL | {"head_dim": 12, "sliding_window": 8},
        SHAPES
        | ROPE
        | TIED
        | {
            "head_dim left out": {"head_dim": ...},
            "sliding_window": {"sliding_window": 5},
            "sliding_window left out": {"sliding_window": ..., "max_position_embeddings": 128},
            "sliding_window null": {"sliding_window": None},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "attention_bias": {"attention_bias": True},
            "mlp_bias": {"mlp_bias": True},
        },
    ),
    "ministral3": (
        MINISTRAL3 | {"rms_norm_eps": 0.02},
        SHAPES
        | TIED
        | {
            "head_dim left out": {"head_dim": ...},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 16},
            "sliding_window": {"sliding_window": 6},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "attention_bias": {"attention_bias": True},
            "rope_parameters left out": {"rope_parameters": ...},
            "rope_theta beside them": {"rope_theta": 20.0},
            "rope_theta, without them": {"rope_parameters": ..., "rope_theta": 20.0},
            "rope_scaling": {
                "rope_theta": 20.0,
                "rope_parameters": ...,
                "rope_scaling": {
                    key: value for key, value in MINISTRAL3["rope_parameters"].items() if key != "rope_theta"
                },
            },
            "rope_scaling linear": {"rope_parameters": MINISTRAL3["rope_parameters"] | {"rope_type": "linear"}},
        }
        | {
            f"rope_parameters, {key}": {"rope_parameters": MINISTRAL3["rope_parameters"] | {key: value}}
            for key, value in (
                ("rope_theta", 20.0),
                ("factor", 16.0),
                ("original_max_position_embeddings", 5),
                ("beta_fast", 0.2),
                ("beta_slow", 0.01),
                ("mscale", 3.0),
                ("mscale_all_dim", 3.0),
                ("llama_4_scaling_beta", 2.0),
            )
        },
    ),
    "qwen2": (
        QWEN2 | UNUSUAL,
        SHAPES
        | ROPE
        | TIED
        | QWEN_WINDOWS
        | {
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "attention_bias": {"attention_bias": False},
        },
    ),
    "qwen3": (
        QWEN3 | UNUSUAL,
        SHAPES
        | ROPE
        | TIED
        | QWEN_WINDOWS
        | {
            "head_dim left out": {"head_dim": ...},
            "attention_bias": {"attention_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
        },
    ),
    "smollm3": (
        SMOLLM3 | UNUSUAL,
        SHAPES
        | ROPE
        | {
            "num_hidden_layers": {"num_hidden_layers": 4, "no_rope_layers": [1, 0, 1, 1]},
            "head_dim left out": {"head_dim": ...},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 8},
            "tie_word_embeddings": {"tie_word_embeddings": False},
            "attention_bias": {"attention_bias": True},
            "mlp_bias": {"mlp_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "no_rope_layers": {"no_rope_layers": [0, 1, 1, 1, 0]},
            "no_rope_layers left out": {"no_rope_layers": ...},
            "no_rope_layer_interval": {"no_rope_layers": ..., "no_rope_layer_interval": 3},
            "use_sliding_window": {"use_sliding_window": True, "sliding_window": 6},
        },
    ),
    "granite": (
        GRANITE | UNUSUAL | {"head_dim": 12},
        SHAPES
        | PLAIN_ROPE
        | TIED
        | {
            "head_dim left out": {"head_dim": ...},
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "attention_bias": {"attention_bias": True},
            "mlp_bias": {"mlp_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
        }
        | {
            f"{key}{how}": {key: value}
            for key in ("embedding_multiplier", "attention_multiplier", "residual_multiplier", "logits_scaling")
            for how, value in (("", 0.5), (" left out", ...))
        },
    ),
    "olmo2": (
        OLMO2 | UNUSUAL,
        SHAPES
        | PLAIN_ROPE
        | TIED
        | {
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "attention_bias": {"attention_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "sliding_window": {"sliding_window": 6},
        },
    ),
    "olmo3": (
        OLMO3 | UNUSUAL,
        SHAPES
        | TIED
        | {
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "attention_bias": {"attention_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "num_hidden_layers": {"num_hidden_layers": 4, "layer_types": GEMMA_TYPES[:4]},
            "sliding_window": {"sliding_window": 3},
            "sliding_window left out": {"sliding_window": ...},
            "layer_types": {"layer_types": GEMMA_TYPES[:3]},
            "layer_types left out": {"layer_types": ..., "num_hidden_layers": 5},
            "rope_theta": {"rope_theta": 20.0},
            "rope_theta left out": {"rope_theta": ...},
            "rope_scaling": {"rope_scaling": YARN_SCALING},
            "rope_parameters": {
                "rope_theta": ...,
                "rope_scaling": ...,
                "rope_parameters": {
                    "full_attention": YARN_SCALING | {"rope_theta": 50.0},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 30.0},
                },
            },
        },
    ),
    "exaone4": (
        EXAONE4 | UNUSUAL,
        SHAPES
        | PLAIN_ROPE
        | TIED
        | {
            "head_dim": {"head_dim": 12},
            "num_hidden_layers": {"num_hidden_layers": 5},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 32, "head_dim": 4},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "sliding_window": {"sliding_window": 3},
            "sliding_window left out": {"sliding_window": ...},
            "sliding_window null": {"sliding_window": None, "layer_types": 3 * ["full_attention"]},
            "sliding_window_pattern": {"sliding_window_pattern": 3},
            "sliding_window_pattern left out": {"sliding_window_pattern": ...},
            "layer_types, beside letters": {"layer_types": GEMMA_TYPES[:3], "sliding_window_pattern": "LLLG"},
        },
    ),
    "phi3": (
        PHI3 | UNUSUAL | {"rope_scaling": LONG_SCALING, "original_max_position_embeddings": 16},
        {key: value for key, value in SHAPES.items() if key not in ("hidden_size", "num_attention_heads", "head_dim")}
        | TIED
        | {
            "hidden_size": {"hidden_size": 64, "num_attention_heads": 8},
            "num_attention_heads": {"num_attention_heads": 2, "partial_rotary_factor": 0.375},
            "head_dim": {"head_dim": 16, "partial_rotary_factor": 0.5, "rope_scaling": None},
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "sliding_window": {"sliding_window": 6},
            "rope_theta": {"rope_theta": 20.0},
            "rope_theta left out": {"rope_theta": ...},
            "rope_scaling left out": {"rope_scaling": ...},
            "rope_scaling, by an older name": {
                "rope_scaling": {key: value for key, value in LONG_SCALING.items() if key != "rope_type"}
                | {"type": "yarn"}
            },
            "rope_parameters": {
                "rope_theta": ...,
                "rope_scaling": ...,
                "rope_parameters": LONG_SCALING | {"rope_theta": 50.0, "long_factor": [1.0, 2.0, 5.0]},
            },
            "partial_rotary_factor": {"partial_rotary_factor": 0.5, "rope_scaling": None},
            "partial_rotary_factor left out": {"partial_rotary_factor": ..., "rope_scaling": None},
            "original_max_position_embeddings": {"original_max_position_embeddings": 64},
            "original_max_position_embeddings left out": {
                "original_max_position_embeddings": ...,
                "max_position_embeddings": 8192,
            },
        },
    ),
    "gemma2": (
        GEMMA2 | {"rms_norm_eps": 0.02},
        SHAPES
        | PLAIN_ROPE
        | {
            "num_hidden_layers": {"num_hidden_layers": 5},
            "head_dim left out": {"head_dim": ..., "query_pre_attn_scalar": 256},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 8},
            "tie_word_embeddings": {"tie_word_embeddings": False},
            "query_pre_attn_scalar": {"query_pre_attn_scalar": 5},
            "query_pre_attn_scalar left out": {"query_pre_attn_scalar": ...},
            "sliding_window": {"sliding_window": 3},
            "sliding_window left out": {"sliding_window": ...},
            "layer_types": {"layer_types": GEMMA_TYPES[:4]},
            "hidden_activation": {"hidden_activation": "gelu"},
            "hidden_activation left out": {"hidden_activation": ...},
            "attention_bias": {"attention_bias": True},
            "attn_logit_softcapping": {"attn_logit_softcapping": 1.0},
            "attn_logit_softcapping null": {"attn_logit_softcapping": None},
            "attn_logit_softcapping left out": {"attn_logit_softcapping": ...},
            "final_logit_softcapping": {"final_logit_softcapping": 5.0},
            "final_logit_softcapping null": {"final_logit_softcapping": None},
            "final_logit_softcapping left out": {"final_logit_softcapping": ...},
            "use_bidirectional_attention": {"use_bidirectional_attention": True},
        },
    ),
    "gemma3_text": (
        GEMMA3 | {"rms_norm_eps": 0.02},
        SHAPES
        | {
            "head_dim left out": {"head_dim": ..., "query_pre_attn_scalar": 256},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 8},
            "tie_word_embeddings": {"tie_word_embeddings": False},
            "query_pre_attn_scalar": {"query_pre_attn_scalar": 12},
            "query_pre_attn_scalar left out": {"query_pre_attn_scalar": ...},
            "sliding_window": {"sliding_window": 5},
            "sliding_window left out": {"sliding_window": ...},
            "sliding_window_pattern": {"sliding_window_pattern": 2},
            "sliding_window_pattern left out": {"sliding_window_pattern": ...},
            "_sliding_window_pattern": {
                "sliding_window_pattern": ...,
                "_sliding_window_pattern": 2,
            },
            "layer_types": {"layer_types": GEMMA_TYPES},
            "layer_types, without a pattern": {"layer_types": GEMMA_TYPES, "sliding_window_pattern": ...},
            "rope_theta": {"rope_theta": 20.0},
            "rope_theta left out": {"rope_theta": ...},
            "rope_local_base_freq": {"rope_local_base_freq": 10.0},
            "rope_local_base_freq left out": {"rope_local_base_freq": ...},
            "rope_scaling": {"rope_scaling": LINEAR | {"factor": 8.0}},
            "rope_scaling left out": {"rope_scaling": ...},
            "rope_scaling llama3": {"rope_scaling": LLAMA3_SCALING},
            "rope_parameters, the same": gemma_rope(1000.0, 4.0, 100.0),
            "rope_parameters, of windowed blocks": gemma_rope(1000.0, 4.0, 30.0),
            "rope_parameters, of global blocks": gemma_rope(50.0, 2.0, 100.0),
            "hidden_activation": {"hidden_activation": "gelu"},
            "hidden_activation silu": {"hidden_activation": "silu"},
            "hidden_activation left out": {"hidden_activation": ...},
            "attention_bias": {"attention_bias": True},
            "attn_logit_softcapping": {"attn_logit_softcapping": 2.0},
            "final_logit_softcapping": {"final_logit_softcapping": 5.0},
            "use_bidirectional_attention": {"use_bidirectional_attention": True},
        },
    ),
    "qwen3_5_text": (
        QWEN3_5 | {"rms_norm_eps": 0.02, "rope_parameters": QWEN3_5["rope_parameters"] | {"rope_theta": 500.0}},
        SHAPES
        | TIED
        | {
            "head_dim": {"head_dim": 24},
            "rope_parameters, theta": {"rope_parameters": QWEN3_5["rope_parameters"] | {"rope_theta": 20.0}},
            "rope_parameters, part": {
                "rope_parameters": QWEN3_5["rope_parameters"] | {"rope_theta": 500.0, "partial_rotary_factor": 1.0}
            },
            "rope_parameters, linear": {
                "rope_parameters": QWEN3_5["rope_parameters"] | {"rope_theta": 500.0} | LINEAR
            },
            "rope_parameters left out": {"rope_parameters": ...},
            "rope_theta": {"rope_parameters": ..., "rope_theta": 20.0},
            "rope_scaling": {"rope_parameters": ..., "rope_theta": 500.0, "rope_scaling": LINEAR},
            "partial_rotary_factor": {
                "rope_parameters": ...,
                "rope_theta": 500.0,
                "partial_rotary_factor": 1.0,
            },
            "head_dim left out": {"head_dim": ...},
            "num_key_value_heads left out": {"num_key_value_heads": ...},
            "attention_bias": {"attention_bias": True},
            "hidden_act": {"hidden_act": "gelu_pytorch_tanh"},
            "linear_conv_kernel_dim": {"linear_conv_kernel_dim": 2},
            "linear_conv_kernel_dim left out": {"linear_conv_kernel_dim": ...},
            "linear_key_head_dim": {"linear_key_head_dim": 6},
            "linear_key_head_dim left out": {"linear_key_head_dim": ...},
            "linear_value_head_dim": {"linear_value_head_dim": 6},
            "linear_value_head_dim left out": {"linear_value_head_dim": ...},
            "linear_num_key_heads": {"linear_num_key_heads": 3},
            "linear_num_key_heads left out": {"linear_num_key_heads": ..., "linear_num_value_heads": 16},
            "linear_num_value_heads": {"linear_num_value_heads": 2},
            "linear_num_value_heads left out": {"linear_num_value_heads": ...},
            "full_attention_interval": {"full_attention_interval": 3},
            "full_attention_interval left out": {"full_attention_interval": ...},
            "layer_types": {"layer_types": ["full_attention", "linear_attention", "full_attention"]},
        },
    ),
    "lfm2": (
        LFM2 | {"norm_eps": 0.02, "rope_theta": 500.0},
        {key: value for key, value in SHAPES.items() if not key.startswith("rms_norm_eps")}
        | ROPE
        | {
            "num_hidden_layers": {"num_hidden_layers": 3, "layer_types": LFM2["layer_types"][:3]},
            "num_attention_heads left out": {"num_attention_heads": ..., "hidden_size": 64},
            "num_key_value_heads left out": {"num_key_value_heads": ..., "num_attention_heads": 8},
            "intermediate_size": {"intermediate_size": 90},
            "intermediate_size left out": {"intermediate_size": ...},
            "block_ff_dim": {"block_ff_dim": 90},
            "norm_eps": {"norm_eps": 0.3},
            "norm_eps left out": {"norm_eps": ...},
            "tie_word_embeddings": {"tie_word_embeddings": False},
            "tie_embedding": {"tie_embedding": False},
            "conv_bias": {"conv_bias": True},
            "conv_L_cache": {"conv_L_cache": 4},
            "conv_L_cache left out": {"conv_L_cache": ...},
            "block_auto_adjust_ff_dim": {"block_auto_adjust_ff_dim": False},
            "block_ffn_dim_multiplier": {"block_ffn_dim_multiplier": 1.3},
            "block_multiple_of": {"block_multiple_of": 32},
            "block_multiple_of left out": {"block_multiple_of": ...},
            "layer_types": {"layer_types": ["full_attention", "conv", "conv", "full_attention"]},
            "layer_types left out": {"layer_types": ...},
            "full_attn_idxs": {"layer_types": ..., "full_attn_idxs": [1, 3]},
            "full_attn_idxs beside layer_types": {"full_attn_idxs": [1, 3]},
        },
    ),
}


def logits_of(config, ids):
    with torch.no_grad():
        return to_float64(build(config))(input_ids=ids, use_cache=False).logits[0, POSITIONS]


def fixture(base, changes):
    ids = token_ids(1, TOKENS, base["vocab_size"])
    expected = logits_of(base, ids)
    variants = []
    for name, change in changes.items():
        config = changed(base, change)
        logits = logits_of(config, ids)
        moved = (logits - expected).abs().max().item()
        variants.append({"name": name, "config": config, "moved": float(f"{moved:.3g}"), "logits": tensor_json(logits)})
    return {
        "source": source("golden-variants.py"),
        **how_hashed(base),
        "ids": ids[0].tolist(),
        "positions": POSITIONS,
        "base": {"config": base, "logits": tensor_json(expected)},
        # `moved`: the largest difference from the base's logits
        "variants": variants,
    }


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for family, (base, changes) in FAMILIES.items():
        made = fixture(base, changes)
        text = json.dumps(made, separators=(",", ":"))
        (folder / f"{family}.json").write_text(text + "\n")
        print(f"{family}: {len(text) / 1024:.1f} KiB")
        for variant in made["variants"]:
            print(f"  {variant['moved']:9.3g}  {variant['name']}")


if __name__ == "__main__":
    main()
