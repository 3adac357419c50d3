"""Low-rank adapters (arXiv 2106.09685) beside the linear layers of a transformers model."""

import torch
from torch import nn
from torch.nn import functional

PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PROJECTIONS += ["in_proj", "out_proj", "w1", "w2", "w3"]
PROJECTIONS += ["in_proj_qkv", "in_proj_z", "in_proj_b", "in_proj_a"]


class Lora(nn.Module):
    """A frozen linear layer plus (alpha / rank) · B(A(x)). A: [R, in], B: [out, R]."""

    def __init__(self, linear, rank, alpha):
        super().__init__()
        self.linear = linear
        self.scale = alpha / rank
        self.A = nn.Parameter(torch.zeros(rank, linear.in_features))
        self.B = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + self.scale * functional.linear(functional.linear(x, self.A), self.B)


def add_lora(model, rank, alpha, targets=PROJECTIONS):
    """Freezes the model and puts an adapter beside each target. Returns {weight name of the linear: its Lora}."""
    model.requires_grad_(False)
    adapters = {}
    for name, module in list(model.named_modules()):
        parent, _, leaf = name.rpartition(".")
        if leaf in targets and isinstance(module, nn.Linear):
            adapters[name] = Lora(module, rank, alpha)
            setattr(model.get_submodule(parent), leaf, adapters[name])
    return adapters


def seed_adapters(adapters, seed, width=0.01):
    """Uniform values in [-width, width] for A and B, so that no gradient is zero by construction."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for adapter in adapters.values():
            adapter.A.uniform_(-width, width, generator=generator)
            adapter.B.uniform_(-width, width, generator=generator)


def adapter_parameters(adapters):
    """Both matrices of every adapter, in the model's order."""
    return [matrix for adapter in adapters.values() for matrix in (adapter.A, adapter.B)]
