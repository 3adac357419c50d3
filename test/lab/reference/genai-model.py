"""A folder for onnxruntime-genai, made by its own model builder with the options that make it fastest on a processor.

    python test/lab/reference/genai-model.py MODEL OUT int4|int8

MODEL: a GGUF file or a folder. Matrices become `precision` in blocks of 32, and their inputs 8 bits (accuracy level 4); the head is int8 and
shared with a tied embedding; logits of the last token alone; projections of the same input are fused.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import onnx

from checkpoint import load_model, load_tokenizer

OPTIONS = [
    "algo_config=rtn",
    "matmul_mixed_precision=last_matmul:int8",
    "prune_lm_head=true",
    "fuse_qkv=true",
    "fuse_mlp_gate_up=true",
]


def write_head_width(path, width):
    """The builder leaves it open; transformers.js makes empty caches of it."""
    model = onnx.load(path, load_external_data=False)
    for value in [*model.graph.input, *model.graph.output]:
        for size in value.type.tensor_type.shape.dim:
            if size.dim_param == "kv_cache_dim":
                size.dim_value = width
    onnx.save(model, path)


def main():
    path, out, precision = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        model = load_model(path)
        model.save_pretrained(folder)
        model.config.save_pretrained(out)  # transformers.js reads it
        load_tokenizer(path).save_pretrained(folder)
        builder = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", folder, "-o", out, "-p", precision, "-e", "cpu"]
        subprocess.run([*builder, "-c", folder, "--extra_options", *OPTIONS], check=True, stdout=sys.stderr)
    write_head_width(Path(out) / "model.onnx", model.config.head_dim)


if __name__ == "__main__":
    main()
