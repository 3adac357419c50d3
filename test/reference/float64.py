"""Makes a transformers model compute in float64 throughout.

`model.double()` is not enough: the RMSNorm of the Llama family casts its input down to float32, and eager attention
takes its softmax in float32. The rotary angles stay as transformers computes them (float32), because they are constants.
"""

import torch
from torch import nn


class Float64RmsNorm(nn.Module):
    """RMSNorm (arXiv 1910.07467) in the precision of its input."""

    def __init__(self, weight, epsilon):
        super().__init__()
        self.weight = weight
        self.variance_epsilon = epsilon

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)


def to_float64(model):
    """Casts the model, replaces its norms and takes the softmax of scaled_dot_product_attention, which keeps float64."""
    model.double()
    for name, module in list(model.named_modules()):
        if type(module).__name__.endswith("RMSNorm"):
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, Float64RmsNorm(module.weight, module.variance_epsilon))
    model.set_attn_implementation("sdpa")
    return model
