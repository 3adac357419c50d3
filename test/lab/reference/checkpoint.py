"""Opens a model in float32: a Hugging Face folder, a PEFT adapter's, or a GGUF file, of which a llama one is dequantised here."""

import sys
from pathlib import Path

import numpy
import torch
import transformers

BLOCK_NAMES = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
ROOT_NAMES = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


def load_model(path, attention="sdpa"):
    """The model of a GGUF file, of a folder, or of an adapter's folder and the base that it names, in evaluation mode."""
    path = Path(path)
    if not path.exists():
        sys.exit(f"There is no model at {path}.")
    if (path / "adapter_config.json").exists():
        import peft

        return peft.AutoPeftModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    if path.is_dir():
        if transformers.AutoConfig.from_pretrained(path).model_type == "gemma2":
            attention = "eager"  # the only one with soft caps
        return transformers.AutoModelForCausalLM.from_pretrained(
            path, dtype=torch.float32, attn_implementation=attention
        ).eval()
    return load_gguf(path, attention)


def load_tokenizer(path):
    """The tokenizer of a GGUF file or of a folder, as transformers reads it."""
    path = Path(path)
    if path.is_dir():
        return transformers.AutoTokenizer.from_pretrained(path)
    return transformers.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)


def load_gguf(path, attention):
    """Fills an empty LlamaForCausalLM tensor by tensor, so that nothing is held twice; others by transformers' own reader."""
    import gguf

    reader = gguf.GGUFReader(path)
    if reader.get_field("general.architecture").contents() != "llama":
        return transformers.AutoModelForCausalLM.from_pretrained(
            path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation=attention
        ).eval()
    config = gguf_config(reader)
    with torch.device("meta"):
        model = transformers.LlamaForCausalLM._from_config(config, attn_implementation=attention)
    model.to_empty(device="cpu")
    model.model.rotary_emb = type(model.model.rotary_emb)(config)  # its buffers are computed, not stored
    model.tie_weights()
    parameters = dict(model.named_parameters())
    missing = set(parameters)
    with torch.no_grad():
        for tensor in reader.tensors:
            name = upstream_name(tensor.name)
            values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
            values = values.reshape([int(size) for size in reversed(tensor.shape)])
            if name.endswith(("q_proj.weight", "q_proj.bias")):
                values = unpermute(values, config.num_attention_heads)
            if name.endswith(("k_proj.weight", "k_proj.bias")):
                values = unpermute(values, config.num_key_value_heads)
            parameters[name].copy_(torch.from_numpy(values))
            missing.discard(name)
    if missing:
        sys.exit(f"{path} lacks {', '.join(sorted(missing))}.")
    return model.eval()


def gguf_config(reader):
    """LlamaConfig of a GGUF file's metadata."""

    def value(key, default=None):
        field = reader.get_field(key)
        return default if field is None else field.contents()

    if value("llama.rope.scaling.type", "none") != "none" or any(t.name.startswith("rope_freqs") for t in reader.tensors):
        sys.exit("This reference reads no GGUF file with rope scaling: give it the Hugging Face folder.")
    heads = value("llama.attention.head_count")
    width = value("llama.embedding_length")
    names = {tensor.name for tensor in reader.tensors}
    return transformers.LlamaConfig(
        vocab_size=len(value("tokenizer.ggml.tokens")),
        hidden_size=width,
        intermediate_size=value("llama.feed_forward_length"),
        num_hidden_layers=value("llama.block_count"),
        num_attention_heads=heads,
        num_key_value_heads=value("llama.attention.head_count_kv", heads),
        head_dim=value("llama.attention.key_length", width // heads),
        max_position_embeddings=value("llama.context_length"),
        rms_norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("llama.rope.freq_base", 10000.0)},
        tie_word_embeddings="output.weight" not in names,
        attention_bias="blk.0.attn_q.bias" in names,
        bos_token_id=value("tokenizer.ggml.bos_token_id"),
        eos_token_id=value("tokenizer.ggml.eos_token_id"),
    )


def upstream_name(name):
    """blk.3.attn_q.weight → model.layers.3.self_attn.q_proj.weight."""
    stem, _, kind = name.rpartition(".")
    if stem in ROOT_NAMES:
        return f"{ROOT_NAMES[stem]}.{kind}"
    _, block, part = stem.split(".")
    return f"model.layers.{block}.{BLOCK_NAMES[part]}.{kind}"


def unpermute(values, heads):
    """Undoes llama.cpp's conversion: rows of a head are stored as pairs (i, i + Dh/2), transformers wants both halves."""
    rows = values.shape[0]
    pairs = values.reshape(heads, rows // heads // 2, 2, -1)
    return numpy.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(values.shape)
