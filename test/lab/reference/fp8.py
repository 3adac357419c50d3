"""Writes the golden model of 8-bit floats: a tiny Llama whose projections are scaled in each of the usual ways, and its values.

    python test/lab/reference/fp8.py

Needs torch, transformers and safetensors. Blocks that divide a weight are dequantised by transformers itself.
"""

import base64
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers.integrations.finegrained_fp8 import Fp8Dequantize

GOLDEN = Path(__file__).parents[2] / "native-models" / "formats" / "golden" / "fp8"
BLOCK = (4, 3)
WIDTH = 12
LAYER = "model.layers.0."
torch.manual_seed(7)


def random_codes(*shape: int, dtype: torch.dtype) -> torch.Tensor:
    return torch.randn(*shape).to(dtype)


def text(values: torch.Tensor) -> str:
    return base64.b64encode(values.to(torch.float32).contiguous().numpy().tobytes()).decode()


def every_code(dtype: torch.dtype) -> str:
    return text(torch.arange(256, dtype=torch.uint8).view(dtype).to(torch.float32))


def main() -> None:
    e4m3, e5m2 = torch.float8_e4m3fn, torch.float8_e5m2
    tensors: dict[str, torch.Tensor] = {
        "model.embed_tokens.weight": torch.randn(8, WIDTH).to(torch.bfloat16),
        "model.norm.weight": torch.ones(WIDTH),
        LAYER + "input_layernorm.weight": torch.ones(WIDTH),
        LAYER + "post_attention_layernorm.weight": torch.ones(WIDTH),
    }
    values: dict[str, str] = {}
    dequantise = Fp8Dequantize(None)._dequantize_one

    def add(name: str, shape: tuple[int, int], key: str | None, scale: torch.Tensor | None, dtype: torch.dtype = e4m3) -> None:
        weight = random_codes(*shape, dtype=dtype)
        tensors[f"{LAYER}{name}.weight"] = weight
        wide = weight.to(torch.float32)
        if scale is None:
            made = wide
        else:
            tensors[f"{LAYER}{name}.{key}"] = scale
            full = scale.to(torch.float32)
            rows, columns = shape
            if full.dim() < 2 or full.numel() == 1:
                made = wide * (full.reshape(-1, 1) if full.numel() > 1 else full.reshape(()))
            elif rows % full.shape[0] == 0 and columns % full.shape[1] == 0:
                made = dequantise(weight, full, torch.float32)
            else:
                big = full.repeat_interleave(BLOCK[0], 0).repeat_interleave(BLOCK[1], 1)
                made = wide * big[:rows, :columns]
        values[f"{LAYER}{name}.weight"] = text(made)

    def scales(*shape: int) -> torch.Tensor:
        return torch.rand(*shape) * 0.01 + 1e-4

    add("self_attn.q_proj", (12, 12), "weight_scale_inv", scales(3, 4))
    add("self_attn.k_proj", (6, 12), "weight_scale", scales(1))
    add("self_attn.v_proj", (6, 12), "weight_scale", scales(6, 1).to(torch.bfloat16))
    add("self_attn.o_proj", (12, 12), None, None)
    add("mlp.gate_proj", (10, 12), "weight_scale_inv", scales(3, 4))  # the last rows are part of a block
    add("mlp.up_proj", (10, 12), "weight_scale", scales(1).reshape(()), e5m2)
    powers = torch.randint(110, 130, (3, 4), dtype=torch.uint8)
    add("mlp.down_proj", (12, 10), "weight_scale_inv", powers.view(torch.float8_e8m0fnu))
    GOLDEN.mkdir(parents=True, exist_ok=True)
    save_file(tensors, GOLDEN / "model.safetensors")
    codes = {"f8_e4m3": every_code(e4m3), "f8_e5m2": every_code(e5m2), "f8_e8m0": every_code(torch.float8_e8m0fnu)}
    expected = {"codes": codes, "values": values}
    (GOLDEN / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


main()
