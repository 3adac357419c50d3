"""Writes the frequencies and magnitudes that transformers gives to rotations, for each kind of scaling and each of its keys.

    python test/lab/reference/golden-rope.py [file]
"""

import json
import sys
from pathlib import Path

import torch
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from hashed import source

FILE = Path(__file__).parents[2] / "native-models" / "architectures" / "golden" / "rope" / "scaling.json"
HEAD_DIM, CONTEXT = 12, 256

LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 8.0,
    "low_freq_factor": 0.5,
    "high_freq_factor": 2.0,
    "original_max_position_embeddings": 16,
}
YARN = {
    "rope_type": "yarn",
    "rope_theta": 4.0,
    "factor": 4.0,
    "original_max_position_embeddings": 64,
    "beta_fast": 4.0,
    "beta_slow": 2.0,
}
LONG = {
    "rope_type": "longrope",
    "rope_theta": 300.0,
    "original_max_position_embeddings": 64,
    "short_factor": [1.0, 1.5, 2.0, 2.5, 3.0, 3.5],
    "long_factor": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
}
PARAMETERS = [
    {"rope_type": "linear", "rope_theta": 20.0, "factor": 2.0},
    {"rope_type": "linear", "rope_theta": 20.0, "factor": 2.0, "partial_rotary_factor": 0.7},
    LLAMA3,
    LLAMA3 | {"factor": 2.0},
    LLAMA3 | {"low_freq_factor": 1.0},
    LLAMA3 | {"high_freq_factor": 8.0},
    LLAMA3 | {"original_max_position_embeddings": 64},
    YARN,
    YARN | {"rope_theta": 10.0},
    YARN | {"factor": 16.0},
    YARN | {"original_max_position_embeddings": 32},
    YARN | {"beta_fast": 6.0},
    YARN | {"beta_slow": 1.0},
    {key: value for key, value in YARN.items() if key not in ("beta_fast", "beta_slow")},
    YARN | {"truncate": False},
    YARN | {"attention_factor": 1.25},
    YARN | {"mscale": 1.0, "mscale_all_dim": 0.5},
    YARN | {"mscale": 0.7},
    YARN | {"factor": None},
    YARN | {"factor": 0.5},
    YARN | {"beta_fast": 3.0, "beta_slow": 3.0, "original_max_position_embeddings": 19},
    YARN | {"partial_rotary_factor": 0.5},
    LONG,
    LONG | {"factor": 16.0},
    LONG | {"attention_factor": 1.25},
    LONG | {"original_max_position_embeddings": 256},
    LONG | {"partial_rotary_factor": 0.5, "short_factor": [1.0, 2.0, 3.0], "long_factor": [2.0, 4.0, 9.0]},
]


def rotation(parameters):
    config = LlamaConfig(
        head_dim=HEAD_DIM, max_position_embeddings=CONTEXT, rope_parameters=json.loads(json.dumps(parameters))
    )
    make = ROPE_INIT_FUNCTIONS[parameters["rope_type"]]
    frequencies, magnitude = make(config)
    made = {"parameters": parameters, "frequencies": frequencies.tolist(), "magnitude": float(magnitude)}
    if parameters["rope_type"] == "longrope":
        made["beyond"] = make(config, seq_len=parameters["original_max_position_embeddings"] + 1)[0].tolist()
    return made


def main():
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    torch.set_default_dtype(torch.float64)
    rotations = [rotation(parameters) for parameters in PARAMETERS]
    fixture = {"source": source("golden-rope.py"), "headDim": HEAD_DIM, "maxPositions": CONTEXT, "rotations": rotations}
    file.write_text(json.dumps(fixture, indent=1) + "\n")
    for made in rotations:
        print(f"{made['magnitude']:.4f} {[round(value, 4) for value in made['frequencies']]} {made['parameters']}")


if __name__ == "__main__":
    main()
