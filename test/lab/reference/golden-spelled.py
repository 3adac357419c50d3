"""Writes one fixture for each `model_type` whose models are those of another architecture under other names: its logits.

    python test/lab/reference/golden-spelled.py [folder]

Computed in float64 (float64.py), stored as float32. The weights are hashed from the names that a folder gives them.
"""

import json
import sys
from pathlib import Path

import torch

from families import GRANITE_HYBRID
from float64 import to_float64
from hashed import build, how_hashed, source, tensor_json, token_ids

FOLDER = Path(__file__).parents[2] / "native-models" / "architectures" / "golden" / "spelled"
TOKENS = 12
POSITIONS = [2, 11]


def fixture(config):
    ids = token_ids(1, TOKENS, config["vocab_size"])
    model = build(config)
    shapes = {name: list(tensor.shape) for name, tensor in model.named_parameters()}
    with torch.no_grad():
        logits = to_float64(model)(input_ids=ids, use_cache=False).logits[0, POSITIONS]
    return {
        "source": source("golden-spelled.py"),
        **how_hashed(config),
        "config": config,
        "shapes": shapes,
        "ids": ids[0].tolist(),
        "positions": POSITIONS,
        "logits": tensor_json(logits),
    }


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for config in (GRANITE_HYBRID,):
        text = json.dumps(fixture(config), separators=(",", ":"))
        (folder / f"{config['model_type']}.json").write_text(text + "\n")
        print(f"{config['model_type']}: {len(text) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
