"""Makes a transformers model compute in float64 throughout.

`model.double()` is not enough: RMS norms cast their input down to float32, and eager attention takes its softmax in
float32. The rotary angles stay as transformers computes them (float32), because they are constants.
"""

import torch
import transformers
from torch import nn
from transformers.masking_utils import eager_mask
from transformers.models.qwen3_5 import modeling_qwen3_5


class Float64RmsNorm(nn.Module):
    """RMSNorm (arXiv 1910.07467) in the precision of its input; `offset` is 1 where the weight is a difference from one."""

    def __init__(self, weight, epsilon, offset):
        super().__init__()
        self.weight = weight
        self.epsilon = epsilon
        self.offset = offset

    def forward(self, x, gate=None):
        normed = (self.offset + self.weight) * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return normed if gate is None else normed * torch.nn.functional.silu(gate)


def attention(module, query, key, value, mask, scaling, softcap=None, **_options):
    """Eager attention in the precision of its input. q [B, H, T, Dh], k and v [B, K, T, Dh] -> [B, T, H, Dh]."""
    groups = query.shape[1] // key.shape[1]
    scores = query @ key.repeat_interleave(groups, dim=1).transpose(2, 3) * scaling
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    shares = torch.softmax(scores + mask, dim=-1)
    return (shares @ value.repeat_interleave(groups, dim=1)).transpose(1, 2).contiguous(), shares


def delta_rule(query, key, value, g, beta, **_options):
    """The gated delta rule (arXiv 2412.06464) a token at a time, in the precision of its input. q, k [B, T, K, Dk], v [B, T, H, Dv], g and
    beta [B, T, H] -> [B, T, H, Dv]. transformers gives g in float32."""
    times = value.shape[2] // key.shape[2]
    q, k = ((x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)).repeat_interleave(times, dim=2) for x in (query, key))
    state = value.new_zeros(*value.shape[:1], *value.shape[2:3], key.shape[-1], value.shape[-1])
    outputs = []
    for t in range(value.shape[1]):
        state = state * g[:, t, :, None, None].to(state).exp()
        had = (k[:, t, :, :, None] * state).sum(-2)
        change = beta[:, t, :, None] * (value[:, t] - had)
        state = state + k[:, t, :, :, None] * change[:, :, None, :]
        outputs.append((q[:, t, :, :, None] * state).sum(-2) * key.shape[-1] ** -0.5)
    return torch.stack(outputs, dim=1), None


modeling_qwen3_5.torch_chunk_gated_delta_rule = delta_rule

transformers.AttentionInterface.register("float64", attention)
transformers.AttentionMaskInterface.register("float64", eager_mask)


def to_float64(model):
    """Casts the model, and replaces its norms and its attention."""
    model.double()
    for name, module in list(model.named_modules()):
        kind = type(module).__name__
        if kind.endswith(("RMSNorm", "RMSNormGated")):
            epsilon = getattr(module, "variance_epsilon", None) or module.eps
            norm = Float64RmsNorm(module.weight, epsilon, 1 if kind.startswith("Gemma") or kind == "Qwen3_5RMSNorm" else 0)
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, norm)
    model.set_attn_implementation("float64")
    return model
