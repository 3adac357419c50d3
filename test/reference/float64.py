"""Makes a transformers model compute in float64 throughout.

`model.double()` is not enough: RMS norms cast their input down to float32, and eager attention takes its softmax in
float32. The rotary angles stay as transformers computes them (float32), because they are constants.
"""

import torch
import transformers
from torch import nn
from transformers.masking_utils import eager_mask


class Float64RmsNorm(nn.Module):
    """RMSNorm (arXiv 1910.07467) in the precision of its input; `offset` is 1 where the weight is a difference from one."""

    def __init__(self, weight, epsilon, offset):
        super().__init__()
        self.weight = weight
        self.epsilon = epsilon
        self.offset = offset

    def forward(self, x):
        return (self.offset + self.weight) * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)


def attention(module, query, key, value, mask, scaling, softcap=None, **_options):
    """Eager attention in the precision of its input. q [B, H, T, Dh], k and v [B, K, T, Dh] -> [B, T, H, Dh]."""
    groups = query.shape[1] // key.shape[1]
    scores = query @ key.repeat_interleave(groups, dim=1).transpose(2, 3) * scaling
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    shares = torch.softmax(scores + mask, dim=-1)
    return (shares @ value.repeat_interleave(groups, dim=1)).transpose(1, 2).contiguous(), shares


transformers.AttentionInterface.register("float64", attention)
transformers.AttentionMaskInterface.register("float64", eager_mask)


def to_float64(model):
    """Casts the model, and replaces its norms and its attention."""
    model.double()
    for name, module in list(model.named_modules()):
        kind = type(module).__name__
        if kind.endswith("RMSNorm"):
            epsilon = getattr(module, "variance_epsilon", None) or module.eps
            norm = Float64RmsNorm(module.weight, epsilon, 1 if kind.startswith("Gemma") else 0)
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, norm)
    model.set_attn_implementation("float64")
    return model
