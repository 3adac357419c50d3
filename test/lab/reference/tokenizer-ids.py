"""Writes the ids that the reference `tokenizers` package gives on hard texts, for test/native-models/tokenizer/ids.test.ts.

    cd test/native-models/tokenizer
    python ../../reference/tokenizer-ids.py byte-level sentencepiece-chat fixtures/* > reference-ids.json

The first two name the folders, among those that follow, whose vocabularies the variants use. The output holds our own texts and
numbers only. `document` is the text as data (special tokens in it are plain characters), `prompt` the text with its
special tokens parsed, left out where it is the same; neither adds a beginning-of-sequence token. `decoded` is the text
that the document's ids give, left out where it is the text. A tokenizer that the package refuses has no rows.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from hard_texts import TEXTS

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

WORD_STARTS, WORD_ENDS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
CASED_REST = r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTRACTED = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
TEKKEN = rf"{WORD_STARTS}*{WORD_ENDS}+|{WORD_STARTS}+{WORD_ENDS}*|\p{{N}}|{CASED_REST}"
GPT4O = rf"{WORD_STARTS}*{WORD_ENDS}+{CONTRACTED}|{WORD_STARTS}+{WORD_ENDS}*{CONTRACTED}|\p{{N}}{{1,3}}|{CASED_REST}"

BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def steps(*pre_tokenizers):
    return {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [*pre_tokenizers, BYTES]}}


def metaspace(scheme, split):
    step = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}
    return {"normalizer": None, "pre_tokenizer": step, "decoder": step}


def added(content, id, normalized):
    token = {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False}
    return {**token, "normalized": normalized, "special": True}


# The two vocabularies behind other steps: `changes` replace keys of the tokenizer.json, those of `model` one by one.
VARIANTS = {
    "byte-level as GPT-2": ("byte-level", {**steps(split({"Regex": GPT2})), "model": {"ignore_merges": False}}),
    "byte-level as SmolLM": (
        "byte-level",
        {**steps({"type": "Digits", "individual_digits": True}, split({"Regex": GPT2})), "model": {"ignore_merges": False}},
    ),
    "byte-level as Qwen2": (
        "byte-level",
        {**steps(split({"Regex": QWEN2})), "normalizer": {"type": "NFC"}, "model": {"ignore_merges": False}},
    ),
    "byte-level as Tekken": ("byte-level", {**steps(split({"Regex": TEKKEN})), "model": {"ignore_merges": True}}),
    "byte-level as GPT-4o": ("byte-level", {**steps(split({"Regex": GPT4O})), "model": {"ignore_merges": False}}),
    "byte-level, space in front": (
        "byte-level",
        {"pre_tokenizer": {**BYTES, "add_prefix_space": True, "use_regex": True}},
    ),
    "digits in groups, punctuation": (
        "byte-level",
        steps({"type": "Digits", "individual_digits": False}, {"type": "Punctuation", "behavior": "Contiguous"}),
    ),
    "split removed": ("byte-level", steps(split({"String": " "}, "Removed"))),
    "split inverted": ("byte-level", steps(split({"Regex": r"\p{L}+|[0-9]+"}, "Removed", invert=True))),
    "split with previous": ("byte-level", steps(split({"String": " "}, "MergedWithPrevious"))),
    "split with next": ("byte-level", steps(split({"Regex": r"[\s-]"}, "MergedWithNext"))),
    "split contiguous": ("byte-level", steps(split({"Regex": r"\s"}, "Contiguous"))),
    "whitespace and words": ("byte-level", steps({"type": "Whitespace"})),
    "SentencePiece as Llama 2": (
        "sentencepiece",
        {"added_tokens": [added("<unk>", 0, True), added("<s>", 1, True), added("</s>", 2, True)]},
    ),
    "SentencePiece as Gemma": (
        "sentencepiece",
        {
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            "pre_tokenizer": split({"String": " "}, "MergedWithPrevious"),
        },
    ),
    "Metaspace, first": ("sentencepiece", metaspace("first", split=False)),
    "Metaspace, split": ("sentencepiece", metaspace("always", split=True)),
}


def changed(json_text, changes):
    config = json.loads(json_text)
    model = {**config["model"], **changes.get("model", {})}
    return Tokenizer.from_str(json.dumps({**config, **changes, "model": model}))


def read(path):
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:
        print(f"{path}: {error}", file=sys.stderr)
        return None


def rows(tokenizer):
    def encode(text, as_data):
        tokenizer.encode_special_tokens = as_data
        return tokenizer.encode(text, add_special_tokens=False).ids

    result = []
    for text in TEXTS:
        document, prompt = encode(text, True), encode(text, False)
        decoded = tokenizer.decode(document, skip_special_tokens=False)
        row = {"document": document}
        if prompt != document:
            row["prompt"] = prompt
        if decoded != text:
            row["decoded"] = decoded
        result.append(row)
    return result


def main():
    vocabularies = {"byte-level": sys.argv[1], "sentencepiece": sys.argv[2]}
    paths = {Path(folder).name: Path(folder) / "tokenizer.json" for folder in sys.argv[3:]}
    result = []
    for name, path in paths.items():
        tokenizer = read(path)
        result.append({"name": name, "folder": name, "changes": {}, "rows": tokenizer and rows(tokenizer)})
    for name, (vocabulary, changes) in VARIANTS.items():
        folder = vocabularies[vocabulary]
        tokenizer = changed(paths[folder].read_text(), changes)
        result.append({"name": name, "folder": folder, "changes": changes, "rows": rows(tokenizer)})
    json.dump({"texts": TEXTS, "tokenizers": result}, sys.stdout, ensure_ascii=True, separators=(",", ":"))


main()
