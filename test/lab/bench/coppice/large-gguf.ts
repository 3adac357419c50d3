/** GGUF files in the shapes of published models, whose weights are random or a hole in the file. */
import { closeSync, openSync, writeSync } from "node:fs";
import { Random } from "../../../../native-models/random.ts";
import { writeSparse } from "../../../hostile/sparse.ts";
import { entry, gguf, tensor, text, TYPE, u32, u64 } from "../../../native-models/formats/gguf-bytes.ts";

/** A Qwen 2 model's sizes. */
export interface Shape {
  readonly hidden: number;
  readonly feedForward: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly vocabulary: number;
  /** Whether the embedding is also the head. */
  readonly tied: boolean;
}

/** From their config.json. */
export const QWEN_3B: Shape = {
  hidden: 2048,
  feedForward: 11_008,
  layers: 36,
  heads: 16,
  keyHeads: 2,
  vocabulary: 151_936,
  tied: true,
};
export const QWEN_7B: Shape = {
  hidden: 3584,
  feedForward: 18_944,
  layers: 28,
  heads: 28,
  keyHeads: 4,
  vocabulary: 152_064,
  tied: false,
};
const HEAD = 128;

/** ggml_type, the elements and bytes of a block, and the offsets of its f16 factors. */
interface Type {
  readonly type: number;
  readonly block: number;
  readonly bytes: number;
  readonly halves: readonly number[];
}
const F32: Type = { type: 0, block: 1, bytes: 4, halves: [] };
const Q4_0: Type = { type: 2, block: 32, bytes: 18, halves: [0] };
const Q4_K: Type = { type: 12, block: 256, bytes: 144, halves: [0, 2] };
const Q6_K: Type = { type: 14, block: 256, bytes: 210, halves: [208] };

/** The mixes of types that llama.cpp writes. */
type Mix = "Q4_K_M" | "Q4_0";
const FILE_TYPE = { Q4_K_M: 15, Q4_0: 2 };

/** Writes a file whose weights are a hole, so that it takes little space on disk; all weights are zero. */
export function writeHollowGguf(path: string, shape: Shape, mix: Mix): void {
  const { header, bytes } = layOut(shape, mix);
  writeSparse(path, header, header.length + bytes);
}

/** Writes a file with random weights; norms are 1, biases 0. */
export function writeRandomGguf(path: string, shape: Shape, mix: Mix): void {
  const { header, placed } = layOut(shape, mix);
  const random = new Random(1, "random weights");
  const pieces = new Map([Q4_0, Q4_K, Q6_K].map((type) => [type, randomBlocks(type, random)]));
  const file = openSync(path, "w");
  try {
    writeSync(file, header);
    for (const { name, offset, size, type } of placed) {
      const piece = pieces.get(type) ?? vector(size, name.endsWith("norm.weight") ? 1 : 0);
      for (let done = 0; done < size; done += piece.length)
        writeSync(file, piece, 0, Math.min(piece.length, size - done), header.length + offset + done);
    }
  } finally {
    closeSync(file);
  }
}

const BLOCKS_PER_PIECE = 2 ** 15;
/** 2^-10 in f16: codes of a few units become weights of a few thousandths, as in trained models. */
const FACTOR = 0x1400;

function randomBlocks({ bytes, halves }: Type, random: Random): Buffer {
  const piece = Buffer.from(Uint8Array.from({ length: BLOCKS_PER_PIECE * bytes }, () => random.integer(256)));
  for (let block = 0; block < BLOCKS_PER_PIECE; block++)
    for (const half of halves) piece.writeUInt16LE(FACTOR, block * bytes + half);
  return piece;
}

const vector = (bytes: number, value: number) => Buffer.from(new Float32Array(bytes / 4).fill(value).buffer);

interface Placed extends Tensor {
  readonly offset: number;
  readonly size: number;
}

/** The header, the offset of each tensor after it, and the total size of the tensors in bytes. */
function layOut(shape: Shape, mix: Mix): { header: Buffer; placed: Placed[]; bytes: number } {
  let bytes = 0;
  const placed = tensorsOf(shape, mix).map((of) => {
    const { block, bytes: blockBytes } = of.type;
    const size = (of.axes.reduce((product, axis) => product * axis, 1) / block) * blockBytes;
    const offset = bytes;
    bytes += Math.ceil(size / 32) * 32;
    return { ...of, offset, size };
  });
  const listed = placed.map(({ name, axes, type, offset }) =>
    tensor({ name, axes: [...axes], type: type.type, offset }),
  );
  return {
    header: gguf({ entries: metadata(shape, mix), tensors: listed, dataBytes: 0 }),
    placed,
    bytes,
  };
}

interface Tensor {
  readonly name: string;
  readonly axes: readonly number[];
  readonly type: Type;
}

function tensorsOf({ hidden, feedForward, layers, keyHeads, vocabulary, tied }: Shape, mix: Mix): Tensor[] {
  const of = (type: Type, name: string, ...axes: number[]): Tensor => ({ name, axes, type });
  const usual = mix === "Q4_0" ? Q4_0 : Q4_K;
  const keys = keyHeads * HEAD;
  const blocks = Array.from({ length: layers }, (_, block) => {
    // llama.cpp keeps more bits for half of the value and down projections.
    const isKept = block < layers / 8 || block >= (7 * layers) / 8 || block % 3 === 2;
    const more = mix === "Q4_K_M" && isKept ? Q6_K : usual;
    const named = (type: Type, name: string, ...axes: number[]) => of(type, `blk.${block}.${name}`, ...axes);
    return [
      named(F32, "attn_norm.weight", hidden),
      named(usual, "attn_q.weight", hidden, hidden),
      named(F32, "attn_q.bias", hidden),
      named(usual, "attn_k.weight", hidden, keys),
      named(F32, "attn_k.bias", keys),
      named(more, "attn_v.weight", hidden, keys),
      named(F32, "attn_v.bias", keys),
      named(usual, "attn_output.weight", hidden, hidden),
      named(F32, "ffn_norm.weight", hidden),
      named(usual, "ffn_gate.weight", hidden, feedForward),
      named(usual, "ffn_up.weight", hidden, feedForward),
      named(more, "ffn_down.weight", feedForward, hidden),
    ];
  });
  return [
    of(tied ? Q6_K : usual, "token_embd.weight", hidden, vocabulary),
    of(F32, "output_norm.weight", hidden),
    ...(tied ? [] : [of(Q6_K, "output.weight", hidden, vocabulary)]),
    ...blocks.flat(),
  ];
}

function metadata({ hidden, feedForward, layers, heads, keyHeads, vocabulary }: Shape, mix: Mix): Buffer[] {
  const { tokens, merges } = madeVocabulary(vocabulary);
  const number = (key: string, value: number) => entry(key, TYPE.u32, u32(value));
  const string = (key: string, value: string) => entry(key, TYPE.string, text(value));
  const float = (key: string, value: number) => entry(key, 6, Buffer.from(Float32Array.of(value).buffer));
  const list = (key: string, values: readonly string[]) =>
    entry(
      key,
      TYPE.array,
      u32(TYPE.string),
      u64(values.length),
      Buffer.concat(values.map((value) => text(value))),
    );
  const types = Buffer.from(Int32Array.from({ length: vocabulary }, () => 1).buffer);
  return [
    string("general.architecture", "qwen2"),
    number("general.file_type", FILE_TYPE[mix]),
    number("qwen2.block_count", layers),
    number("qwen2.context_length", 32_768),
    number("qwen2.embedding_length", hidden),
    number("qwen2.feed_forward_length", feedForward),
    number("qwen2.attention.head_count", heads),
    number("qwen2.attention.head_count_kv", keyHeads),
    float("qwen2.attention.layer_norm_rms_epsilon", 1e-6),
    float("qwen2.rope.freq_base", 1e6),
    string("tokenizer.ggml.model", "gpt2"),
    string("tokenizer.ggml.pre", "qwen2"),
    list("tokenizer.ggml.tokens", tokens),
    entry("tokenizer.ggml.token_type", TYPE.array, u32(TYPE.i32), u64(vocabulary), types),
    list("tokenizer.ggml.merges", merges),
    number("tokenizer.ggml.eos_token_id", 0),
  ];
}

/** The byte alphabet, then merges of two tokens until there are `size` tokens. */
function madeVocabulary(size: number): { tokens: string[]; merges: string[] } {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  let other = 0x100;
  const tokens = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : other++),
  );
  const merges: string[] = [];
  for (let left = 0; tokens.length < size; left++) {
    for (let right = 0; right < 256 && tokens.length < size; right++) {
      merges.push(`${tokens[left]!} ${tokens[right]!}`);
      tokens.push(tokens[left]! + tokens[right]!);
    }
  }
  return { tokens, merges };
}
