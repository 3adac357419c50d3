"""Makes the small tokenizers of the tests: learned from the sample's data and the hard texts of tokenizer-ids.py.

    python test/lab/reference/tokenizer-fixtures.py test/native-models/tokenizer/fixtures

byte-level          splits as Llama 3 does, no special tokens, ignores merges for whole pieces; merges as pairs
byte-level-chat     splits as SmolLM2 does, ChatML, lacks 21 bytes; merges as text
sentencepiece       as Llama 2: a space in front, byte fallback, <s> before a text; merges as pairs
sentencepiece-chat  the same with more pieces and chat tokens that take the space after them; merges as text
"""

import json
import sys
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from hard_texts import TEXTS

SAMPLE = Path(__file__).parents[3] / "native-models" / "sample" / "data" / "train.jsonl"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHATML = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou answer briefly.<|im_end|>\\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CHAT = ["<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>"]
# Characters with a piece of their own; the others are spelt in bytes.
ALPHABET = 110
# Bytes that UTF-8 never has, and some that hardly any text has.
LACKING = [0xC0, 0xC1, *range(0xF5, 0x100), *range(0x00, 0x08)]


def corpus():
    rows = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
    for row in rows:
        yield row["prompt"] + row["completion"]
    yield from TEXTS


def byte_alphabet():
    """The character that stands for each byte (GPT-2's table)."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return {**{byte: chr(byte) for byte in kept}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


def learned(pre_tokenizer, **options):
    """Vocabulary and merges of byte pair encoding."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(show_progress=False, **options))
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(merge) for merge in model["merges"]]


def bpe(vocab, merges, **options):
    fixed = {"type": "BPE", "dropout": None, "continuing_subword_prefix": None, "end_of_word_suffix": None}
    return {**fixed, "unk_token": None, "fuse_unk": False, "byte_fallback": False, **options, "vocab": vocab, "merges": merges}


def added(id, content, rstrip=False):
    flags = {"single_word": False, "lstrip": False, "rstrip": rstrip, "normalized": False, "special": True}
    return {"id": id, "content": content, **flags}


def definition(model, added_tokens=(), normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None):
    steps = {"normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added_tokens), **steps, "model": model}


BYTES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


def steps(*pre_tokenizers):
    return {"type": "Sequence", "pretokenizers": list(pre_tokenizers)}


def byte_level():
    split = pre_tokenizers.Split(Regex(LLAMA3), "isolated")
    step = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = list(byte_alphabet().values())
    vocab, merges = learned(pre_tokenizers.Sequence([split, step]), vocab_size=900, initial_alphabet=alphabet)
    cut = {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False}
    pre_tokenizer = steps(cut, {**BYTES, "add_prefix_space": False, "use_regex": False})
    return definition(bpe(vocab, merges, ignore_merges=True), pre_tokenizer=pre_tokenizer, decoder=BYTES), None


def byte_level_chat():
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<file_sep>"]
    digits = pre_tokenizers.Digits(individual_digits=True)
    step = pre_tokenizers.ByteLevel(add_prefix_space=False)
    table = byte_alphabet()
    lacking = {table[byte] for byte in LACKING}
    alphabet = [character for byte, character in table.items() if byte not in LACKING]
    options = {"special_tokens": special, "initial_alphabet": alphabet, "vocab_size": 1000}
    vocab, merges = learned(pre_tokenizers.Sequence([digits, step]), **options)
    # The texts have some of those bytes: they are taken out, with what was merged of them.
    tokens = [token for token in vocab if not lacking & set(token)]
    ids = {token: id for id, token in enumerate(sorted(tokens, key=vocab.__getitem__))}
    merges = [f"{left} {right}" for left, right in merges if left in ids and right in ids and left + right in ids]
    pre_tokenizer = steps({"type": "Digits", "individual_digits": True}, {**BYTES, "add_prefix_space": False})
    specials = [added(id, content) for id, content in enumerate(special)]
    config = {
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "unk_token": "<|endoftext|>",
        "add_prefix_space": False,
        "tokenizer_class": "GPT2Tokenizer",
        "chat_template": CHATML,
    }
    return definition(bpe(ids, merges), specials, pre_tokenizer=pre_tokenizer, decoder=BYTES), config


def sentencepiece_pieces(size):
    """Pieces in SentencePiece's order, each better than the next: control tokens, bytes, merged pieces, characters."""
    control = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    metaspace = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    counts = Counter(character for text in corpus() for character in "▁" + text.replace(" ", "▁"))
    # The trainer's own choice among equally rare characters is another one each time.
    alphabet = sorted(counts, key=lambda character: (-counts[character], character))[:ALPHABET]
    options = {"initial_alphabet": alphabet, "limit_alphabet": ALPHABET}
    vocab, merges = learned(metaspace, vocab_size=size - len(control), **options)
    merged = [left + right for left, right in merges]
    characters = [token for token in sorted(vocab, key=vocab.__getitem__) if token not in set(merged)]
    return {piece: id for id, piece in enumerate([*control, *merged, *characters])}


def merges_of(vocab):
    """Every way to make a piece of two, the better piece first: what transformers makes of a SentencePiece model."""
    merges = []
    for piece in sorted(vocab, key=vocab.__getitem__)[259:]:
        halves = [(piece[:cut], piece[cut:]) for cut in range(1, len(piece))]
        known = [pair for pair in halves if pair[0] in vocab and pair[1] in vocab]
        merges += sorted(known, key=lambda pair: (vocab[pair[0]], vocab[pair[1]]))
    return merges


def sentencepiece(size, chat=()):
    vocab = sentencepiece_pieces(size)
    merges = [" ".join(merge) if chat else merge for merge in merges_of(vocab)]
    model = bpe(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    specials = [added(id, content) for id, content in enumerate(["<unk>", "<s>", "</s>"])]
    specials += [added(len(vocab) + i, content, rstrip=i > 0) for i, content in enumerate(chat)]
    normalizers = [
        {"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    ]
    decoders = [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    ]

    def text(name, type_id):
        first = [] if chat else [{"SpecialToken": {"id": "<s>", "type_id": type_id}}]
        return [*first, {"Sequence": {"id": name, "type_id": type_id}}]

    post_processor = {
        "type": "TemplateProcessing",
        "single": text("A", 0),
        "pair": text("A", 0) + text("B", 1),
        "special_tokens": {} if chat else {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
    }
    config = {
        "tokenizer_class": "LlamaTokenizerFast",
        "bos_token": "<s>",
        "eos_token": CHAT[0] if chat else "</s>",
        "unk_token": "<unk>",
        "add_bos_token": not chat,
        "add_eos_token": False,
    }
    whole = definition(
        model,
        specials,
        normalizer={"type": "Sequence", "normalizers": normalizers},
        post_processor=post_processor,
        decoder={"type": "Sequence", "decoders": decoders},
    )
    return whole, config


def main():
    fixtures = {
        "byte-level": byte_level(),
        "byte-level-chat": byte_level_chat(),
        "sentencepiece": sentencepiece(512),
        "sentencepiece-chat": sentencepiece(900, CHAT),
    }
    for name, (whole, config) in fixtures.items():
        Tokenizer.from_str(json.dumps(whole))  # the reference takes it
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        files = {"tokenizer.json": whole, "tokenizer_config.json": config}
        for file, value in files.items():
            if value is not None:
                (folder / file).write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
