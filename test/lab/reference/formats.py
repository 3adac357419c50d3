"""Writes the golden values of the formats' tests: stored bytes and what the `gguf` and `safetensors` packages make of them.

    python test/lab/reference/formats.py

Needs numpy, gguf, safetensors. Everything comes from a seed; nothing is taken from a model.
"""

import base64
import hashlib
import json
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import save_file

GOLDEN = Path(__file__).parents[2] / "native-models" / "formats" / "golden"
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"]
K_QUANTS = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]
TABLES = ["IQ4_NL", "IQ4_XS"]
NOT_DECODED = ["MXFP4", "NVFP4", "TQ1_0", "TQ2_0", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S", "IQ1_M", "I8"]
ENCODED = ["F16", "BF16", "Q8_0", "Q4_0"]
random = np.random.default_rng(7)


def text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


def stored_blocks(type_name: str) -> np.ndarray:
    """Random bytes with scales and minima that are ordinary numbers, so that every code of a block occurs."""
    block, size = gguf.GGML_QUANT_SIZES[Type[type_name]]
    if block == 1:
        return (random.normal(size=64).astype(np.float32).view(np.uint8) if type_name == "F32"
                else random.integers(0, 256, size=2 * 128, dtype=np.uint8))
    blocks = random.integers(0, 256, size=(6, size), dtype=np.uint8)
    halves = 2 if type_name.endswith("_1") else 1
    blocks[:, : 2 * halves] = random.normal(size=(6, halves)).astype(np.float16).view(np.uint8)
    return blocks.reshape(-1)


def stored_k_blocks(type_name: str) -> np.ndarray:
    """Random bytes; group scales of all bits and of none; block scales ordinary, zero, subnormal, largest, negative, infinite."""
    _, size = gguf.GGML_QUANT_SIZES[Type[type_name]]
    halves = np.array([0x3C01, 0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF, 0x1234, 0xB555, 0x7C00], dtype=np.uint16)
    blocks = random.integers(0, 256, size=(2 * len(halves), size), dtype=np.uint8)
    scale_at = {"Q2_K": 80, "Q3_K": 108, "Q4_K": 0, "Q5_K": 0, "Q6_K": 208}[type_name]
    blocks[:, scale_at : scale_at + 2] = np.tile(halves, 2)[:, None].view(np.uint8)
    if type_name in ("Q2_K", "Q4_K", "Q5_K"):
        blocks[:, scale_at + 2 : scale_at + 4] = np.repeat(np.roll(halves, 3), 2)[:, None].view(np.uint8)
    groups = {"Q2_K": (0, 16), "Q3_K": (96, 108), "Q4_K": (4, 16), "Q5_K": (4, 16), "Q6_K": (192, 208)}[type_name]
    for row, byte in enumerate([0x00, 0xFF, 0x80, 0x7F]):
        blocks[[row, row + 7], slice(*groups)] = byte
    return blocks.reshape(-1)


# Where a block has its f16 scale (and minimum).
SCALES = {"Q2_K": (80, 82), "Q3_K": (108,), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,), "Q4_1": (0, 2), "Q5_1": (0, 2)}


def stored_table_blocks(type_name: str) -> np.ndarray:
    """Random bytes with block scales as in `stored_k_blocks`; all bits set in one block, none in another."""
    _, size = gguf.GGML_QUANT_SIZES[Type[type_name]]
    halves = np.array([0x3C01, 0x0000, 0x8000, 0x0001, 0xFBFF, 0x7C00], dtype=np.uint16)
    blocks = random.integers(0, 256, size=(len(halves) + 2, size), dtype=np.uint8)
    blocks[-1] = 0
    blocks[-2] = 255
    for at in SCALES.get(type_name, (0,)):
        blocks[: len(halves), at : at + 2] = halves[:, None].view(np.uint8)
    return blocks.reshape(-1)


MANY_BLOCKS = 512


def many_blocks(type_name: str) -> np.ndarray:
    """Bytes of a linear congruential generator, which the test has too; scales finite: bit 14 of each f16 is cleared."""
    _, size = gguf.GGML_QUANT_SIZES[Type[type_name]]
    state, made = 1, bytearray()
    for _ in range(MANY_BLOCKS * size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        made.append(state >> 24)
    blocks = np.frombuffer(bytes(made), dtype=np.uint8).copy().reshape(MANY_BLOCKS, size)
    for at in SCALES.get(type_name, (0,)):
        blocks[:, at + 1] &= 0xBF
    return blocks.reshape(-1)


def values_to_encode() -> np.ndarray:
    """Blocks of 32: ordinary, tiny, huge, all zero, exact ties, and the limits of f16."""
    ties = (np.arange(32) - 15.5).astype(np.float32)
    limits = np.array([65504, 65519.99, 65520, 1e6, 6e-8, 2.98e-8, 2.99e-8, 6.1e-5, 6.09e-5, 0.1] * 4)[:32]
    blocks = [random.normal(size=(4, 32)), random.normal(size=(2, 32)) * 1e-3, random.normal(size=(2, 32)) * 1e4,
              np.zeros((1, 32)), ties[None], limits[None], -limits[None]]
    return np.concatenate(blocks).astype(np.float32)


def storage() -> dict:
    decoded = {}
    for name in TYPES:
        stored = stored_blocks(name)
        decoded[name.lower()] = {"stored": text(stored), "values": text(gguf.dequantize(stored, Type[name]))}
    values = values_to_encode()
    for name in K_QUANTS:
        stored = stored_k_blocks(name)
        with np.errstate(invalid="ignore"):
            decoded[name.lower()] = {"stored": text(stored), "values": text(gguf.dequantize(stored, Type[name]))}
    for name in TABLES:
        stored = stored_table_blocks(name)
        with np.errstate(invalid="ignore", over="ignore"):
            decoded[name.lower()] = {"stored": text(stored), "values": text(gguf.dequantize(stored, Type[name]))}
    many = {}
    for name in [*TYPES[3:], *K_QUANTS, *TABLES]:
        with np.errstate(over="ignore"):
            made = gguf.dequantize(many_blocks(name), Type[name])
        many[name.lower()] = hashlib.sha256(made.tobytes()).hexdigest()
    with np.errstate(over="ignore"):
        encoded = {name.lower(): text(gguf.quantize(values, Type[name])) for name in ENCODED}
    return {"decoded": decoded, "values": text(values), "encoded": encoded, "manyBlocks": MANY_BLOCKS, "many": many}


def write_gguf(path: Path) -> None:
    """A small file of the reference writer with every kind of metadata and every type that can be decoded, and others."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint64("test.u64", 2**63 + 1)
    writer.add_int64("test.i64", -5)
    writer.add_int8("test.i8", -3)
    writer.add_uint16("test.u16", 65535)
    writer.add_float32("test.f32", 0.5)
    writer.add_float64("test.f64", 0.1)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "déjà vu 🌳")
    writer.add_array("test.strings", ["a", "", "ü"])
    writer.add_array("test.integers", [1, -2, 3])
    writer.add_array("test.floats", [0.25, -1.5])
    writer.add_array("test.booleans", [True, False])
    for name in [*TYPES, *K_QUANTS, *TABLES, *NOT_DECODED]:
        block, size = gguf.GGML_QUANT_SIZES[Type[name]]
        row = (max(block, 64) // block) * size
        stored = random.integers(0, 60, size=(3, row), dtype=np.uint8)
        writer.add_tensor(name.lower(), stored, raw_dtype=Type[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_split(path: Path) -> None:
    """The reference writer's parts of a model: the first has metadata alone, the others two tensors each."""
    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=2, small_first_shard=True)
    writer.add_uint32("test.u32", 7)
    for name, count in {"a": 32, "b": 64, "c": 32, "d": 96}.items():
        writer.add_tensor(name, np.arange(count, dtype=np.float32).reshape(-1, 32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_values(path: Path) -> dict:
    tensors = {}
    for tensor in gguf.GGUFReader(path).tensors:
        shape = [int(axis) for axis in reversed(tensor.shape)]
        values = None if tensor.tensor_type.name in NOT_DECODED else text(gguf.dequantize(tensor.data, tensor.tensor_type))
        tensors[tensor.name] = {"shape": shape, "values": values}
    return tensors


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "storage.json").write_text(json.dumps(storage(), indent=1) + "\n")
    write_gguf(GOLDEN / "reference.gguf")
    write_split(GOLDEN / "split.gguf")
    (GOLDEN / "reference.gguf.json").write_text(json.dumps(gguf_values(GOLDEN / "reference.gguf"), indent=1) + "\n")
    tensors = {
        "matrix": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        "half": np.array([1.5, -2.25, 65504], dtype=np.float16),
        "scalar": np.array(7, dtype=np.float32),
        "empty": np.zeros((0, 4), dtype=np.float32),
        "position_ids": np.arange(3, dtype=np.int64),
    }
    save_file(tensors, GOLDEN / "reference.safetensors", metadata={"format": "pt", "made by": "the reference"})
