"""A resident process that takes PyTorch training steps when told to, for timing them in turn with another program.

    python test/lab/reference/training-step.py '{"model": …, "batch": …, "rank": 16, "alpha": 32, "threads": 2, …}'

Options: `model` (GGUF file or folder), `batch` (safetensors with `ids`, `labels` [B, T] I32, `weights` [B, T] F32),
`rank`, `alpha`, `threads`, `precision` ("fp32" or "bf16": autocast), `checkpointing` (bool), `blocks` (the first n only), `peft` (bool: its
adapters instead of lora.py's). Steps are eager or with compiled blocks, as is faster here: both are tried first. Prints {"ready": true}; then answers each line of standard input with {"ms", "loss", "peakMemoryBytes"}. The peak counts from
"ready" on: reading and dequantising the model is not in it, the model itself is.
"""

import contextlib
import gc
import json
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional

from checkpoint import load_model
from lora import PROJECTIONS, adapter_parameters, add_lora, seed_adapters


def forget_peak_memory():
    """Sets the kernel's high-water mark of this process back to what it holds now. Returns whether the kernel did."""
    gc.collect()
    with contextlib.suppress(OSError):
        before = peak_memory_bytes()
        Path("/proc/self/clear_refs").write_text("5")
        return peak_memory_bytes() < before
    return False


def peak_memory_bytes():
    """VmHWM of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def with_peft(model, rank, alpha, width=0.01):
    """The model with PEFT's adapters of small random values, and their matrices."""
    import peft

    config = peft.LoraConfig(r=rank, lora_alpha=alpha, target_modules=PROJECTIONS, lora_dropout=0.0, task_type="CAUSAL_LM")
    model = peft.get_peft_model(model, config)
    matrices = [matrix for matrix in model.parameters() if matrix.requires_grad]
    with torch.no_grad():
        for matrix in matrices:
            matrix.uniform_(-width, width)
    return model, matrices


class TrainingStep:
    """A model with adapters, its optimizer and one batch."""

    def __init__(self, options):
        torch.set_num_threads(options["threads"])
        torch.manual_seed(1)
        self.model = load_model(options["model"])
        if options.get("blocks"):
            self.model.model.layers = self.model.model.layers[: options["blocks"]]
        self.base = self.model
        if options.get("peft"):
            self.model, trained = with_peft(self.model, options["rank"], options["alpha"])
        else:
            adapters = add_lora(self.model, options["rank"], options["alpha"])
            seed_adapters(adapters, seed=1)
            trained = adapter_parameters(adapters)
        if options["checkpointing"]:
            self.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
            self.model.enable_input_require_grads()
        self.model.train()
        self.optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.0, foreach=True)
        self.autocast = options["precision"] == "bf16"
        batch = load_file(options["batch"])
        self.ids, self.labels = batch["ids"].long(), batch["labels"].long()
        self.weights = batch["weights"].flatten()

    def milliseconds(self):
        """The better of two steps; the first may compile."""
        times = []
        for _ in range(3):
            started = time.perf_counter()
            self.run()
            times.append((time.perf_counter() - started) * 1000)
        return min(times[1:])

    def choose(self):
        """Compiles the blocks if steps are faster then. Returns a sentence about both."""
        plain = self.milliseconds()
        # Block by block, as PyTorch recommends: they share what is compiled, which takes a minute instead of a quarter of an hour.
        blocks = self.base.model.layers
        for block in blocks:
            block.compile()
        try:
            compiled = self.milliseconds()
        except Exception as error:  # whatever its compiler refuses
            compiled, refusal = None, f"eager (torch.compile: {type(error).__name__})"
        if compiled is not None and compiled < plain:
            return f"blocks compiled ({plain / compiled:.2f} times as fast as eager)"
        for block in blocks:
            block._compiled_call_impl = None
        torch.compiler.reset()
        return refusal if compiled is None else f"eager ({compiled / plain:.2f} times as fast as compiled)"

    def run(self):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.autocast):
            logits = self.model(input_ids=self.ids, use_cache=False).logits
        losses = functional.cross_entropy(logits.float().flatten(0, 1), self.labels.flatten(), reduction="none")
        loss = (losses * self.weights).sum()
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()


def main():
    step = TrainingStep(json.loads(sys.argv[1]))
    settings = step.choose()
    forgotten = forget_peak_memory()
    ready = {"ready": True, "torch": torch.__version__, "settings": settings, "peakForgotten": forgotten}
    print(json.dumps(ready), flush=True)
    for _line in sys.stdin:
        started = time.perf_counter()
        loss = step.run()
        milliseconds = (time.perf_counter() - started) * 1000
        print(json.dumps({"ms": milliseconds, "loss": loss, "peakMemoryBytes": peak_memory_bytes()}), flush=True)


if __name__ == "__main__":
    main()
