"""Whether one trained layer pays as a drafter of SmolLM2-135M (EAGLE, arXiv 2401.15077; docs/methods.md).

    python test/lab/bench/trained-drafter.py MODEL.gguf TRAIN.jsonl TEST.jsonl OUT.json [PROMPTS]

The layer sees the model's last hidden state of the token before and the token's embedding; the model's norm and 8,192 rows of its head
choose. It learns the model's own greedy answers to PROMPTS training prompts (640), once half of them and once all, in six epochs.
"""

import json
import sys
from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, smooth_l1_loss
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaModel

SHORT, EPOCHS, DRAFT = 8192, 6, 4
V4 = 1.58  # a check of 4 tokens, in single ones: results/benchmarks/drafters.json

path, train_file, test_file, out_file = map(Path, sys.argv[1:5])
prompts = int(sys.argv[5]) if len(sys.argv) > 5 else 640
torch.manual_seed(1)
torch.set_num_threads(1)
target = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.bfloat16).eval()
tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name, padding_side="left")
embeddings = target.model.embed_tokens.weight.detach()


@torch.no_grad()
def answers(file, count, tokens):
    """Of `count` prompts: ids [T], the model's last hidden states [T, D] and where its greedy answer begins."""
    asked = [json.loads(line)["prompt"] for line in file.read_text().splitlines()[:count]]
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": text}], add_generation_prompt=True, tokenize=False) for text in asked
    ]
    found = []
    for at in range(0, count, 128):
        batch = tokenizer(texts[at : at + 128], return_tensors="pt", padding=True, add_special_tokens=False)
        whole = target.generate(**batch, max_new_tokens=tokens, do_sample=False, repetition_penalty=1.0, pad_token_id=tokenizer.eos_token_id)
        width = batch.input_ids.shape[1]
        for row, mask in zip(whole, batch.attention_mask, strict=True):
            ends = (row[width:] == tokenizer.eos_token_id).nonzero()
            end = width + (int(ends[0]) + 1 if len(ends) else tokens)
            ids = row[width - int(mask.sum()) : end]
            found.append((ids, target.model(ids[None]).last_hidden_state[0], int(mask.sum())))
        print(f"{len(found)} answers", flush=True)
    return found


class Drafter(torch.nn.Module):
    """One decoder layer that begins as the model's last, after a linear layer."""

    def __init__(self):
        super().__init__()
        config = deepcopy(target.config)
        config.num_hidden_layers = 1
        width = config.hidden_size
        self.joined = torch.nn.Linear(2 * width, width, bias=False)
        self.body = LlamaModel(config).float()
        self.body.embed_tokens = None
        self.body.layers[0].load_state_dict(target.model.layers[-1].float().state_dict())
        target.model.layers[-1].bfloat16()
        self.body.norm.load_state_dict(target.model.norm.state_dict())
        self.body.norm.requires_grad_(False)

    def forward(self, ids, before):
        """Ids [B, T] and the hidden states before each [B, T, D]: the hidden states at each [B, T, D]."""
        return self.body(inputs_embeds=self.joined(torch.cat([before, embeddings[ids].float()], -1)), use_cache=False).last_hidden_state


def trained(rows, head):
    drafter = Drafter()
    weights = [weight for weight in drafter.parameters() if weight.requires_grad]
    steps = EPOCHS * (len(rows) // 8)
    optimiser = torch.optim.AdamW(weights, lr=1e-3, betas=(0.9, 0.95))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps + 1, pct_start=0.1)
    for step in range(steps):
        if step % (len(rows) // 8) == 0:
            order = torch.randperm(len(rows)).tolist()
        batch = [rows[order[(step * 8 + i) % len(rows)]] for i in range(8)]
        ids = pad_sequence([ids for ids, _, _ in batch], batch_first=True)
        states = pad_sequence([states for _, states, _ in batch], batch_first=True).float()
        asked = torch.zeros_like(ids[:, 1:], dtype=torch.bool)
        for i, (row, _, start) in enumerate(batch):
            asked[i, start - 2 : len(row) - 2] = True
        before = states[:, :-1]
        with torch.autocast("cpu", torch.bfloat16):
            if step % 2:  # the states that it drafts from after the first token are its own
                with torch.no_grad():
                    own = drafter(ids[:, 1:], before)
                before = torch.cat([before[:, :1], own[:, :-1].float()], 1)
            drafted = drafter(ids[:, 1:], before)[asked]
            wanted = states[:, 1:][asked]
            likely = (wanted.bfloat16() @ head.T).float().softmax(-1)
            loss = cross_entropy((drafted.bfloat16() @ head.T).float(), likely) + smooth_l1_loss(drafted.float() / wanted.std(), wanted / wanted.std())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        if step % 40 == 0:
            print(f"step {step} of {steps}: {loss.item():.3f}", flush=True)
    return drafter


@torch.no_grad()
def accepted(drafter, rows, short, head):
    """At each place of a draft: the share of tokens that are the model's own, where those before were; from every 8th token."""
    drafts, right = [0] * DRAFT, [0] * DRAFT
    for ids, states, start in rows:
        places = torch.arange(start, len(ids) - DRAFT, 8)
        if len(places) == 0:
            continue
        every, before = torch.arange(len(places)), states[:-1].float().repeat(len(places), 1, 1)
        alive = torch.ones(len(places), dtype=torch.bool)
        for place in range(DRAFT):
            with torch.autocast("cpu", torch.bfloat16):
                drafted = drafter(ids[1:].repeat(len(places), 1), before)[every, places - 1 + place].float()
                found = short[(drafted.bfloat16() @ head.T).argmax(-1)]
            drafts[place] += int(alive.sum())
            alive &= found == ids[places + 1 + place]
            right[place] += int(alive.sum())
            before[every, places + place] = drafted
    return [good / max(1, all_of) for good, all_of in zip(right, drafts, strict=True)], drafts


def gain(shares, cost):
    """Drafts of three tokens: what a cycle gives / what it costs (arXiv 2211.17192)."""
    given, product = 1.0, 1.0
    for share in shares[:3]:
        product *= share
        given += product
    return given / (3 * cost + V4)


known = answers(train_file, prompts, 96)
unseen = answers(test_file, 64, 64)
counts = Counter(token for ids, _, start in known for token in ids[start:].tolist())
frequent = dict.fromkeys([token for token, _ in counts.most_common(SHORT)] + list(range(SHORT)))  # low ids are frequent ones
short = torch.tensor(sorted(list(frequent)[:SHORT]))
head = embeddings[short]

rows = []
for part in (known[: prompts // 2], known):
    drafter = trained(part, head)
    read = sum(weight.numel() for weight in drafter.parameters()) + head.numel()
    cost = read / sum(weight.numel() for weight in target.parameters())
    shares, drafts = accepted(drafter, unseen, short, head)
    needed = next(share / 1000 for share in range(1001) if gain([share / 1000] * 3, cost) >= 1.15)
    rows.append({
        "name": f"SmolLM2-135M, one layer trained on {sum(len(ids) - start for ids, _, start in part)} tokens",
        "alpha": shares,
        "drafts": drafts,
        "costByWeights": cost,
        "v4": V4,
        "gain": gain(shares, cost),
        "alphaNeeded": needed,
    })
    print(rows[-1], flush=True)
out_file.write_text(json.dumps({"name": "trained-drafter", "date": date.today().isoformat(), "rows": rows}, indent=2) + "\n")
