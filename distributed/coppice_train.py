"""Carries out a job folder of Coppice on PyTorch: on one device, or sharded over many by FSDP2 (torchrun).

plan.json lists the operations of the recipe in order, with row orders, learning rates and the stages of scoring; this programme only
carries them out. Shapes: B rows, T tokens, D hidden width, n labels.
"""
import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard, register_fsdp_forward_method
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint
from transformers import AutoConfig, AutoModelForCausalLM


class Adapted(nn.Module):
    """A frozen linear map with a LoRA adapter: W x + (alpha / R) B A x (arXiv 2106.09685)."""

    def __init__(self, base: nn.Linear, a: torch.Tensor, b: torch.Tensor, factor: float):
        super().__init__()
        self.base, self.factor = base, factor
        self.lora_A, self.lora_B = nn.Parameter(a), nn.Parameter(b)

    def forward(self, x):
        a, b = self.lora_A.to(x.dtype), self.lora_B.to(x.dtype)
        return self.base(x) + self.factor * F.linear(F.linear(x, a), b)


class Student(nn.Module):
    """The model with adapters, and its losses; `kept`: the blocks that are left. All that needs weights happens in `forward`."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.blocks = list(model.model.layers)
        self.kept = list(range(len(self.blocks)))

    def forward(self, ids, at=None, labels=None, without=None):
        """ids [B, T] → the normed hidden states [B, T, D], and the NLL of `labels` [n] after the flat places `at` [n]."""
        body = self.model.model
        whole = body.layers
        body.layers = nn.ModuleList(self.blocks[k] for k in self.kept if k != without)
        try:
            hidden = body(input_ids=ids, use_cache=False).last_hidden_state
        finally:
            body.layers = whole
        if at is None:
            return hidden, None
        chosen = hidden.flatten(0, 1)[at]

        def nll(rows, wanted):
            return F.cross_entropy(self.model.lm_head(rows).float(), wanted, reduction="none")

        pieces = zip(chosen.split(256), labels.split(256))  # so few have logits at a time
        if torch.is_grad_enabled():
            return hidden, torch.cat([checkpoint(nll, *piece, use_reentrant=False) for piece in pieces])
        return hidden, torch.cat([nll(*piece) for piece in pieces])

    def is_head_a_product(self, ids):
        """Whether the logits are the head's product with the hidden states, which `forward` computes."""
        whole = self.model(input_ids=ids, use_cache=False).logits
        return torch.allclose(whole, self.model.lm_head(self.forward(ids)[0]), atol=1e-3)


class Stopped(Exception):
    """Ends the programme with a sentence."""


class Job:
    def __init__(self, options):
        self.options = options
        self.folder = Path(options.folder)
        self.result = self.folder / "result"
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.rank == 0:
            check_files(self.folder, options)
        self.plan = read_json(self.folder / "plan.json")
        if self.plan["version"] != 1:
            raise Stopped("This programme cannot read this plan. Use the programme that came with it.")
        self.rows = read_json(self.folder / "rows.json")
        self.on_gpu = torch.cuda.is_available() and not options.dry_run
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if self.on_gpu else torch.device("cpu")
        name = options.dtype or ("bf16" if self.on_gpu or options.dry_run else "f32")
        self.dtype = {"bf16": torch.bfloat16, "f32": torch.float32}[name]
        self.sharded = self.world > 1 and not options.replicate
        self.state = {"next": 0, "step": 0, "optimizerStep": 0, "stages": [], "depths": {}, "save": None, "kept": None, "events": 0}
        self.stopping = False
        self.last_save = time.monotonic()

    def connect(self):
        """Waits for the other processes."""
        if self.on_gpu:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("nccl" if self.on_gpu else "gloo", device_id=self.device if self.on_gpu else None)
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopping", True))
        if self.rank == 0:
            (self.result / "depths").mkdir(parents=True, exist_ok=True)
        self.wait()
        if not (self.result / "depths").exists():
            raise Stopped("Not all processes see the same result folder. All computers need the same shared folder.")

    # --- the model ---

    def build(self):
        """Sets `student`: the model with adapters, with weights wherever torch's default device is (meta: none)."""
        config = AutoConfig.from_pretrained(self.folder / "base", local_files_only=True)
        model = AutoModelForCausalLM.from_config(config, dtype=self.dtype, attn_implementation="sdpa")
        model.requires_grad_(False).eval()
        factor = self.plan["alpha"] / self.plan["plan"]["method"]["rank"]
        linear = {path: module for path, module in model.named_modules() if isinstance(module, nn.Linear)}
        for name, file in tensors([self.folder / "adapters.safetensors"]).items():
            if not name.endswith(".lora_A.weight"):
                continue
            path = name.removesuffix(".lora_A.weight")
            base = linear.get(path)
            if base is None:
                raise Stopped(f"{path} is no linear map in transformers, so this model cannot be trained here.")
            rank, width = file.get_slice(name).get_shape()
            parent, _, last = path.rpartition(".")
            pair = torch.empty(rank, width), torch.empty(base.out_features, rank)
            setattr(model.get_submodule(parent), last, Adapted(base, *pair, factor))
        if self.options.recompute:
            model.activation_checkpointing_enable()
            model.train()  # checkpointing is only done in training mode; the config's dropout is 0
        self.student = Student(model)

    def open(self):
        """Builds the model without weights, shards it, and then loads only this process's share of each weight."""
        with torch.device("meta"):
            self.build()
        for module in self.student.modules():
            for name in module._non_persistent_buffers_set:  # not stored: computed from the config
                module._buffers[name] = torch.empty_like(module._buffers[name], device=self.device)
            if module._non_persistent_buffers_set:
                self.student.model._init_weights(module)
        if self.sharded:
            policy = MixedPrecisionPolicy(param_dtype=self.dtype, reduce_dtype=torch.float32)
            for block in self.student.blocks:
                fully_shard(block, mp_policy=policy)
            fully_shard(self.student, mp_policy=policy)
            register_fsdp_forward_method(self.student, "is_head_a_product")
        self.load()
        self.adapters = {
            f"model.layers.{index}.{name}.weight": (index, parameter)
            for index, block in enumerate(self.student.blocks)
            for name, parameter in block.named_parameters()
            if ".lora_" in name
        }
        ids = torch.tensor([self.rows["training"][0]["ids"]], device=self.device)
        with torch.no_grad():
            if not self.student.is_head_a_product(ids):
                raise Stopped("This model's head does more than a product, so it cannot be trained here.")
        self.start_over()

    @torch.no_grad()
    def load(self):
        files = tensors([*(self.folder / "base").glob("*.safetensors"), self.folder / "adapters.safetensors"])
        made = {}  # tied weights are one parameter
        for path, module in self.student.named_modules():
            for name, empty in module._parameters.items():
                if empty is None:
                    continue
                if id(empty) not in made:
                    stored = f"{path}.{name}".removeprefix("model.").replace(".base.", ".")
                    stored = f"{stored}.weight" if name.startswith("lora_") else stored
                    if stored not in files:
                        raise Stopped(f"base/ has no {stored}, so this model cannot be trained here.")
                    made[id(empty)] = nn.Parameter(torch.empty_like(empty, device=self.device), empty.requires_grad)
                    self.fill(made[id(empty)], stored, files[stored])
                module.register_parameter(name, made[id(empty)])

    def fill(self, parameter, name, file):
        """Copies a weight, or this process's rows of it: FSDP2 shards weights by rows, in equal chunks."""
        part = file.get_slice(name)
        if list(part.get_shape()) != list(parameter.shape):
            raise Stopped(f"{name} has shape {part.get_shape()}, but {list(parameter.shape)} fits base/config.json.")
        if not isinstance(parameter, DTensor):
            parameter.copy_(part[:])
        elif parameter.to_local().numel() > 0:
            chunk = -(-parameter.shape[0] // self.world)
            parameter.to_local().copy_(part[self.rank * chunk : (self.rank + 1) * chunk])

    def start_over(self):
        """A new optimizer for the kept blocks, with zero moments."""
        own = self.plan["optimizer"]
        kept = [parameter for index, parameter in self.adapters.values() if index in self.student.kept]
        self.optimizer = torch.optim.AdamW(
            kept, lr=0.0, betas=(own["beta1"], own["beta2"]), eps=own["epsilon"], weight_decay=own["weightDecay"]
        )

    def keep(self, kept):
        """Leaves blocks out; the moments of the others stay."""
        self.student.kept = list(kept)
        gone = {id(parameter) for index, parameter in self.adapters.values() if index not in kept}
        group = self.optimizer.param_groups[0]
        for parameter in [parameter for parameter in group["params"] if id(parameter) in gone]:
            self.optimizer.state.pop(parameter, None)
            parameter.grad = None
        group["params"] = [parameter for parameter in group["params"] if id(parameter) not in gone]

    # --- rows and passes ---

    def groups(self, rows):
        """Neighbouring rows in groups of at most `passTokens` tokens after padding."""
        groups, longest = [], 0
        for row in rows:
            longest = max(longest, len(row["ids"]))
            if groups and (len(groups[-1]) + 1) * longest <= self.plan["passTokens"]:
                groups[-1].append(row)
            else:
                groups.append([row])
                longest = len(row["ids"])
        return groups

    def batch(self, rows):
        """ids [B, T], the flat places [n] before labels and the labels [n]. Rows are padded at their end, which causal models do not see."""
        length = max(len(row["ids"]) for row in rows) - 1
        ids = torch.zeros(len(rows), length, dtype=torch.long)
        at, labels = [], []
        for index, row in enumerate(rows):
            own = row["ids"]
            ids[index, : len(own) - 1] = torch.tensor(own[:-1])
            for place in row["labels"]:
                at.append(index * length + place - 1)
                labels.append(own[place])
            for other in row.get("alternatives", []):
                at.append(index * length + len(own) - 2)
                labels.append(other)
        return ids.to(self.device), torch.tensor(at, device=self.device), torch.tensor(labels, device=self.device)

    def shares(self, rows):
        """Each process's groups of rows, equally many: a process without rows gets the first group again, with weight 0."""
        of_all = [self.groups(rows[rank :: self.world]) if rows[rank :: self.world] else [] for rank in range(self.world)]
        most = max(len(groups) for groups in of_all)
        own = [(group, 1.0) for group in of_all[self.rank]]
        return own + [([rows[0]], 0.0)] * (most - len(own))

    def together(self, values):
        """The sum over processes of a tensor."""
        if self.world > 1:
            dist.all_reduce(values)
        return values

    @torch.no_grad()
    def nlls(self, rows, without=None):
        """The NLLs of each row's labels, in order of rows."""
        numbered = sorted(({**row, "number": number} for number, row in enumerate(rows)), key=lambda row: len(row["ids"]))
        counts = [len(row["labels"]) + len(row.get("alternatives", [])) for row in rows]
        starts = [0]
        for count in counts:
            starts.append(starts[-1] + count)
        found = torch.zeros(starts[-1], device=self.device)
        for group, weight in self.shares(numbered):
            ids, at, labels = self.batch(group)
            nll = self.student(ids, at, labels, without)[1]
            place = 0
            for row in group:
                number = row["number"]
                if weight:
                    found[starts[number] : starts[number + 1]] = nll[place : place + counts[number]]
                place += counts[number]
        found = self.together(found).tolist()
        return [found[start:end] for start, end in zip(starts, starts[1:])]

    # --- operations ---

    def train(self, op, rows):
        per_step = self.plan["plan"]["optimizer"]["rowsPerStep"]
        if self.state["step"] == 0:
            self.report({"event": "phase", "phase": op["phase"]})
        for step in range(self.state["step"], len(op["rates"])):
            self.attend(step)
            indices = op["order"][step * per_step : (step + 1) * per_step]
            self.train_step([{**rows[index], "number": index} for index in indices], op["rates"][step], op["taught"])
        self.write_depth(op["name"])
        self.done(op["name"], None)

    def train_step(self, rows, rate, taught):
        started = time.monotonic()
        labels = sum(len(row["labels"]) for row in rows)
        distillation = self.plan["plan"]["trim"]["distillation"] if taught else 0
        squares = sum(self.squares[row["number"]] for row in rows) if distillation else 1
        sums = torch.zeros(2, device=self.device)
        for group, weight in self.shares(rows):
            nll, square = self.losses(group, bool(distillation))
            loss, apart = nll / labels, square * (distillation / squares)
            # FSDP averages gradients over processes; the losses of this step are sums.
            scale = weight * (self.world if self.sharded else 1)
            ((loss + apart) * scale).backward()
            sums += weight * torch.stack([loss.detach(), apart.detach()])
        parameters = self.optimizer.param_groups[0]["params"]
        if self.world > 1 and not self.sharded:
            for parameter in parameters:
                dist.all_reduce(parameter.grad)
        norm = nn.utils.clip_grad_norm_(parameters, self.plan["optimizer"]["mostNorm"])
        norm = float(norm.full_tensor() if isinstance(norm, DTensor) else norm)
        loss, apart = self.together(sums).tolist()
        self.state["optimizerStep"] += 1
        if not all(map(torch.isfinite, torch.tensor([loss, apart, norm]))):
            raise Stopped(f"The training diverged at step {self.state['optimizerStep']}: a smaller learning rate may help.")
        self.optimizer.param_groups[0]["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad()
        tokens = sum(len(row["ids"]) - 1 for row in rows)
        self.report({
            "event": "step", "step": self.state["optimizerStep"], "loss": loss,
            "distillationLoss": apart if taught else None, "learningRate": rate, "gradientNorm": norm,
            "tokensPerSecond": tokens / (time.monotonic() - started), "tokens": tokens,
        })

    def losses(self, group, taught):
        """Sums over the rows of one pass: the labels' NLL, and the squared distance of the hidden states to the teacher's."""
        ids, at, wanted = self.batch(group)
        hidden, nll = self.student(ids, at, wanted)
        square = torch.zeros((), device=self.device)
        for index, row in enumerate(group if taught else []):
            target = self.teacher_of(row["number"]).to(self.device).float()
            square = square + (hidden[index, : len(target)].float() - target).square().sum()
        return nll.sum(), square

    def validate(self, op):
        rows = self.rows["validation"]
        losses = [answer_nll(row, nll) for row, nll in zip(rows, self.nlls(rows))]
        loss = sum(losses) / max(1, len(losses))
        self.report({"event": "validation", "step": self.state["optimizerStep"], "epoch": op["epoch"], "loss": loss, "accuracy": None})
        self.done(op["name"], loss)

    def best_epoch(self, op):
        losses = [stage["result"] for stage in self.state["stages"] if stage["name"].startswith("validate ")]
        best = losses.index(min(losses))
        if best < len(losses) - 1:
            self.load_depth(op["epochs"][best])
            self.done(op["names"][best], None)
        else:
            self.save(self.state["next"] + 1, 0)

    @torch.no_grad()
    def teach(self, op):
        """Records the normed hidden states of all training rows in bf16, one file for all processes."""
        rows = self.rows["training"]
        width = self.student.model.config.hidden_size
        self.teacher_starts = [0]
        for row in rows:
            self.teacher_starts.append(self.teacher_starts[-1] + (len(row["ids"]) - 1) * width)
        path = self.result / "teacher.bf16"
        if not self.has_done(op["name"]):
            self.report({"event": "phase", "phase": "prepare"})
            if self.rank == 0:
                with open(path, "wb") as file:  # a full disk is noticed now
                    os.posix_fallocate(file.fileno(), 0, 2 * self.teacher_starts[-1])
            self.wait()
            numbered = [{**row, "number": number} for number, row in enumerate(rows)]
            with open(path, "r+b") as file:  # by several computers: a mapping would write whole pages
                for group, weight in self.shares(numbered):
                    hidden = self.student(self.batch(group)[0])[0].to("cpu", torch.bfloat16)
                    for index, row in enumerate(group if weight else []):
                        file.seek(2 * self.teacher_starts[row["number"]])
                        file.write(hidden[index, : len(row["ids"]) - 1].contiguous().view(torch.uint8).numpy().tobytes())
                file.flush()
                os.fsync(file.fileno())
            self.wait()
            self.done(op["name"], {})
        self.recorded = torch.from_file(str(path), shared=False, size=self.teacher_starts[-1], dtype=torch.bfloat16)
        self.squares = [self.teacher_of(number).float().square().sum().item() for number in range(len(rows))]

    def teacher_of(self, number):
        """The teacher's states of a row. [T, D]"""
        start, end = self.teacher_starts[number : number + 2]
        return self.recorded[start:end].view(-1, self.student.model.config.hidden_size)

    def scores(self, op):
        """The mean NLL of the right answers without each unit: ever more rows for ever fewer units (arXiv 1502.07943)."""
        self.report({"event": "phase", "phase": "score", "round": op["round"]})
        rows, found, left, read = self.rows["calibration"], {}, list(self.student.kept), 0
        has_choices = all(row["answer"] is not None for row in rows)
        best = lambda: sorted(left, key=lambda unit: (found[unit]["score"], unit))
        for stage in op["stages"]:
            if stage["units"] < len(left):
                left = sorted(best()[: stage["units"]])
            part = rows[read : stage["rows"]]
            for unit in left:
                nlls = self.nlls(part, without=unit)
                score = sum(answer_nll(row, nll) for row, nll in zip(part, nlls))
                right = sum(is_right(row, nll) for row, nll in zip(part, nlls)) if has_choices else None
                before = found.get(unit, {"score": 0.0, "accuracy": 0.0})
                mean = lambda name, more: (read * before[name] + more) / stage["rows"]
                found[unit] = {"unit": unit, "score": mean("score", score), "accuracy": mean("accuracy", right) if has_choices else None}
            read = stage["rows"]
        for order, unit in enumerate(best()):
            found[unit]["order"] = order
        scores = list(found.values())
        shown = [{name: score[name] for name in ("unit", "score", "accuracy")} for score in scores]
        self.report({"event": "scores", "round": op["round"], "scorer": self.plan["plan"]["trim"]["scorer"], "rows": len(rows), "scores": shown})
        self.done(op["name"], scores)

    def drop(self, op):
        scores = self.state["stages"][-1]["result"]
        ordered = sorted(scores, key=lambda one: (one.get("order", len(scores)), one["score"], one["unit"]))
        units = [score["unit"] for score in ordered[: op["count"]]]
        self.keep([unit for unit in self.student.kept if unit not in units])
        self.report({"event": "dropped", "round": op["round"], "units": units, "kept": self.student.kept})
        self.save(self.state["next"] + 1, 0)

    def branch(self, op):
        self.load_depth(op["from"])
        self.start_over()
        self.done(op["name"], None)

    def measure(self, op):
        """The NLLs of all labels; what they mean is computed where the plan was made."""
        self.report({"event": "phase", "phase": "evaluate"})
        self.done(op["name"], {split: rows and self.nlls(rows) for split in op["splits"] for rows in [self.rows[split]]})

    # --- files ---

    def write_depth(self, name):
        """Stores the adapters of the kept blocks, whole and in f32."""
        values = {}
        for key, (index, parameter) in self.adapters.items():
            if index in self.student.kept:
                whole = parameter.full_tensor() if isinstance(parameter, DTensor) else parameter
                values[key] = whole.detach().float().cpu().contiguous()
        file = f"depths/{name.replace(' ', '-').replace(',', '')}.safetensors"
        if self.rank == 0:
            save_file(values, self.result / file)
        self.state["depths"][name] = {"kept": list(self.student.kept), "file": file}

    @torch.no_grad()
    def load_depth(self, name):
        depth = self.state["depths"][name]
        self.wait()
        values = load_file(self.result / depth["file"])
        self.student.kept = list(depth["kept"])
        for key, value in values.items():
            parameter = self.adapters[key][1]
            value = value.to(self.device)
            if isinstance(parameter, DTensor):
                value = distribute_tensor(value, parameter.device_mesh, parameter.placements)
            parameter.copy_(value)

    def has_done(self, name):
        return any(stage["name"] == name for stage in self.state["stages"])

    def done(self, name, result):
        self.state["stages"].append({"name": name, "result": result})
        self.save(self.state["next"] + 1, 0)

    def checkpoint(self):
        """What training needs to continue: the kept blocks' adapters and their moments."""
        own = {key: parameter.detach() for key, (index, parameter) in self.adapters.items() if index in self.student.kept}
        moments = {}
        for key, (_, parameter) in self.adapters.items():
            for name, value in self.optimizer.state.get(parameter, {}).items():
                moments[f"{name} {key}"] = value
        return own | moments

    def save(self, following, step):
        """A save is complete before state.json names it; the one before it is then removed."""
        self.state |= {"next": following, "step": step, "kept": list(self.student.kept)}
        events = self.result / "events.jsonl"
        self.state["events"] = events.stat().st_size if events.exists() else 0
        before = self.state["save"]
        self.state["save"] = f"save-{following}-{step}"
        dcp.save(self.checkpoint(), checkpoint_id=self.result / self.state["save"], no_dist=self.world == 1)
        self.wait()
        if self.rank == 0:
            write_json(self.result / "state.json", self.state)
            if before and before != self.state["save"]:
                shutil.rmtree(self.result / before, ignore_errors=True)
        self.last_save = time.monotonic()

    @torch.no_grad()
    def restore(self):
        path = self.result / "state.json"
        if path.exists():
            self.state = read_json(path)
        if self.rank == 0:  # what a run that was killed wrote after its last save
            for other in self.result.glob("save-*"):
                if other.name != self.state["save"]:
                    shutil.rmtree(other)
            if (self.result / "events.jsonl").exists():
                os.truncate(self.result / "events.jsonl", self.state["events"])
        if not path.exists():
            return
        self.keep(self.state["kept"])
        folder = self.result / self.state["save"]
        moments = dcp.FileSystemReader(folder).read_metadata().state_dict_metadata
        for key, (_, parameter) in self.adapters.items():
            if f"exp_avg {key}" in moments:
                zeros = {name: torch.zeros_like(parameter) for name in ("exp_avg", "exp_avg_sq")}
                self.optimizer.state[parameter] = {"step": torch.zeros(()), **zeros}
        dcp.load(self.checkpoint(), checkpoint_id=folder, no_dist=self.world == 1)

    def attend(self, step):
        """Saves when it is time to, and ends after a save if it was asked to: all processes together."""
        due = time.monotonic() - self.last_save > self.plan["saveSeconds"]
        asked = self.together(torch.tensor([float(due and self.rank == 0), float(self.stopping)], device=self.device)).tolist()
        if any(asked):
            self.save(self.state["next"], step)
        if asked[1]:
            raise Stopped("Stopped after a save. Start it again to continue.")

    def wait(self):
        if self.world > 1:
            dist.barrier()

    def report(self, event):
        if self.rank == 0:
            line = json.dumps(event)
            print(line, flush=True)
            with open(self.result / "events.jsonl", "a") as file:
                file.write(line + "\n")

    def run(self):
        self.connect()
        operations = self.plan["operations"]
        if (self.result / "done.json").exists():
            raise Stopped("This job is done: result/done.json is there.")
        self.open()
        self.restore()
        training = self.rows["training"]
        for number, op in enumerate(operations):
            if number < self.state["next"]:
                if op["op"] == "teach" and self.state["next"] < len(operations):
                    self.teach(op)
                continue
            kind = op["op"]
            if kind == "train":
                self.train(op, training)
            elif kind == "keep":
                self.write_depth(op["depth"])
                self.done(op["name"], None)
            else:
                getattr(self, kind.replace(" ", "_"))(op)
            if number + 1 == self.options.operations:
                break
        self.wait()
        if self.rank == 0 and self.state["next"] == len(operations):
            (self.result / "teacher.bf16").unlink(missing_ok=True)
            self.report({"event": "done"})
            files = [path for path in sorted(self.result.rglob("*")) if path.is_file() and path.parts[-2] != self.state["save"]]
            named = {path.relative_to(self.result).as_posix(): sha256(path) for path in files if path.name != "done.json"}
            write_json(self.result / "done.json", {"plan": sha256(self.folder / "plan.json"), "files": named})


class DryRun:
    """What a job will take, without any weights: its passes are carried out on tensors that have shapes only."""

    GIB = 2**30

    def __init__(self, job):
        self.job, self.plan = job, job.plan
        self.training = job.rows["training"]

    def show(self):
        operations = self.plan["operations"]
        trained, read, work = self.tokens()
        rows = ", ".join(f"{len(rows):,} {name}" for name, rows in self.job.rows.items() if rows)
        print(f"{len(operations)} operations; rows: {rows}")
        print(f"{trained:,} tokens trained, {read:,} only read: together as much work as training all blocks on {round(work):,} tokens")
        if self.job.options.pace:
            print(f"{work / self.job.options.pace / 3600:.2f} hours at {self.job.options.pace:,.0f} tokens per second in training")
        self.show_memory()

    def tokens(self):
        """Tokens trained, tokens only read, and both in tokens trained with all blocks: reading is the forward pass of training."""
        forward = 1 / 3 if self.job.options.recompute else 1 / 2  # a frozen weight needs no gradient
        length = lambda rows: sum(len(row["ids"]) - 1 for row in rows)
        trained, read, work, kept, depths = 0, 0, 0.0, self.plan["blocks"], {}

        def reads(rows, times=1):
            nonlocal read, work
            read += times * length(rows)
            work += times * length(rows) * forward * kept / self.plan["blocks"]

        for op in self.plan["operations"]:
            if op["op"] == "train":
                tokens = length(self.training[index] for index in op["order"])
                trained, work = trained + tokens, work + tokens * kept / self.plan["blocks"]
            elif op["op"] == "teach":
                reads(self.training)
            elif op["op"] == "validate":
                reads(self.job.rows["validation"])
            elif op["op"] == "measure":
                for split in op["splits"]:
                    reads(self.job.rows[split] or [])
            elif op["op"] == "scores":
                before = 0
                for stage in op["stages"]:
                    reads(self.job.rows["calibration"][before : stage["rows"]], stage["units"])
                    before = stage["rows"]
            elif op["op"] == "drop":
                kept -= op["count"]
            elif op["op"] == "branch":
                kept = depths[op["from"]]
            if op["op"] in ("train", "keep"):
                depths[op.get("depth", op["name"])] = kept
        return trained, read, work

    def longest_pass(self, ranks):
        """The rows of the training pass with the most tokens, in any of so many processes."""
        per_step = self.plan["plan"]["optimizer"]["rowsPerStep"]
        numbered = [{**row, "number": number} for number, row in enumerate(self.training)]
        passes = [
            group
            for op in self.plan["operations"] if op["op"] == "train"
            for step in range(0, len(op["order"]), per_step)
            for rank in range(ranks)
            for group in self.job.groups([numbered[index] for index in op["order"][step : step + per_step]][rank::ranks])
        ]
        return max(passes, key=lambda group: len(group) * max(len(row["ids"]) for row in group))

    def saved_bytes(self, group, taught):
        """What a pass keeps for its backward pass."""
        job, storages = self.job, {}
        width = job.student.model.config.hidden_size
        job.teacher_of = lambda number: torch.empty(len(self.training[number]["ids"]) - 1, width)

        def keep(tensor):
            storage = tensor.untyped_storage()
            storages[storage._cdata] = storage
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            losses = job.losses(group, taught)  # holds what it saved
        weights = {parameter.untyped_storage()._cdata for parameter in job.student.parameters()}
        return sum(storage.nbytes() for key, storage in storages.items() if key not in weights)

    def show_memory(self):
        job, size = self.job, self.job.dtype.itemsize
        passes = {ranks: self.longest_pass(ranks) for ranks in (1, 2, 4, 8)}
        with FakeTensorMode(allow_non_fake_inputs=True):
            job.build()
            student = job.student
            saved = {ranks: [self.saved_bytes(group, taught) for taught in (False, True)] for ranks, group in passes.items()}
            # The backward pass recomputes a block, or holds about as many gradients; without gradients, a block has no more.
            student.model.eval()
            block = self.saved_bytes(passes[1], taught=False) / len(student.blocks)
            numbers = {name: parameter.numel() for name, parameter in student.named_parameters()}
            in_block = sum(parameter.numel() for parameter in student.blocks[0].parameters())
        adapters = sum(number for name, number in numbers.items() if ".lora_" in name)
        weights = sum(numbers.values()) - adapters
        ends = sum(number for name, number in numbers.items() if ".layers." not in name)
        logits = 256 * student.model.config.vocab_size * 16  # a piece: its logits, their logarithms, and the gradients of both
        states = 2 * student.model.config.hidden_size * sum(len(row["ids"]) - 1 for row in self.training)
        print(f"on disk in result/: {states / self.GIB:.2f} GiB of the teacher's states, {2 * 12 * adapters / self.GIB:.2f} GiB of saves")
        print(f"GiB in each process in {str(job.dtype).removeprefix('torch.')}, by their number; a card needs a tenth and 1 GiB more")
        columns = ["weights", "gathered", "adapters", "gradients", "optimizer", "activations", "teacher", "together"]
        columns += ["24 GiB card", "80 GiB card", "longest pass"]
        print("    " + "".join(f"{column:>13}" for column in columns))
        for ranks, group in passes.items():
            # Whole while they are used: embedding and head, a block and the next one; each twice while it is gathered.
            gathered = size * (ends + max(ends, 4 * in_block)) if ranks > 1 else 0
            adapter, (untaught, taught) = 4 * adapters / ranks, saved[ranks]
            parts = [size * weights / ranks, gathered, adapter, adapter, 2 * adapter, untaught + block + logits, taught - untaught]
            parts = [part / self.GIB for part in [*parts, sum(parts)]]
            words = ["fits" if 1.1 * parts[-1] + 1 <= card else "no" for card in (24, 80)]
            words.append(f"{len(group)} x {max(len(row['ids']) for row in group) - 1}")
            print(f"{ranks:>4}" + "".join(f"{part:>13.2f}" for part in parts) + "".join(f"{word:>13}" for word in words))


def tensors(paths):
    """The file of each tensor in safetensors files, by the tensor's name."""
    return {name: file for path in paths for file in [safe_open(path, "pt")] for name in file.keys()}


def answer_nll(row, nll):
    """Of a row's right answer: one of its labels if they are choices, otherwise all of them."""
    return sum(nll) if row["answer"] is None else nll[row["answer"]]


def is_right(row, nll):
    return all(value > nll[row["answer"]] for place, value in enumerate(nll) if place != row["answer"])


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path, value):
    partial = path.with_suffix(".partial")
    with open(partial, "w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_json(path):
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise Stopped(f"{path} is missing. Start the programme in the job's folder, or name that folder.") from None
    except ValueError:
        raise Stopped(f"{path} is damaged. Copy it again.") from None


def check_files(folder, options):
    """Refuses files that have changed since the export. Weights are many: only their size is checked, unless `options.check`."""
    if not (folder / "SHA256SUMS").exists():
        raise Stopped(f"{folder}/SHA256SUMS is missing. Start the programme in the job's folder, or name that folder.")
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        expected, _, name = line.partition("  ")
        path = folder / name
        is_weights = name.startswith("base/") and name.endswith(".safetensors")
        if is_weights and options.dry_run:
            continue
        if not path.exists():
            raise Stopped(f"{path} is missing. Copy the file with SHA-256 {expected} to there.")
        try:
            changed = sha256(path) != expected if not is_weights or options.check else not safe_open(path, "pt").keys()
        except SafetensorError:
            changed = True
        if changed:
            raise Stopped(f"{path} is not the exported file: copy it again. If you changed it on purpose, update SHA256SUMS.")


def remove(folder):
    """Removes the rows and everything that training wrote, and lists it."""
    for name in ("rows.json", "adapters.safetensors", "result"):
        path = folder / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                print(f"removed {file} ({file.stat().st_size:,} bytes)")
                file.unlink()
        shutil.rmtree(path, ignore_errors=True)  # folders


def reason(error):
    """The sentence for an error that is not the programme's; None: there is none."""
    text = f"{error} {[str(one) for one in getattr(error, 'failures', {}).values()]}"
    if "No space left" in text or "quota exceeded" in text.lower():
        return "The disk is full. Nothing that was saved is lost: make space, and start it again to continue."
    if isinstance(error, torch.OutOfMemoryError):
        return "The GPU's memory is full. Start it again with more processes or with --recompute; --dry-run shows what it takes."
    if isinstance(error, dist.DistError) or "gloo" in text:
        return "Another process ended, so this one ends too. Start it again to continue from the last save."
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--dtype", choices=["bf16", "f32"])
    parser.add_argument("--replicate", action="store_true", help="a copy of the weights in each process instead of shards")
    parser.add_argument("--recompute", action="store_true", help="recompute activations, which saves memory")
    parser.add_argument("--check", action="store_true", help="compare the weights with their checksums as well")
    parser.add_argument("--operations", type=int, help="end after this many operations of the plan")
    parser.add_argument("--dry-run", action="store_true", help="print what it will take, and end")
    parser.add_argument("--pace", type=float, metavar="TOKENS_PER_S", help="with --dry-run: hours at this many trained tokens per second")
    parser.add_argument("--remove", action="store_true", help="remove rows, saves and results, and list them")
    options = parser.parse_args()
    if options.remove:
        return remove(Path(options.folder))
    try:
        job = Job(options)
        DryRun(job).show() if options.dry_run else job.run()
    except (Stopped, OSError, RuntimeError, dcp.CheckpointException, SafetensorError) as error:
        sentence = str(error) if isinstance(error, Stopped) else reason(error)
        if sentence is None:
            raise
        if not isinstance(error, Stopped) or os.environ.get("LOCAL_RANK", "0") == "0":  # one on each computer is enough
            sys.stderr.write(f"{sentence}\n")  # in one piece
        os._exit(1)  # without waiting for other processes
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
