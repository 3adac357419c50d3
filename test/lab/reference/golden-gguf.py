"""Writes what the gguf package makes of a tiny model of each family: a GGUF file's header, how its tensors come from upstream's, and logits.

    python test/lab/reference/golden-gguf.py [folder]

The files' tensors are F32 and hashed (hashed.py), so only headers are stored; the test puts the files together again, to the byte
(`sha256`). Keys, names and changes of values are those of llama.cpp's converter (conversion/*.py).
"""

import base64
import hashlib
import json
import math
import sys
import tempfile
import zlib
from pathlib import Path

import gguf
import numpy
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
)
from float64 import to_float64
from hashed import build, how_hashed, source, tensor_json, token_ids

FOLDER = Path(__file__).parents[2] / "native-models" / "architectures" / "golden" / "gguf"
TOKENS = 20
POSITIONS = [4, 12, 19]
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # llama.h, llama_token_type

# Families whose rope of llama.cpp rotates neighbours.
PAIRED = ("llama", "mistral3", "smollm3", "granite")

# llama.cpp takes the scale of Gemma 3's queries from the width of a head, and has no key for it.
GEMMA3_ALIKE = GEMMA3 | {"query_pre_attn_scalar": GEMMA3["head_dim"]}
CASES = {
    "llama": (LLAMA, "llama"),
    "llama-tied": (LLAMA | {"tie_word_embeddings": True, "head_dim": 12, "num_key_value_heads": 4}, "llama"),
    "mistral": (MISTRAL | {"head_dim": 12, "num_attention_heads": 2, "rope_theta": 1000000.0}, "llama"),
    "ministral3": (MINISTRAL3, "mistral3"),
    # Mistral Small 3 has the name of Ministral's architecture, and queries that do not grow
    "mistral-small": (MISTRAL | {"head_dim": 12, "rope_theta": 1000000.0}, "mistral3"),
    "qwen2": (QWEN2, "qwen2"),
    "qwen2-tied": (QWEN2 | {"tie_word_embeddings": True}, "qwen2"),
    "qwen3": (QWEN3, "qwen3"),
    "smollm3": (SMOLLM3 | {"no_rope_layers": [1, 1, 1, 0, 1], "rope_scaling": YARN_SCALING}, "smollm3"),
    "granite": (GRANITE, "granite"),
    "olmo2": (OLMO2, "olmo2"),
    "olmo3": (
        {key: value for key, value in OLMO3.items() if key not in ("rope_theta", "rope_scaling")}
        | {
            "rope_parameters": {
                "full_attention": YARN_SCALING | {"rope_theta": 300.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 300.0},  # llama.cpp has one base
            }
        },
        "olmo2",
    ),
    # llama.cpp has windows for models of 64 blocks alone
    "exaone4": (
        EXAONE4
        | {
            "num_hidden_layers": 2,
            "sliding_window": None,
            "layer_types": 2 * ["full_attention"],
            "rope_scaling": LLAMA3_SCALING,
        },
        "exaone4",
    ),
    # llama.cpp chooses between the two lists by the context that it is opened with
    "phi3": (
        PHI3
        | {
            "rope_scaling": LONG_SCALING,
            "original_max_position_embeddings": 512,
            "max_position_embeddings": 1024,
        },
        "phi3",
    ),
    "phi3-long": (PHI3 | {"rope_scaling": LONG_SCALING, "original_max_position_embeddings": 16}, "phi3"),
    "gemma2": (
        GEMMA2 | {"query_pre_attn_scalar": GEMMA2["head_dim"], "rope_theta": 10000.0, "rms_norm_eps": 1e-5},
        "gemma2",
    ),
    # every sixth block is global and windowed ones rotate by 10000: most files have no key for either
    "gemma3": (
        GEMMA3_ALIKE | {"num_hidden_layers": 9, "sliding_window_pattern": 6, "rope_local_base_freq": 10000.0},
        "gemma3",
    ),
    "gemma3-pattern": (GEMMA3_ALIKE | {"rope_scaling": None}, "gemma3"),
    "lfm2": (LFM2, "lfm2"),
    # llama.cpp wants keys as wide as values, and normalises queries and keys with the epsilon of the other norms, which files have as here
    "qwen3_5": (QWEN3_5 | {"linear_key_head_dim": 16, "linear_value_head_dim": 16, "rms_norm_eps": 1e-6}, "qwen35"),
}


def feed_forward_of(model):
    """The width of the MLPs, which some configurations give only in another form."""
    ups = (".up_proj.weight", ".w3.weight")
    return next(tensor.shape[0] for name, tensor in model.named_parameters() if name.endswith(ups))


def sentencepiece(writer, size):
    """SentencePiece's kind of vocabulary, as Llama and Gemma have it."""
    letters = ["▁"] + [chr(code) for code in range(97, 123)]
    pairs = [a + b for a in letters[:9] for b in letters[1:9]]
    special = ["<unk>", "<s>", "</s>", "<0x0A>"]  # llama.cpp wants a line's end
    tokens = (special + letters + pairs)[:size]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(special) + [-float(i) for i in range(size - len(special))])
    writer.add_token_types([UNKNOWN, CONTROL, CONTROL, BYTE] + [NORMAL] * (size - len(special)))
    writer.add_unk_token_id(0)


# Families with GPT-2's kind of vocabulary, and the pre-tokenizers that llama.cpp knows them by.
BYTE_LEVEL = {
    **{arch: "qwen2" for arch in ("qwen2", "qwen3", "olmo2", "exaone4", "granite", "smollm3")},
    "lfm2": "lfm2",
    "mistral3": "tekken",
    "qwen35": "qwen35",
}


def byte_level(writer, size, pre):
    """GPT-2's kind, as Qwen has it."""
    letters = [chr(code) for code in range(33, 127)]
    tokens = letters[: size - 3] + ["th", "<|endoftext|>", "<|im_end|>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types([NORMAL] * (size - 2) + [CONTROL, CONTROL])
    writer.add_token_merges(["t h"])


def key_value_heads(config):
    """Of each block where some have none."""
    heads = config["num_key_value_heads"]
    return [0 if kind == "conv" else heads for kind in config["layer_types"]] if config["model_type"] == "lfm2" else heads


def rope_of(config):
    """The parameters of rotations, of global blocks if kinds differ."""
    scaling = config.get("rope_scaling") or config.get("rope_parameters") or {}
    scaling = scaling.get("full_attention", scaling)
    return {"rope_theta": config.get("rope_theta")} | scaling


def divisors_of(config, head_dim):
    """The converter's small tensors, by name: what each pair's frequency is divided by."""
    rope = rope_of(config)
    if rope.get("rope_type") == "longrope":
        return {"rope_factors_long.weight": rope["long_factor"], "rope_factors_short.weight": rope["short_factor"]}
    if rope.get("rope_type") != "llama3":
        return {}
    low, high, context = rope["low_freq_factor"], rope["high_freq_factor"], rope["original_max_position_embeddings"]
    divisors = []
    for pair in range(head_dim // 2):
        turns = context * rope["rope_theta"] ** (-2 * pair / head_dim) / (2 * math.pi)
        smooth = min(1.0, max(0.0, (turns - low) / (high - low)))
        divisors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return {"rope_freqs.weight": divisors}


def write_metadata(writer, config, arch, feed_forward):
    head_dim = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(key_value_heads(config))
    writer.add_layer_norm_rms_eps(config["norm_eps" if arch == "lfm2" else "rms_norm_eps"])
    rope = rope_of(config)
    if arch != "gemma2":
        writer.add_rope_freq_base(rope["rope_theta"])
    if "head_dim" in config:
        writer.add_key_length(head_dim)
        writer.add_value_length(head_dim)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if arch == "lfm2":
        writer.add_vocab_size(config["vocab_size"])
        writer.add_shortconv_l_cache(config["conv_L_cache"])
    if arch == "qwen35":
        writer.add_ssm_conv_kernel(config["linear_conv_kernel_dim"])
        writer.add_ssm_state_size(config["linear_key_head_dim"])
        writer.add_ssm_group_count(config["linear_num_key_heads"])
        writer.add_ssm_time_step_rank(config["linear_num_value_heads"])
        writer.add_ssm_inner_size(config["linear_value_head_dim"] * config["linear_num_value_heads"])
        writer.add_full_attention_interval(config["full_attention_interval"])
        interval = config["full_attention_interval"]
        recurrent = [(block + 1) % interval != 0 for block in range(config["num_hidden_layers"])]
        writer.add_array("qwen35.attention.recurrent_layers", recurrent)
        writer.add_rope_dimension_count(int(head_dim * rope["partial_rotary_factor"]))
        writer.add_rope_dimension_sections([*rope["mrope_section"], 0])
    if arch in PAIRED:
        writer.add_vocab_size(config["vocab_size"])
        writer.add_rope_dimension_count(head_dim)
    kind = rope.get("rope_type")
    if kind in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(kind))
        writer.add_rope_scaling_factor(rope["factor"])
    if kind == "yarn":
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        writer.add_rope_scaling_yarn_beta_fast(rope["beta_fast"])
        writer.add_rope_scaling_yarn_beta_slow(rope["beta_slow"])
    if config["model_type"] == "ministral3":
        writer.add_rope_scaling_yarn_log_mul(rope["mscale_all_dim"])
        writer.add_attn_temperature_scale(rope["llama_4_scaling_beta"])
    if arch == "granite":
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    if config["model_type"] == "olmo3":
        writer.add_sliding_window(config["sliding_window"])
        writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config["layer_types"]])
        writer.add_rope_freq_base_swa(config["rope_parameters"]["sliding_attention"]["rope_theta"])
    if arch == "exaone4":
        writer.add_vocab_size(config["vocab_size"])
    if arch == "phi3":
        original = config["original_max_position_embeddings"]
        writer.add_rope_scaling_orig_ctx_len(original)
        writer.add_rope_dimension_count(int(config["partial_rotary_factor"] * head_dim))
        writer.add_sliding_window(config["sliding_window"] or 0)
        scale = config["max_position_embeddings"] / original
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(scale) / math.log(original)))
    if arch == "gemma2":
        writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
        writer.add_final_logit_softcapping(config["final_logit_softcapping"])
        writer.add_sliding_window(config["sliding_window"])
        writer.add_add_space_prefix(False)
    if arch == "gemma3":
        writer.add_sliding_window(config["sliding_window"])
        writer.add_add_space_prefix(False)
        if config["sliding_window_pattern"] != 6:
            writer.add_sliding_window_pattern(config["sliding_window_pattern"])
        if config["rope_local_base_freq"] != 10000.0:
            writer.add_rope_freq_base_swa(config["rope_local_base_freq"])
    if arch in BYTE_LEVEL:
        byte_level(writer, config["vocab_size"], BYTE_LEVEL[arch])
    else:
        sentencepiece(writer, config["vocab_size"])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])


def interleaved(values, heads):
    """Rows of each head pair by pair, as llama.cpp's rope of this family wants them."""
    halves = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
    return halves.swapaxes(1, 2).reshape(values.shape)


def change_of(name, config, arch):
    """What the converter does to a tensor: heads whose rows it interleaves (0: none), what it adds."""
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}
    projection = name.split(".")[-2]
    adds = 1.0 if arch in ("gemma2", "gemma3", "qwen35") and name.endswith("norm.weight") and ".linear_attn." not in name else 0.0
    change = {"interleavedHeads": heads.get(projection, 0) if arch in PAIRED else 0, "adds": adds}
    return change | (linear_attention_change(name.split(".")[-2:], config) if ".linear_attn." in name else {})


def linear_attention_change(name, config):
    """The order of value heads, by tiles instead of by key heads, and rates instead of their logarithms."""
    keys, heads, width = (config[f"linear_{key}"] for key in ("num_key_heads", "num_value_heads", "value_head_dim"))
    before = 2 * keys * config["linear_key_head_dim"]
    tiles = {"keyHeads": keys, "times": heads // keys, "isOfColumns": "out_proj" in name, "before": 0, "width": width}
    projection = name[0] if name[1] == "weight" else name[1]
    if projection in ("in_proj_a", "in_proj_b", "A_log", "dt_bias"):
        tiles["width"] = 1
    elif projection in ("in_proj_qkv", "conv1d"):
        tiles["before"] = before
    elif projection not in ("in_proj_z", "out_proj"):
        return {}
    return {"tiles": tiles} | ({"isLogarithm": True} if projection == "A_log" else {})


def tiled(values, tiles):
    """Values with the heads after `before` in tiles."""
    if tiles["isOfColumns"]:
        return numpy.ascontiguousarray(tiled(values.T, tiles | {"isOfColumns": False}).T)
    head, tail = values[: tiles["before"]], values[tiles["before"] :]
    parts = tail.reshape(tiles["keyHeads"], tiles["times"], tiles["width"], *values.shape[1:]).swapaxes(0, 1)
    return numpy.concatenate([head, parts.reshape(tail.shape)])


def stored_tensors(model):
    """Stored names, and the parameters that each is made of: fused projections are stored as one."""
    fused = {"q_proj": "qkv_proj", "k_proj": "qkv_proj", "v_proj": "qkv_proj", "gate_proj": "gate_up_proj"}
    fused["up_proj"] = "gate_up_proj"
    stored = {}
    for upstream, parameter in model.named_parameters():
        *path, projection, kind = upstream.split(".")
        whole = ".".join([*path, fused.get(projection, projection), kind])
        is_fused = callable(getattr(model.get_submodule(".".join(path)), fused.get(projection, ""), None))
        stored.setdefault(whole if is_fused else upstream, []).append((upstream, parameter))
    return stored.items()


def fixture(config, arch):
    model = build(config)
    path = Path(tempfile.mkdtemp()) / "model.gguf"
    writer = gguf.GGUFWriter(path, arch)
    write_metadata(writer, config, arch, feed_forward_of(model))
    kind = next(key for key, name in gguf.MODEL_ARCH_NAMES.items() if name == arch)
    names = gguf.get_tensor_name_map(kind, config["num_hidden_layers"])
    tensors = []
    for stored, upstreams in stored_tensors(model):
        parts = []
        values = []
        for upstream, parameter in upstreams:
            change = change_of(upstream, config, arch)
            part = parameter.detach().numpy()
            if change["interleavedHeads"]:
                part = interleaved(part, change["interleavedHeads"])
            if part.ndim == 3:  # of a depthwise convolution
                part = part.squeeze(1)
            if "tiles" in change:
                part = tiled(part, change["tiles"])
            if "isLogarithm" in change:
                part = -numpy.exp(part.astype(numpy.float64)).astype(numpy.float32)
            if change["adds"]:
                part = part + part.dtype.type(change["adds"])
            values.append(part)
            parts.append({"upstream": upstream, "shape": list(parameter.shape), **change})
        mapped = stored.replace(".dt_bias", ".dt_proj.bias")  # as the converter does
        name = names.get_name(mapped, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(name, numpy.concatenate(values))
        tensors.append({"name": name, "parts": parts})
    head_dim = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    for name, divisors in divisors_of(config, head_dim).items():
        values = numpy.array(divisors, dtype=numpy.float32)
        writer.add_tensor(name, values)
        tensors.append({"name": name, "values": tensor_json(torch.from_numpy(values))})
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    written = path.read_bytes()
    start = int(gguf.GGUFReader(path).data_offset)

    ids = token_ids(1, TOKENS, config["vocab_size"])
    with torch.no_grad():
        logits = to_float64(model)(input_ids=ids, use_cache=False).logits[0, POSITIONS]
    return {
        "source": f"{source('golden-gguf.py')}, gguf {gguf_version()}",
        **how_hashed(config),
        "config": config,
        "header": base64.b64encode(zlib.compress(written[:start], 9)).decode(),
        # in the order of the file; each starts at a multiple of 32 bytes
        "tensors": tensors,
        "sha256": hashlib.sha256(written).hexdigest(),
        "ids": ids[0].tolist(),
        "positions": POSITIONS,
        "logits": tensor_json(logits),
    }


def gguf_version():
    from importlib.metadata import version

    return version("gguf")


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, (config, arch) in CASES.items():
        text = json.dumps(fixture(config, arch), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(text) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
