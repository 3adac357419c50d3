"""Writes the ids that the reference `tokenizers` package gives on hard texts, for test/native-models/tokenizer/ids.test.ts.

    python test/reference/tokenizer-ids.py TOKENIZERS MODEL > test/native-models/tokenizer/reference-ids.json

TOKENIZERS is a folder of folders with a tokenizer.json each, MODEL one more such folder. The output holds our own texts
and numbers only. `document` is the text as data (special tokens in it are plain characters), `prompt` the text with its
special tokens parsed, left out where it is the same; neither adds a beginning-of-sequence token. `decoded` is the text
that the document's ids give, left out where it is the text. A tokenizer that the package refuses has no rows.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

TEXTS = [
    "",
    " ",
    "Hello, world!",
    " Hello",
    "Hello ",
    "  two  spaces   three    four        eight",
    "a\nb\r\nc\n\n\nd",
    "\n",
    "\t",
    "tab\tseparated\tvalues",
    "def f(x):\n\tif x > 0:\n\t\treturn x**2  # square\n    return None\n",
    "for (let i = 0; i < n; ++i) { a[i] ??= `${b}\\n`; }",
    '{"key": [1, 2.5e-3, null], "ключ": "значение"}',
    "I'm we'll they've he'd it's can't you're I'M WE'LL ſ'ſ",
    "0 1 12 123 1234 12345 1234567890 3.14159 1,000,000 2026-01-31",
    "½ ² ³ Ⅷ ① ٣٤٥ १२३ 四 𝟘𝟙",
    "😀 😂🤣 👍🏽 🇩🇪🇫🇷",
    "👨‍👩‍👧‍👦 🏳️‍🌈 🧑🏿‍🚀",
    "你好，世界。我喜欢学习语言模型。",
    "日本語のテキストと、カタカナ、ひらがな。",
    "안녕하세요 세계",
    "مرحبا بالعالم، كيف حالك؟",
    "שלום עולם",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "Zażółć gęślą jaźń — Größe, naïve, Ελληνικά, Привет",
    "e\u0301 é a\u0308 ä o\u0302\u0323 Å \u212b ﬁ",
    "Z\u0351\u036b\u0343a\u0328\u0309l\u034e\u030ag\u0300o\u0301",
    "zero\u200bwidth\u200d\u200c\u2060\ufeffjoiners",
    "\ufeffbyte order mark",
    "no-break\u00a0space\u2003em\u3000ideographic\u0085next\u2028line\u2029para",
    "trailing\u0085\u0085 x \ufeff\ufeff y",
    "\u0000\u0001\u0007\u001b[31mred\u001b[0m\u007f\u009f",
    "\ufffd replacement \uffff \U0010ffff",
    "the underscore ▁ of ▁▁SentencePiece▁ pieces Ġ Ċ ĉ",
    "<0x0A> <0xE2> <unk>",
    "<s>Hello</s> world",
    "Hi<s>there</s>  <s> spaced </s> end",
    "<|im_start|>system\nYou are.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n",
    "<|user|>\nHi <|end|>  \n<|assistant|>\n ok<|endoftext|>",
    "<|im_start|", "im_start|> <|im_<|im_end|>start|>",
    "https://example.org/a/b?c=d&e=f#g user.name+tag@example.org",
    "C:\\Program Files\\x\\..\\y",
    "!!!???...---===___***###@@@ $€£¥ ~^`|",
    "supercalifragilisticexpialidocious" * 4,
    "ab" * 60,
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "xyxyxyxyxyx abcabcabcabc",
    " " * 70 + "x" + " " * 33,
    "\n" * 40,
    "MiXeD cAsE CamelCaseIdentifier snake_case_identifier kebab-case SCREAMING",
    "The Lessee shall indemnify (i) the Lessor; and (ii) any Affiliate thereof, §12.3(a).",
    "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, ∑ᵢ αᵢ ≤ β √2",
    "\U0001f1e6\U00020000\U0001d4d0 astral",
]


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


# The same vocabularies behind other steps: `changes` replace keys of the tokenizer.json, those of `model` one by one.
VARIANTS = {
    "byte-level as GPT-2": ("torchtune-small", {**steps(split({"Regex": GPT2})), "model": {"ignore_merges": False}}),
    "byte-level as SmolLM": (
        "torchtune-small",
        {**steps({"type": "Digits", "individual_digits": True}, split({"Regex": GPT2})), "model": {"ignore_merges": False}},
    ),
    "byte-level as Qwen2": (
        "torchtune-small",
        {**steps(split({"Regex": QWEN2})), "normalizer": {"type": "NFC"}, "model": {"ignore_merges": False}},
    ),
    "byte-level, space in front": (
        "torchtune-small",
        {"pre_tokenizer": {**BYTES, "add_prefix_space": True, "use_regex": True}},
    ),
    "digits in groups, punctuation": (
        "torchtune-small",
        steps({"type": "Digits", "individual_digits": False}, {"type": "Punctuation", "behavior": "Contiguous"}),
    ),
    "split removed": ("torchtune-small", steps(split({"String": " "}, "Removed"))),
    "split inverted": ("torchtune-small", steps(split({"Regex": r"\p{L}+|[0-9]+"}, "Removed", invert=True))),
    "split with previous": ("torchtune-small", steps(split({"String": " "}, "MergedWithPrevious"))),
    "split with next": ("torchtune-small", steps(split({"Regex": r"[\s-]"}, "MergedWithNext"))),
    "split contiguous": ("torchtune-small", steps(split({"Regex": r"\s"}, "Contiguous"))),
    "whitespace and words": ("torchtune-small", steps({"type": "Whitespace"})),
    "SentencePiece as Llama 2": (
        "phi-3-mini",
        {"added_tokens": [added("<unk>", 0, True), added("<s>", 1, True), added("</s>", 2, True)]},
    ),
    "SentencePiece as Gemma": (
        "phi-3-mini",
        {
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            "pre_tokenizer": split({"String": " "}, "MergedWithPrevious"),
        },
    ),
    "Metaspace, first": ("phi-3-mini", metaspace("first", split=False)),
    "Metaspace, split": ("phi-3-mini", metaspace("always", split=True)),
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
    folders = sorted(p for p in Path(sys.argv[1]).iterdir() if (p / "tokenizer.json").exists()) + [Path(sys.argv[2])]
    paths = {folder.name: folder / "tokenizer.json" for folder in folders}
    result = []
    for name, path in paths.items():
        tokenizer = read(path)
        result.append({"name": name, "folder": name, "changes": {}, "rows": tokenizer and rows(tokenizer)})
    for name, (folder, changes) in VARIANTS.items():
        tokenizer = changed(paths[folder].read_text(), changes)
        result.append({"name": name, "folder": folder, "changes": changes, "rows": rows(tokenizer)})
    json.dump({"texts": TEXTS, "tokenizers": result}, sys.stdout, ensure_ascii=True, separators=(",", ":"))


main()
