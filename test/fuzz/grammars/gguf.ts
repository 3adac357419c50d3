/** GGUF: a Llama of one block with its tokenizer, and entries that nobody asked for. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { chance, pick, several, shuffled, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, sizeOf, u16, u32, u64, u8 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
import { readAll, tolerating } from "./model.ts";

const TYPE = { u8: 0, u16: 2, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 };
const TOKENS = ["a", "b", "ab", "<s>", "Ġ", "Ċ", "<0x0A>", "▁"];
/** Types that are decoded: number, elements and bytes of a block. */
const STORED = [
  [0, 1, 4],
  [1, 1, 2],
  [2, 32, 18],
  [3, 32, 20],
  [6, 32, 22],
  [7, 32, 24],
  [8, 32, 34],
  [10, 256, 84],
  [11, 256, 110],
  [12, 256, 144],
  [13, 256, 176],
  [14, 256, 210],
  [20, 32, 18],
  [23, 256, 136],
  [30, 1, 2],
] as const;

const text = (value: string): Piece[] => {
  const bytes = Buffer.from(value);
  return [u64(bytes.length), raw(bytes)];
};
const entry = (key: string, type: number, ...value: Piece[]): Piece[] => [...text(key), u32(type), ...value];
const strings = (values: readonly string[]): Piece[] => [
  u32(TYPE.string),
  u64(values.length),
  ...values.flatMap(text),
];
const float = (value: number): Piece => raw(Buffer.from(Float32Array.of(value).buffer));

const PART_1 = "model-00001-of-00002.gguf";
const PART_2 = "model-00002-of-00002.gguf";

export const gguf: FuzzedParser = {
  name: "gguf",
  shortCount: 2000,
  make(random, isChanged) {
    const made = (pieces: Piece[]) => {
      const bytes = bytesOf(isChanged ? changed(pieces, random) : pieces);
      return isChanged && chance(random, 15) ? damaged(bytes, random) : bytes;
    };
    if (chance(random, 80)) return { "model.gguf": made(modelPieces(random, isChanged)) };
    return {
      [PART_1]: made(modelPieces(random, isChanged, 0)),
      [PART_2]: made(modelPieces(random, isChanged, 1)),
    };
  },
  async parse(folder) {
    const path = [PART_1, "model.gguf"].map((name) => join(folder, name)).find(existsSync)!;
    tolerating(() => readAll(openTensorFile(path)));
    (await openModel(path)).close();
  },
};

/** A whole model, or one of two parts. */
function modelPieces(random: Random, odd: boolean, part: number | null = null): Piece[] {
  const entries = shuffled(random, [
    ...(part === 1 ? [] : ownEntries(random)),
    ...(part === null ? [] : splitEntries(part)),
    ...several(random, 0, odd ? 4 : 2, (i) => oddEntry(random, odd ? textOf(random) : `x${i}`)),
  ]);
  const tensors = tensorsOf(random, part);
  const head = [
    raw("GGUF"),
    u32(pick(random, [2, 3])),
    u64(tensors.length),
    u64(entries.length),
    ...entries.flat(),
    ...tensors.flatMap(({ pieces }) => pieces),
  ];
  const padding = -sizeOf(head) & 31;
  return [
    ...head,
    raw(Buffer.alloc(padding)),
    ...tensors.map(({ bytes }) => raw(Buffer.alloc(bytes, random.integer(256)))),
  ];
}

function splitEntries(part: number): Piece[][] {
  const number = (key: string, value: number) => entry(`split.${key}`, TYPE.u16, u16(value));
  return [number("no", part), number("count", 2), entry("split.tensors.count", TYPE.i32, u32(11))];
}

function ownEntries(random: Random): Piece[][] {
  const size = (key: string, value: number) => entry(`llama.${key}`, TYPE.u32, u32(value));
  const isLlama = chance(random, 50);
  return [
    entry("general.architecture", TYPE.string, ...text("llama")),
    size("block_count", 1),
    size("embedding_length", 32),
    size("feed_forward_length", 256),
    size("attention.head_count", 2),
    size("attention.head_count_kv", 1),
    size("context_length", 64),
    entry("llama.rope.freq_base", TYPE.f32, float(10_000)),
    entry("tokenizer.ggml.model", TYPE.string, ...text(isLlama ? "llama" : "gpt2")),
    entry("tokenizer.ggml.tokens", TYPE.array, ...strings(TOKENS)),
    entry(
      "tokenizer.ggml.scores",
      TYPE.array,
      u32(TYPE.f32),
      u64(TOKENS.length),
      ...TOKENS.map((_, i) => float(-i)),
    ),
    entry(
      "tokenizer.ggml.token_type",
      TYPE.array,
      u32(TYPE.i32),
      u64(TOKENS.length),
      ...TOKENS.map((t) => u32(t === "<s>" ? 3 : t === "<0x0A>" ? 6 : 1)),
    ),
    entry("tokenizer.ggml.bos_token_id", TYPE.u32, u32(3)),
    entry("tokenizer.ggml.eos_token_id", TYPE.u32, u32(3)),
    ...(isLlama ? [] : [entry("tokenizer.ggml.merges", TYPE.array, ...strings(["a b"]))]),
  ];
}

function oddEntry(random: Random, key: string): Piece[] {
  switch (random.integer(6)) {
    case 0:
      return entry(key, TYPE.bool, u8(1));
    case 1:
      return entry(key, TYPE.u16, u16(7));
    case 2:
      return entry(key, TYPE.u64, u64(2n ** 63n));
    case 3:
      return entry(key, TYPE.array, ...strings(several(random, 0, 3, () => textOf(random))));
    case 4:
      return entry(key, TYPE.array, u32(TYPE.array), u64(2), u32(TYPE.u8), u64(1), u8(1), ...strings(["x"]));
    default:
      return entry(key, TYPE.string, ...text(textOf(random)));
  }
}

function tensorsOf(random: Random, part: number | null): { pieces: Piece[]; bytes: number }[] {
  let offset = 0;
  let count = 0;
  const tensor = (name: string, ...axes: number[]) => {
    if (part !== null && count++ % 2 !== part) return [];
    const [columns, rows = 1] = axes as [number, number?];
    const possible = STORED.filter(([, block]) => columns % block === 0);
    const [type, block, blockBytes] = axes.length === 1 ? STORED[0] : pick(random, possible);
    const bytes = ((rows * columns) / block) * blockBytes;
    const pieces = [
      ...text(name),
      u32(axes.length),
      ...axes.map((axis) => u64(axis)),
      u32(type),
      u64(offset),
    ];
    const padded = bytes + (-bytes & 31);
    offset += padded;
    return [{ pieces, bytes: padded }];
  };
  const block = (name: string, ...axes: number[]) => tensor(`blk.0.${name}.weight`, ...axes);
  return [
    tensor("token_embd.weight", 32, TOKENS.length),
    tensor("output_norm.weight", 32),
    block("attn_norm", 32),
    block("attn_q", 32, 32),
    block("attn_k", 32, 16),
    block("attn_v", 32, 16),
    block("attn_output", 32, 32),
    block("ffn_norm", 32),
    block("ffn_gate", 32, 256),
    block("ffn_up", 32, 256),
    block("ffn_down", 256, 32), // rows that blocks of 256 can have
  ].flat();
}
