"""The configurations that the golden fixtures start from, one a family, as in a config.json."""

ENDS = {"bos_token_id": 1, "eos_token_id": 2}
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "max_position_embeddings": 128,
}

LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    **SIZES,
    "num_hidden_layers": 2,
    "head_dim": 8,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "attention_bias": False,
    "mlp_bias": False,
    **ENDS,
}
MISTRAL = {key: value for key, value in LLAMA.items() if key not in ("attention_bias", "mlp_bias", "rope_scaling")} | {
    "model_type": "mistral",
    "architectures": ["MistralForCausalLM"],
    "sliding_window": None,
}
# Queries grow with every 8 tokens; some of the pairs are kept, some divided, some interpolated.
MINISTRAL3 = {key: value for key, value in MISTRAL.items() if key != "rope_theta"} | {
    "model_type": "ministral3",
    "architectures": ["Ministral3ForCausalLM"],
    "num_hidden_layers": 3,
    "head_dim": 12,
    "rope_parameters": {
        "rope_type": "yarn",
        "rope_theta": 500.0,
        "factor": 4.0,
        "original_max_position_embeddings": 8,
        "beta_fast": 1.0,
        "beta_slow": 0.05,
        "mscale": 1.0,
        "mscale_all_dim": 1.0,
        "llama_4_scaling_beta": 0.5,
    },
    "pad_token_id": None,
}
QWEN2 = {
    "model_type": "qwen2",
    "architectures": ["Qwen2ForCausalLM"],
    **SIZES,
    "num_hidden_layers": 3,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "use_sliding_window": False,
    "sliding_window": 8,
    "max_window_layers": 1,
    **ENDS,
}
QWEN3 = QWEN2 | {
    "model_type": "qwen3",
    "architectures": ["Qwen3ForCausalLM"],
    "head_dim": 12,
    "attention_bias": False,
    "rope_scaling": None,
    "sliding_window": None,
}
GEMMA3 = {
    "model_type": "gemma3_text",
    "architectures": ["Gemma3ForCausalLM"],
    **SIZES,
    "hidden_size": 40,  # the embedding's scale is no round number
    "intermediate_size": 56,
    "num_hidden_layers": 7,
    "head_dim": 12,
    "query_pre_attn_scalar": 20,
    "rms_norm_eps": 1e-6,
    "rope_theta": 1000.0,
    "rope_local_base_freq": 100.0,
    "rope_scaling": {"rope_type": "linear", "factor": 4.0},
    "sliding_window": 8,
    "sliding_window_pattern": 3,
    "hidden_activation": "gelu_pytorch_tanh",
    "attention_bias": False,
    "attn_logit_softcapping": None,
    "final_logit_softcapping": None,
    "tie_word_embeddings": True,
    "bos_token_id": 2,
    "eos_token_id": 1,
}

SMOLLM3 = LLAMA | {
    "model_type": "smollm3",
    "architectures": ["SmolLM3ForCausalLM"],
    "num_hidden_layers": 5,
    "head_dim": 12,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True,
    "no_rope_layers": [1, 0, 1, 1, 0],  # 1: with rope
    "pad_token_id": None,
}
LFM2 = {
    "model_type": "lfm2",
    "architectures": ["Lfm2ForCausalLM"],
    **SIZES,
    "intermediate_size": 60,
    "num_hidden_layers": 4,
    "layer_types": ["conv", "conv", "full_attention", "conv"],
    "norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "conv_bias": False,
    "conv_L_cache": 3,
    "block_auto_adjust_ff_dim": True,
    "block_ffn_dim_multiplier": 1.0,
    "block_multiple_of": 24,
    "tie_word_embeddings": True,
    **ENDS,
}

QWEN3_5 = {
    "model_type": "qwen3_5_text",
    "architectures": ["Qwen3_5ForCausalLM"],
    **SIZES,
    "num_hidden_layers": 3,
    "full_attention_interval": 2,
    "head_dim": 16,
    "rms_norm_eps": 0.01,  # normed outputs of linear attention enlarge rounding otherwise
    "rope_parameters": {
        "rope_type": "default",
        "rope_theta": 10000.0,
        "partial_rotary_factor": 0.5,
        "mrope_section": [2, 1, 1],
    },
    "linear_conv_kernel_dim": 3,
    "linear_key_head_dim": 12,
    "linear_value_head_dim": 10,
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 6,
    "hidden_act": "silu",
    "attention_bias": False,
    "tie_word_embeddings": False,
    **ENDS,
}

GRANITE = LLAMA | {
    "model_type": "granite",
    "architectures": ["GraniteForCausalLM"],
    "embedding_multiplier": 1.5,
    "attention_multiplier": 0.3,
    "residual_multiplier": 0.7,
    "logits_scaling": 1.6,
}
# dense Granite 4: a hybrid of attention alone
GRANITE_HYBRID = {key: value for key, value in GRANITE.items() if key not in ("mlp_bias", "head_dim")} | {
    "model_type": "granitemoehybrid",
    "architectures": ["GraniteMoeHybridForCausalLM"],
    "vocab_size": 288,
    "layer_types": ["attention", "attention"],
    "num_local_experts": 0,
    "num_experts_per_tok": 0,
    "intermediate_size": 24,
    "shared_intermediate_size": 48,
    "position_embedding_type": "rope",
    "mamba_n_heads": 4,
}
OLMO2 = {key: value for key, value in LLAMA.items() if key not in ("mlp_bias", "head_dim")} | {
    "model_type": "olmo2",
    "architectures": ["Olmo2ForCausalLM"],
    "pad_token_id": None,
}
OLMO3 = OLMO2 | {
    "model_type": "olmo3",
    "architectures": ["Olmo3ForCausalLM"],
    "num_hidden_layers": 3,
    "layer_types": ["sliding_attention", "sliding_attention", "full_attention"],
    "rope_theta": 500000.0,
    "rope_scaling": None,
    "sliding_window": 6,
}
EXAONE4 = {key: value for key, value in LLAMA.items() if key not in ("mlp_bias", "attention_bias", "head_dim")} | {
    "model_type": "exaone4",
    "architectures": ["Exaone4ForCausalLM"],
    "num_hidden_layers": 3,
    "sliding_window": 6,
    "sliding_window_pattern": 2,
}
PHI3 = {
    "model_type": "phi3",
    "architectures": ["Phi3ForCausalLM"],
    **SIZES,
    "num_hidden_layers": 2,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "partial_rotary_factor": 0.75,
    "original_max_position_embeddings": 64,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "sliding_window": None,
    "pad_token_id": None,
    **ENDS,
}
LONG_SCALING = {"rope_type": "longrope", "short_factor": [1.0, 1.5, 3.0], "long_factor": [1.5, 4.0, 9.0]}
GEMMA2 = {
    "model_type": "gemma2",
    "architectures": ["Gemma2ForCausalLM"],
    **SIZES,
    "hidden_size": 40,
    "intermediate_size": 56,
    "num_hidden_layers": 4,
    "head_dim": 12,
    "query_pre_attn_scalar": 20,
    "rms_norm_eps": 1e-6,
    "rope_theta": 1000.0,
    "sliding_window": 6,
    "hidden_activation": "gelu_pytorch_tanh",
    "attention_bias": False,
    "attn_logit_softcapping": 3.0,
    "final_logit_softcapping": 8.0,
    "tie_word_embeddings": True,
    "pad_token_id": None,
    "bos_token_id": 2,
    "eos_token_id": 1,
}

# Each of the three ranges has frequencies, and texts of 20 tokens are longer than the original context.
LLAMA3_SCALING = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 0.5,
    "high_freq_factor": 2.0,
    "original_max_position_embeddings": 16,
}

# One of the pairs of a head of 12 numbers is interpolated, others are kept or divided.
YARN_SCALING = {
    "rope_type": "yarn",
    "factor": 4.0,
    "original_max_position_embeddings": 32,
    "beta_fast": 3.0,
    "beta_slow": 1.0,
}


def kinds(config, model):
    """The kind of each block, None if all are of one."""
    layer_types = getattr(model.config, "layer_types", None)
    if config["model_type"] == "smollm3":
        return ["full_attention" if rotated else "unrotated_attention" for rotated in model.config.no_rope_layers]
    return layer_types


def of_blocks(config, model, kept):
    """The configuration of some blocks alone, with the kind of each written out."""
    shorter = config | {"num_hidden_layers": len(kept)}
    for key in ("layer_types", "no_rope_layers"):
        if getattr(model.config, key, None):
            shorter[key] = [getattr(model.config, key)[block] for block in kept]
    return shorter


def changed(config, changes):
    """A configuration with other values; `...` removes a key."""
    return {key: value for key, value in (config | changes).items() if value is not ...}
