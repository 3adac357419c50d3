"""Writes what transformers, in float32, makes of the built-in sample model, for test/native-models/inference/generate.test.ts.

    python test/lab/reference/sample-answers.py > test/native-models/inference/sample-answers.json

`answers`: what it says greedily after a prompt, up to and with the end of the text. `reading`: the likeliest next token at each place
of a text.
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

SAMPLE = Path(__file__).parents[3] / "native-models" / "sample"
PROMPTS = ["The hall is hired out", "The hirer shall", "From today, the lender", "If the boat is returned late,"]
ROWS = 6
TOKENS = 48


def main():
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(SAMPLE / "model" / "tokenizer.json"))
    model = AutoModelForCausalLM.from_pretrained(SAMPLE / "model", dtype=torch.float32)

    def answer(text):
        prompt = tokenizer(text, add_special_tokens=False, return_tensors="pt")
        ids = model.generate(**prompt, max_new_tokens=TOKENS, do_sample=False)[0].tolist()
        return {"prompt": text, "ids": ids, "text": tokenizer.decode(ids, clean_up_tokenization_spaces=False)}

    rows = (SAMPLE / "data" / "train.jsonl").read_text().splitlines()[:ROWS]
    text = "\n".join(json.loads(row)["prompt"] for row in rows)
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        likeliest = model(ids).logits[0].argmax(-1).tolist()
    reading = {"ids": ids[0].tolist(), "likeliest": likeliest}
    print(json.dumps({"answers": [answer(prompt) for prompt in PROMPTS], "reading": reading}))


main()
