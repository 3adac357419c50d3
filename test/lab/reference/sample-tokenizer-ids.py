"""Writes the ids that the reference `tokenizers` package gives for the sample's tokenizer, for test/lab/sample/.

    python test/lab/reference/sample-tokenizer-ids.py > test/lab/sample/reference-ids.json

`document` is the text as data, `prompt` the text with its special tokens parsed.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

SAMPLE = Path(__file__).parents[3] / "native-models" / "sample"
TEXTS = [
    "",
    " ",
    "Hello, world!",
    "  two  spaces   three\t\ttabs\n\n\nlines \r\n end ",
    "I'm we'll they've he'd it's I'M WE'LL",
    "0 12 345 1,000,000 2026-01-31 ½ ² ٣٤ 四",
    "😀 👩‍👧 🏳️‍🌈 🇩🇪",
    "你好，世界。日本語 한국어 مرحبا नमस्ते",
    "naïve Größe e\u0301 é ﬁ \u00a0 \u3000 \u0085 \ufeff \u200b",
    "\u0000\u0001\u001b[31m\u007f\u009f\ufffd",
    "const x = a[i] ?? `${b}\\n`; // {\"k\": [1, 2.5e-3]}",
    "<|user|>Hi\n<|assistant|>Answer: Yes<|endoftext|>",
    "<|user|> <|us er|> <|endoftext|><|endoftext|> <|assistant",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaa ababababab",
    "the underscore ▁ and Ġ Ċ",
]


def rows_of(name):
    return [json.loads(line) for line in (SAMPLE / "data" / f"{name}.jsonl").read_text().splitlines()]


def main():
    tokenizer = Tokenizer.from_file(str(SAMPLE / "model" / "tokenizer.json"))

    def encode(text, as_data):
        tokenizer.encode_special_tokens = as_data
        return tokenizer.encode(text, add_special_tokens=False).ids

    texts = TEXTS + [row["question"] for name in ("test", "offdomain") for row in rows_of(name)[:20]]
    rows = [{"text": text, "document": encode(text, True), "prompt": encode(text, False)} for text in texts]
    json.dump(rows, sys.stdout, separators=(",", ":"))
    print()


main()
