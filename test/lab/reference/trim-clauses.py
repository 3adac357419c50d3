"""The whole job in PyTorch, as a yardstick for time, memory and quality: tune, then rounds of scan, drop and train, then heal.

    python test/lab/reference/trim-clauses.py --model MODEL --data FOLDER [--precision bf16] [--checkpointing] …

FOLDER holds train.jsonl ({"prompt", "completion"}), valid.jsonl and test.jsonl ({"question", "choices", "answer"}). The
method is TrimLLM's (arXiv 2412.11242) with whole blocks as units, LoRA, and the tuned whole model as a teacher of hidden
states. Prints one JSON object a line; the last is {"event": "done", "seconds": {phase: s}, "peakMemoryBytes", …}.

It is written as someone at home in PyTorch would: logits only where there is a label, rows of like length in a batch, one row
for all choices of a question that are single tokens, the teacher's states computed once. It has no reuse of activations
between the scan's passes.
"""

import argparse
import contextlib
import json
import math
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from checkpoint import load_model, load_tokenizer
from lora import adapter_parameters, add_lora

EVALUATION_TOKENS = 2048  # in a batch without gradients
WARMUP_STEPS = 10
Z95 = 1.959964


@dataclass
class Row:
    """A text of token ids; loss falls on the ids from `start` on. `others`: what is scored instead of the last id, too."""

    index: int
    ids: list
    start: int
    others: list = field(default_factory=list)


@dataclass
class Question:
    """For each choice the row that scores it and which of the row's last ids it is; and which choice is right."""

    choices: list
    answer: int

    @property
    def rows(self):
        return list({id(row): row for row, _ in self.choices}.values())


def say(event, **fields):
    print(json.dumps({"event": event} | fields), flush=True)


def read_jsonl(path, limit):
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines[:limit] if limit else lines


def row_of(tokenizer, prompt, completion, ended, index=0):
    prompt_ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    ids = tokenizer(completion, add_special_tokens=False)["input_ids"]
    return Row(index, prompt_ids + ids + ([tokenizer.eos_token_id] if ended else []), len(prompt_ids))


def questions_of(tokenizer, lines):
    """Choices as plain text after "Answer:", as the training completions have them."""
    return [Question(choices_of(tokenizer, line), line["answer"]) for line in lines]


def choices_of(tokenizer, line):
    prompt = f"{line['question']}\nAnswer:"
    rows = [row_of(tokenizer, prompt, f" {choice}", ended=False) for choice in line["choices"]]
    if any(len(row.ids) > row.start + 1 for row in rows):
        return [(row, 0) for row in rows]
    first, *others = rows
    shared = Row(0, first.ids, first.start, [row.ids[-1] for row in others])
    return [(shared, at) for at in range(len(rows))]


def pad(rows):
    """ids [B, T], and a mask [B, T] of the positions whose next token carries loss. Padding is on the right: causal."""
    width = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    labelled = torch.zeros(len(rows), width, dtype=torch.bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        labelled[at, row.start - 1 : len(row.ids) - 1] = True
    return ids, labelled


class Job:
    """The model, what is left of it, and the loops that train and measure it."""

    def __init__(self, options):
        self.options = options
        self.model = load_model(options.model)
        self.blocks = list(self.model.model.layers)
        self.kept = list(range(len(self.blocks)))
        self.adapters = add_lora(self.model, options.rank, 2 * options.rank)
        for adapter in self.adapters.values():
            torch.nn.init.kaiming_uniform_(adapter.A, a=math.sqrt(5))
        self.optimizer = torch.optim.AdamW(
            adapter_parameters(self.adapters), lr=options.learning_rate, betas=(0.9, 0.99), weight_decay=0.0
        )
        self.order = random.Random(options.seed)
        self.teacher = {}

    def autocast(self):
        if self.options.precision == "bf16":
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    def hidden(self, ids, kept=None):
        """Final normed hidden states, [B, T, D], through the blocks that are kept."""
        body = self.model.model
        x = body.embed_tokens(ids)
        positions = torch.arange(ids.shape[1])[None]
        angles = body.rotary_emb(x, positions)
        for index in self.kept if kept is None else kept:
            block = self.blocks[index]
            # without a mask, sdpa attends causally
            run = lambda x, block=block: block(x, position_ids=positions, position_embeddings=angles)  # noqa: E731
            x = checkpoint(run, x, use_reentrant=False) if self.options.checkpointing and torch.is_grad_enabled() else run(x)
        return body.norm(x)

    def losses(self, ids, labelled, hidden):
        """Negative log-likelihood of each labelled token, in the order of the mask."""
        labels = torch.roll(ids, -1, dims=1)[labelled]
        return functional.cross_entropy(self.model.lm_head(hidden[labelled]).float(), labels, reduction="none")

    # training

    def train(self, name, rows, count, rate):
        """Trains on `count` rows, a shuffled epoch after another; rate(step, steps) gives the learning rate."""
        size = self.options.rows_per_step
        steps = math.ceil(count / size)
        queue, total, tokens = [], 0.0, 0
        for step in range(steps):
            if len(queue) < size:
                epoch = list(rows)
                self.order.shuffle(epoch)
                queue += epoch
            batch, queue = queue[:size], queue[size:]
            for group in self.optimizer.param_groups:
                group["lr"] = rate(step, steps)
            total += self.step(batch)
            tokens += sum(len(row.ids) for row in batch)
        say("trained", name=name, rows=steps * size, tokens=tokens, loss=total / max(1, steps))

    def step(self, batch):
        ids, labelled = pad(batch)
        with self.autocast():
            hidden = self.hidden(ids)
            loss = self.losses(ids, labelled, hidden).mean()
        if self.teacher:
            loss = loss + self.options.distillation * self.distance(batch, hidden)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(adapter_parameters(self.adapters), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    def distance(self, batch, hidden):
        """Squared error of the hidden states against the teacher's, relative to the teacher's norm, over all tokens."""
        errors = norms = 0.0
        for at, row in enumerate(batch):
            taught = self.teacher[row.index].float()
            errors = errors + (hidden[at, : len(row.ids)].float() - taught).pow(2).sum()
            norms = norms + taught.pow(2).sum()
        return errors / norms

    @torch.no_grad()
    def teach(self, rows):
        """Keeps the hidden states of the training rows, in bf16, as they are now."""
        taught = {}
        for batch in self.batches(rows):
            with self.autocast():
                hidden = self.hidden(pad(batch)[0])
            for at, row in enumerate(batch):
                taught[row.index] = hidden[at, : len(row.ids)].to(torch.bfloat16).clone()
        self.teacher = taught

    # measuring

    @staticmethod
    def batches(rows):
        """Rows of like length together, up to EVALUATION_TOKENS padded tokens."""
        batch = []
        for row in sorted(rows, key=lambda row: len(row.ids)):
            if batch and (len(batch) + 1) * len(row.ids) > EVALUATION_TOKENS:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    @torch.no_grad()
    def likelihoods(self, rows, kept=None):
        """Sum of log p over the labelled tokens of each row, with each of its last ids, by the row's identity."""
        result = {}
        for batch in self.batches(rows):
            ids, labelled = pad(batch)
            with self.autocast():
                logits = self.model.lm_head(self.hidden(ids, kept)[labelled])
            log_p = functional.log_softmax(logits.float(), dim=-1)
            for row, part in zip(batch, log_p.split(labelled.sum(dim=1).tolist())):
                *labels, last = row.ids[row.start :]
                before = sum(part[at, label].item() for at, label in enumerate(labels))
                result[id(row)] = [before + part[-1, label].item() for label in [last, *row.others]]
        return result

    def answer_nll(self, questions, kept=None):
        """Mean negative log-likelihood of the right answers."""
        right = [question.choices[question.answer] for question in questions]
        likelihoods = self.likelihoods([row for row, _ in right], kept)
        return -sum(likelihoods[id(row)][at] for row, at in right) / len(right)

    def evaluate(self, name, questions):
        likelihoods = self.likelihoods([row for question in questions for row in question.rows])
        right, nll = 0, 0.0
        for question in questions:
            scores = [likelihoods[id(row)][at] for row, at in question.choices]
            right += scores.index(max(scores)) == question.answer
            nll -= scores[question.answer]
        low, high = wilson(right, len(questions))
        measured = {"value": right / len(questions), "low": low, "high": high, "n": len(questions)}
        say("evaluation", name=name, kept=self.kept, accuracy=measured, answerNll=nll / len(questions))
        return measured

    # trimming

    def scan(self, questions):
        """NLL of the right answers with each remaining block left out, the one missed least first."""
        scores = {block: self.answer_nll(questions, [i for i in self.kept if i != block]) for block in self.kept}
        return sorted(scores.items(), key=lambda pair: pair[1])

    def drop(self, blocks):
        self.kept = [block for block in self.kept if block not in blocks]


def wilson(right, count):
    """95% interval of a share (Wilson 1927)."""
    share, square = right / count, Z95 * Z95 / count
    middle = (share + square / 2) / (1 + square)
    half = Z95 * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return middle - half, middle + half


def peak_memory_bytes():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024


class Stopwatch:
    """Seconds by phase."""

    def __init__(self):
        self.seconds = {}

    @contextlib.contextmanager
    def phase(self, name):
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--keep", type=float, default=0.5)
    parser.add_argument("--tune-epochs", type=int, default=3)
    parser.add_argument("--blocks-per-round", type=int, default=2)
    parser.add_argument("--rows-per-round", type=int, default=128)
    parser.add_argument("--calibration-rows", type=int, default=64)
    parser.add_argument("--distillation", type=float, default=1.0)
    parser.add_argument("--heal-epochs", type=float, default=1.0)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--rows-per-step", type=int, default=8)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--max-tokens", type=int, default=512)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--checkpointing", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="the first rows of each file only (a try-out)")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    watch = Stopwatch()
    say("started", torch=torch.__version__)
    with watch.phase("prepare"):
        job = Job(options)
        tokenizer = load_tokenizer(options.model)
        read = lambda name: read_jsonl(options.data / f"{name}.jsonl", options.limit)  # noqa: E731
        lines = enumerate(read("train"))
        rows = [row_of(tokenizer, line["prompt"], line["completion"], True, index) for index, line in lines]
        rows = [row for row in rows if len(row.ids) <= options.max_tokens]
        valid, test = questions_of(tokenizer, read("valid")), questions_of(tokenizer, read("test"))
        calibration = random.Random(options.seed).sample(valid, min(options.calibration_rows, len(valid)))
    metrics = {}
    with watch.phase("evaluate"):
        metrics["base"] = job.evaluate("base", test)

    rate = options.learning_rate
    for epoch in range(1, options.tune_epochs + 1):
        with watch.phase("tune"):
            warm = lambda step, steps, first=epoch == 1: min(1.0, (step + 1) / WARMUP_STEPS) if first else 1.0  # noqa: E731
            # one cosine over all epochs, to half its peak
            decay = lambda step, steps, past=epoch - 1: cosine(past * steps + step, 2 * options.tune_epochs * steps)  # noqa: E731
            job.train(f"tune {epoch}", rows, len(rows), lambda step, steps: rate * warm(step, steps) * decay(step, steps))
            say("validation", epoch=epoch, loss=job.answer_nll(valid))
    with watch.phase("evaluate"):
        metrics["tuned"] = job.evaluate("tuned", test)

    target = max(1, round(options.keep * len(job.kept)))
    if options.distillation > 0 and len(job.kept) > target:
        with watch.phase("teacher"):
            job.teach(rows)
    while len(job.kept) > target:
        with watch.phase("scan"):
            ranked = job.scan(calibration)
        dropped = [block for block, _ in ranked[: min(options.blocks_per_round, len(job.kept) - target)]]
        job.drop(dropped)
        say("dropped", blocks=dropped, kept=job.kept, scores=dict(ranked))
        with watch.phase("rounds"):
            job.train(f"{len(job.kept)} blocks", rows, options.rows_per_round, lambda step, steps: rate)
        with watch.phase("evaluate"):
            job.evaluate(f"{len(job.kept)} blocks", test)
    with watch.phase("heal"):
        count = round(options.heal_epochs * len(rows))
        job.train("heal", rows, count, lambda step, steps: rate * cosine(step, steps))
    with watch.phase("evaluate"):
        metrics["trimmed"] = job.evaluate("trimmed", test)
    seconds = watch.seconds | {"total": sum(watch.seconds.values())}
    say("done", kept=job.kept, metrics=metrics, seconds=seconds, peakMemoryBytes=peak_memory_bytes())


def cosine(step, steps):
    """1 at the first step, falling to nearly 0 at the last."""
    return 0.5 * (1 + math.cos(math.pi * step / steps))


if __name__ == "__main__":
    main()
