"""Writes what the gguf package makes of a tiny model of each family: a GGUF file's header, how its tensors come from upstream's, and logits.

    python test/reference/golden-gguf.py [folder]

The files' tensors are F32 and hashed (hashed.py), so only headers are stored; the test puts the files together again, to the byte
(`sha256`). Keys, names and changes of values are those of llama.cpp's converter (conversion/*.py).
"""

import base64
import hashlib
import json
import sys
import tempfile
import zlib
from pathlib import Path

import gguf
import numpy
import torch

from families import GEMMA3, LFM2, LLAMA, QWEN2, QWEN3, QWEN3_5, SMOLLM3, YARN_SCALING
from float64 import to_float64
from hashed import build, how_hashed, source, tensor_json, token_ids

FOLDER = Path(__file__).parents[1] / "native-models" / "architectures" / "golden" / "gguf"
TOKENS = 20
POSITIONS = [4, 12, 19]
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # llama.h, llama_token_type

# Families whose rope of llama.cpp rotates neighbours.
PAIRED = ("llama", "smollm3")

# llama.cpp takes the scale of Gemma 3's queries from the width of a head, and has no key for it.
GEMMA3_ALIKE = GEMMA3 | {"query_pre_attn_scalar": GEMMA3["head_dim"]}
CASES = {
    "llama": (LLAMA, "llama"),
    "llama-tied": (LLAMA | {"tie_word_embeddings": True, "head_dim": 12, "num_key_value_heads": 4}, "llama"),
    "qwen2": (QWEN2, "qwen2"),
    "qwen2-tied": (QWEN2 | {"tie_word_embeddings": True}, "qwen2"),
    "qwen3": (QWEN3, "qwen3"),
    "smollm3": (SMOLLM3 | {"no_rope_layers": [1, 1, 1, 0, 1], "rope_scaling": YARN_SCALING}, "smollm3"),
    # every sixth block is global and windowed ones rotate by 10000: most files have no key for either
    "gemma3": (
        GEMMA3_ALIKE | {"num_hidden_layers": 9, "sliding_window_pattern": 6, "rope_local_base_freq": 10000.0},
        "gemma3",
    ),
    "gemma3-pattern": (GEMMA3_ALIKE | {"rope_scaling": None}, "gemma3"),
    "lfm2": (LFM2, "lfm2"),
    # llama.cpp wants keys as wide as values
    "qwen3_5": (QWEN3_5 | {"linear_key_head_dim": 16, "linear_value_head_dim": 16}, "qwen35"),
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
BYTE_LEVEL = {"qwen2": "qwen2", "qwen3": "qwen2", "lfm2": "lfm2", "qwen35": "qwen35"}


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


def write_metadata(writer, config, arch, feed_forward):
    head_dim = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(key_value_heads(config))
    writer.add_layer_norm_rms_eps(config["norm_eps" if arch == "lfm2" else "rms_norm_eps"])
    rope = config.get("rope_parameters") or config
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
        writer.add_rope_dimension_count(int(head_dim * rope["partial_rotary_factor"]))
        writer.add_rope_dimension_sections([*rope["mrope_section"], 0])
    if arch in PAIRED:
        writer.add_vocab_size(config["vocab_size"])
        writer.add_rope_dimension_count(head_dim)
    scaling = config.get("rope_scaling")
    if scaling:
        writer.add_rope_scaling_type(gguf.RopeScalingType(scaling["rope_type"]))
        writer.add_rope_scaling_factor(scaling["factor"])
        if scaling["rope_type"] == "yarn":
            writer.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
            if "beta_fast" in scaling:
                writer.add_rope_scaling_yarn_beta_fast(scaling["beta_fast"])
                writer.add_rope_scaling_yarn_beta_slow(scaling["beta_slow"])
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
    adds = 1.0 if arch in ("gemma3", "qwen35") and name.endswith("norm.weight") and ".linear_attn." not in name else 0.0
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


def fixture(config, arch):
    model = build(config)
    path = Path(tempfile.mkdtemp()) / "model.gguf"
    writer = gguf.GGUFWriter(path, arch)
    write_metadata(writer, config, arch, feed_forward_of(model))
    kind = next(key for key, name in gguf.MODEL_ARCH_NAMES.items() if name == arch)
    names = gguf.get_tensor_name_map(kind, config["num_hidden_layers"])
    tensors = []
    for upstream, parameter in model.named_parameters():
        change = change_of(upstream, config, arch)
        values = parameter.detach().numpy()
        if change["interleavedHeads"]:
            values = interleaved(values, change["interleavedHeads"])
        if values.ndim == 3:  # of a depthwise convolution
            values = values.squeeze(1)
        if "tiles" in change:
            values = tiled(values, change["tiles"])
        if "isLogarithm" in change:
            values = -numpy.exp(values.astype(numpy.float64)).astype(numpy.float32)
        if change["adds"]:
            values = values + values.dtype.type(change["adds"])
        mapped = upstream.replace(".dt_bias", ".dt_proj.bias")  # as the converter does
        name = names.get_name(mapped, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(name, values)
        tensors.append({"name": name, "upstream": upstream, "shape": list(parameter.shape), **change})
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
