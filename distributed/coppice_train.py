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
from safetensors.torch import load_file, save_file
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
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

    def __init__(self, model, recompute: bool):
        super().__init__()
        self.model, self.recompute = model, recompute
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


class Stopped(Exception):
    pass


class Job:
    def __init__(self, options):
        self.options = options
        self.folder = Path(options.folder)
        self.result = self.folder / "result"
        self.plan = json.loads((self.folder / "plan.json").read_text())
        if self.plan["version"] != 1:
            sys.exit("This programme cannot read this plan. Use the programme that came with it.")
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
        if cuda:
            torch.cuda.set_device(self.device)
        name = options.dtype or ("bf16" if cuda else "f32")
        self.dtype = {"bf16": torch.bfloat16, "f32": torch.float32}[name]
        if self.world > 1:
            dist.init_process_group("nccl" if cuda else "gloo")
        self.rows = json.loads((self.folder / "rows.json").read_text())
        self.state = {"next": 0, "step": 0, "optimizerStep": 0, "stages": [], "depths": {}, "save": None, "kept": None}
        self.stopping = False
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopping", True))
        self.last_save = time.monotonic()

    # --- the model ---

    def open(self):
        model = AutoModelForCausalLM.from_pretrained(self.folder / "base", dtype=self.dtype, attn_implementation="sdpa", local_files_only=True)
        model.requires_grad_(False).eval()
        initial = load_file(self.folder / "adapters.safetensors")
        factor = self.plan["alpha"] / self.plan["plan"]["method"]["rank"]
        for name in [name for name in initial if name.endswith(".lora_A.weight")]:
            path = name.removesuffix(".lora_A.weight")
            base = model.get_submodule(path)
            if not isinstance(base, nn.Linear):
                sys.exit(f"{path} is no linear map in transformers, so this model cannot be trained here.")
            parent, _, last = path.rpartition(".")
            pair = initial[name], initial[f"{path}.lora_B.weight"]
            setattr(model.get_submodule(parent), last, Adapted(base, *pair, factor))
        if self.options.recompute:
            model.gradient_checkpointing_enable({"use_reentrant": False})
            model.train()  # checkpointing is only done in training mode; the config's dropout is 0
        self.student = Student(model, self.options.recompute).to(self.device)
        self.check_head()
        self.sharded = self.world > 1 and not self.options.replicate
        if self.sharded:
            policy = MixedPrecisionPolicy(param_dtype=self.dtype, reduce_dtype=torch.float32)
            for block in self.student.blocks:
                fully_shard(block, mp_policy=policy)
            fully_shard(self.student, mp_policy=policy)
        self.adapters = {
            f"model.layers.{index}.{name}.weight": (index, parameter)
            for index, block in enumerate(self.student.blocks)
            for name, parameter in block.named_parameters()
            if ".lora_" in name
        }
        self.start_over()

    def check_head(self):
        """Refuses a model whose logits are more than its head's product, which `Student` computes."""
        ids = torch.tensor([self.rows["training"][0]["ids"]], device=self.device)
        with torch.no_grad():
            whole = self.student.model(input_ids=ids, use_cache=False).logits
            own = self.student.model.lm_head(self.student(ids)[0])
        if not torch.allclose(whole, own, atol=1e-3):
            sys.exit("This model's head does more than a product, so it cannot be trained here.")

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
            ids, at, wanted = self.batch(group)
            hidden, nll = self.student(ids, at, wanted)
            loss = nll.sum() / labels
            apart = torch.zeros((), device=self.device)
            if distillation:
                for index, row in enumerate(group):
                    length = len(row["ids"]) - 1
                    target = self.teacher_of(row["number"]).to(self.device).float()
                    apart = apart + (hidden[index, :length].float() - target).square().sum()
                apart = apart * (distillation / squares)
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
                with open(path, "wb") as file:
                    file.truncate(2 * self.teacher_starts[-1])
            self.wait()
            recorded = torch.from_file(str(path), shared=True, size=self.teacher_starts[-1], dtype=torch.bfloat16)
            numbered = [{**row, "number": number} for number, row in enumerate(rows)]
            for group, weight in self.shares(numbered):
                hidden = self.student(self.batch(group)[0])[0]
                for index, row in enumerate(group):
                    start, end = self.teacher_starts[row["number"] : row["number"] + 2]
                    if weight:
                        recorded[start:end] = hidden[index, : len(row["ids"]) - 1].flatten().to("cpu", torch.bfloat16)
            del recorded
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
        if not path.exists():
            return
        self.state = json.loads(path.read_text())
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
        if self.rank == 0:
            (self.result / "depths").mkdir(parents=True, exist_ok=True)
        self.wait()
        self.open()
        self.restore()
        operations = self.plan["operations"]
        training = self.rows["training"]
        for number, op in enumerate(operations):
            if number < self.state["next"]:
                if op["op"] == "teach":
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
            files = [path for path in sorted(self.result.rglob("*")) if path.is_file() and path.parts[-2] != self.state["save"]]
            named = {path.relative_to(self.result).as_posix(): sha256(path) for path in files if path.name not in ("teacher.bf16", "done.json")}
            write_json(self.result / "done.json", {"plan": sha256(self.folder / "plan.json"), "files": named})
            self.report({"event": "done"})


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


def remove(folder):
    """Removes the rows and everything that training wrote, and lists it."""
    for name in ("rows.json", "adapters.safetensors", "result"):
        path = folder / name
        if path.exists():
            print(f"removed {path}")
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def dry_run(folder):
    """What the job will take, without weights in memory."""
    plan, rows = (json.loads((folder / f"{name}.json").read_text()) for name in ("plan", "rows"))
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder / "base"))
    weights = sum(parameter.numel() for parameter in model.parameters())
    adapters = sum(value.numel() for value in load_file(folder / "adapters.safetensors", device="cpu").values())
    trained = [op for op in plan["operations"] if op["op"] == "train"]
    tokens = sum(len(rows["training"][index]["ids"]) for op in trained for index in op["order"])
    print(f"{weights:,} weights, {adapters:,} trained; {sum(len(op['rates']) for op in trained):,} steps, {tokens:,} tokens")
    # A frozen weight costs 2 operations in the forward pass and 2 in the backward pass; 2 more if activations are recomputed.
    print(f"training: about {4 * weights * tokens / 1e15:.3g} · 10^15 operations, or a half more with --recompute")
    for ranks in (1, 2, 4, 8):
        # bf16 weights; adapters with a gradient and two moments in f32; one whole block and the ends gathered.
        print(f"{ranks} processes: {(2 * weights + 16 * adapters) / ranks / 2**30:.2f} GiB each for weights and optimizer, sharded, without activations")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--dtype", choices=["bf16", "f32"])
    parser.add_argument("--replicate", action="store_true", help="a copy of the weights in each process instead of shards")
    parser.add_argument("--recompute", action="store_true", help="recompute activations, which saves memory")
    parser.add_argument("--operations", type=int, help="end after this many operations of the plan")
    parser.add_argument("--dry-run", action="store_true", help="print what it will take, and end")
    parser.add_argument("--remove", action="store_true", help="remove rows, saves and results, and list them")
    options = parser.parse_args()
    if options.dry_run:
        return dry_run(Path(options.folder))
    if options.remove:
        return remove(Path(options.folder))
    try:
        Job(options).run()
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(1)
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
