"""Makes the tiny model of the tests in three forms: safetensors, and GGUF in F32 and F16 by the gguf package.

    python test/lab/reference/tiny-llama.py test/native-models/tokenizer/fixtures/sentencepiece test/native-models/formats/golden

Random weights; the tokenizer is that of the first folder, with SentencePiece's scores in the GGUF files.
"""

import json
import sys
from pathlib import Path

import gguf
import numpy
from safetensors.numpy import save_file

WIDTH, LAYERS, HEADS, KV_HEADS, FEED_FORWARD, CONTEXT = 16, 2, 4, 2, 24, 128
HEAD_WIDTH = WIDTH // HEADS


def weights(vocabulary):
    random = numpy.random.default_rng(20261126)

    def matrix(rows, columns):
        return (random.standard_normal((rows, columns)) / columns**0.5).astype(numpy.float32)

    def norm():
        return (1 + 0.1 * random.standard_normal(WIDTH)).astype(numpy.float32)

    result = {"model.embed_tokens.weight": matrix(vocabulary, WIDTH), "model.norm.weight": norm()}
    for layer in range(LAYERS):
        block = {
            "self_attn.q_proj": matrix(HEADS * HEAD_WIDTH, WIDTH),
            "self_attn.k_proj": matrix(KV_HEADS * HEAD_WIDTH, WIDTH),
            "self_attn.v_proj": matrix(KV_HEADS * HEAD_WIDTH, WIDTH),
            "self_attn.o_proj": matrix(WIDTH, HEADS * HEAD_WIDTH),
            "mlp.gate_proj": matrix(FEED_FORWARD, WIDTH),
            "mlp.up_proj": matrix(FEED_FORWARD, WIDTH),
            "mlp.down_proj": matrix(WIDTH, FEED_FORWARD),
            "input_layernorm": norm(),
            "post_attention_layernorm": norm(),
        }
        result.update({f"model.layers.{layer}.{name}.weight": value for name, value in block.items()})
    return result


NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def in_gguf(name, value):
    """GGUF's name and rows: llama.cpp rotates pairs of neighbours, so rows of queries and keys are interleaved."""
    if name == "model.embed_tokens.weight":
        return "token_embd.weight", value
    if name == "model.norm.weight":
        return "output_norm.weight", value
    _, _, layer, *inside, _ = name.split(".")
    inside = ".".join(inside)
    if inside in ("self_attn.q_proj", "self_attn.k_proj"):
        value = value.reshape(-1, 2, HEAD_WIDTH // 2, WIDTH).swapaxes(1, 2).reshape(value.shape)
    return f"blk.{layer}.{NAMES[inside]}.weight", value


def write_gguf(path, tensors, vocab, matrices, file_type):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HEAD_WIDTH)
    writer.add_rope_freq_base(10000.0)
    writer.add_file_type(file_type)
    tokens = sorted(vocab, key=vocab.__getitem__)
    kinds = gguf.TokenType
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0 if id < 259 else float(259 - id) for id in range(len(tokens))])
    writer.add_token_types(
        [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL, *[kinds.BYTE] * 256, *[kinds.NORMAL] * (len(tokens) - 259)]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    for name, value in tensors.items():
        renamed, value = in_gguf(name, value)
        writer.add_tensor(renamed, numpy.ascontiguousarray(value.astype(matrices if value.ndim == 2 else numpy.float32)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    tokenizer, out = Path(sys.argv[1]), Path(sys.argv[2])
    vocab = json.loads((tokenizer / "tokenizer.json").read_text())["model"]["vocab"]
    tensors = weights(len(vocab))
    folder = out / "tiny-llama"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    write_gguf(out / "tiny-llama-F32.gguf", tensors, vocab, numpy.float32, gguf.LlamaFileType.ALL_F32)
    write_gguf(out / "tiny-llama-F16.gguf", tensors, vocab, numpy.float16, gguf.LlamaFileType.MOSTLY_F16)


main()
