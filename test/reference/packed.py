"""Writes golden models whose linear maps GPTQ and AWQ packed: tiny Llamas of random codes, and SHA-256 of the values that the codes stand for.

    python test/reference/packed.py

Needs numpy and safetensors. Codes are packed bit by bit, as AutoGPTQ and AutoAWQ do; values come from the codes, not from the packed words.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

GOLDEN = Path(__file__).parent.parent / "native-models" / "formats" / "golden" / "packed"
WIDTH, FEED_FORWARD, HALF, GROUP = 32, 48, 16, 8
LAYER = "model.layers.0."
AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # the output whose code is at each place of a word
SHAPES = {
    "self_attn.q_proj": (WIDTH, WIDTH),
    "self_attn.k_proj": (HALF, WIDTH),
    "self_attn.v_proj": (HALF, WIDTH),
    "self_attn.o_proj": (WIDTH, WIDTH),
    "mlp.gate_proj": (FEED_FORWARD, WIDTH),
    "mlp.up_proj": (FEED_FORWARD, WIDTH),
    "mlp.down_proj": (WIDTH, FEED_FORWARD),
}
PLAIN = "self_attn.o_proj"  # of the modules that are left as they were
# file: method, bits, whether zeros are stored less one
CASES = {
    "gptq": ("gptq", 4, True),
    "gptq-8": ("gptq", 8, False),
    "gptq-2": ("gptq", 2, True),
    "awq": ("awq", 4, False),
}


def digest(values):
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").tobytes()).hexdigest()


def packed_down(codes, bits):
    """Codes [rows, columns] with those of several rows in a word."""
    per_word = 32 // bits
    words = np.zeros((codes.shape[0] // per_word, codes.shape[1]), dtype=np.uint32)
    for row in range(codes.shape[0]):
        words[row // per_word] |= codes[row].astype(np.uint32) << np.uint32(bits * (row % per_word))
    return words.view(np.int32)


def packed_across(codes, bits, order=None):
    """Codes [rows, columns] with those of several columns in a word."""
    per_word = 32 // bits
    words = np.zeros((codes.shape[0], codes.shape[1] // per_word), dtype=np.uint32)
    for word in range(words.shape[1]):
        for place in range(per_word):
            column = word * per_word + (order[place] if order else place)
            words[:, word] |= codes[:, column].astype(np.uint32) << np.uint32(bits * place)
    return words.view(np.int32)


def model(method, bits, less_one):
    random = np.random.default_rng(7)
    tensors = {
        "model.embed_tokens.weight": random.standard_normal((8, WIDTH)).astype(np.float16),
        "model.norm.weight": np.ones(WIDTH, dtype=np.float32),
        LAYER + "input_layernorm.weight": np.ones(WIDTH, dtype=np.float32),
        LAYER + "post_attention_layernorm.weight": np.ones(WIDTH, dtype=np.float32),
    }
    values = {}
    for name, (outputs, inputs) in SHAPES.items():
        if name == PLAIN:
            plain = random.standard_normal((outputs, inputs)).astype(np.float32)
            tensors[f"{LAYER}{name}.weight"] = plain
            values[f"{LAYER}{name}.weight"] = digest(plain)
            continue
        groups = inputs // GROUP
        codes = random.integers(0, 2**bits, (inputs, outputs))
        zeros = random.integers(1, 2**bits, (groups, outputs))  # one less fits, too
        scales = (random.random((groups, outputs)) * 0.1 + 1e-3).astype(np.float16)
        group_of = np.arange(inputs) // GROUP
        if method == "gptq" and name != "self_attn.k_proj":  # which has no list of groups
            if name == "self_attn.q_proj":
                group_of = random.permutation(group_of)  # activation order
            tensors[f"{LAYER}{name}.g_idx"] = group_of.astype(np.int32)
        tensors[f"{LAYER}{name}.scales"] = scales
        if method == "gptq":
            tensors[f"{LAYER}{name}.qweight"] = packed_down(codes, bits)
            tensors[f"{LAYER}{name}.qzeros"] = packed_across(zeros - 1 if less_one else zeros, bits)
        else:
            tensors[f"{LAYER}{name}.qweight"] = packed_across(codes, bits, AWQ_ORDER)
            tensors[f"{LAYER}{name}.qzeros"] = packed_across(zeros, bits, AWQ_ORDER)
        made = scales[group_of].astype(np.float32) * (codes - zeros[group_of]).astype(np.float32)
        values[f"{LAYER}{name}.weight"] = digest(made.T)
    return tensors, values


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, case in CASES.items():
        tensors, expected[name] = model(*case)
        save_file(tensors, GOLDEN / f"{name}.safetensors")
        (GOLDEN / f"{name}.safetensors").chmod(0o644)
    (GOLDEN / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


main()
