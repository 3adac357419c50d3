/** A GGUF file with the header of a model of 7 billion weights, which takes little room on the disk: its weights are a hole. */
import { writeSparse } from "../../hostile/sparse.ts";
import { entry, gguf, tensor, text, TYPE, u32, u64 } from "../../native-models/formats/gguf-bytes.ts";

/** Qwen2.5-7B, from its config.json. */
const HIDDEN = 3584;
const FEED_FORWARD = 18_944;
const LAYERS = 28;
const HEADS = 28;
const KEY_HEADS = 4;
const HEAD = 128;
const VOCABULARY = 152_064;

/** ggml_type, and the elements and bytes of a block. */
const F32 = { type: 0, block: 1, bytes: 4 };
const Q4_K = { type: 12, block: 256, bytes: 144 };
const Q6_K = { type: 14, block: 256, bytes: 210 };

/** Writes the file, of 4.7 GB by its size. */
export function writeLargeGguf(path: string): void {
  let offset = 0;
  const listed = tensors().map(({ name, axes, type: { type, block, bytes } }) => {
    const entry = tensor({ name, axes: [...axes], type, offset });
    const size = (axes.reduce((product, axis) => product * axis, 1) / block) * bytes;
    offset += Math.ceil(size / 32) * 32;
    return entry;
  });
  const header = gguf({ entries: metadata(), tensors: listed, dataBytes: 0 });
  writeSparse(path, header, header.length + offset);
}

interface Tensor {
  readonly name: string;
  readonly axes: readonly number[];
  readonly type: typeof F32;
}

function tensors(): Tensor[] {
  const of = (type: typeof F32, name: string, ...axes: number[]): Tensor => ({ name, axes, type });
  const keys = KEY_HEADS * HEAD;
  const blocks = Array.from({ length: LAYERS }, (_, block) => {
    // llama.cpp keeps more bits of half of the values and down projections.
    const more = block < LAYERS / 8 || block >= (7 * LAYERS) / 8 || block % 3 === 2 ? Q6_K : Q4_K;
    const named = (type: typeof F32, name: string, ...axes: number[]) =>
      of(type, `blk.${block}.${name}`, ...axes);
    return [
      named(F32, "attn_norm.weight", HIDDEN),
      named(Q4_K, "attn_q.weight", HIDDEN, HIDDEN),
      named(F32, "attn_q.bias", HIDDEN),
      named(Q4_K, "attn_k.weight", HIDDEN, keys),
      named(F32, "attn_k.bias", keys),
      named(more, "attn_v.weight", HIDDEN, keys),
      named(F32, "attn_v.bias", keys),
      named(Q4_K, "attn_output.weight", HIDDEN, HIDDEN),
      named(F32, "ffn_norm.weight", HIDDEN),
      named(Q4_K, "ffn_gate.weight", HIDDEN, FEED_FORWARD),
      named(Q4_K, "ffn_up.weight", HIDDEN, FEED_FORWARD),
      named(more, "ffn_down.weight", FEED_FORWARD, HIDDEN),
    ];
  });
  return [
    of(Q4_K, "token_embd.weight", HIDDEN, VOCABULARY),
    of(F32, "output_norm.weight", HIDDEN),
    of(Q6_K, "output.weight", HIDDEN, VOCABULARY),
    ...blocks.flat(),
  ];
}

function metadata(): Buffer[] {
  const { tokens, merges } = vocabulary();
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
  const types = Buffer.from(Int32Array.from({ length: VOCABULARY }, () => 1).buffer);
  return [
    string("general.architecture", "qwen2"),
    number("general.file_type", 15),
    number("qwen2.block_count", LAYERS),
    number("qwen2.context_length", 32_768),
    number("qwen2.embedding_length", HIDDEN),
    number("qwen2.feed_forward_length", FEED_FORWARD),
    number("qwen2.attention.head_count", HEADS),
    number("qwen2.attention.head_count_kv", KEY_HEADS),
    float("qwen2.attention.layer_norm_rms_epsilon", 1e-6),
    float("qwen2.rope.freq_base", 1e6),
    string("tokenizer.ggml.model", "gpt2"),
    string("tokenizer.ggml.pre", "qwen2"),
    list("tokenizer.ggml.tokens", tokens),
    entry("tokenizer.ggml.token_type", TYPE.array, u32(TYPE.i32), u64(VOCABULARY), types),
    list("tokenizer.ggml.merges", merges),
    number("tokenizer.ggml.eos_token_id", 0),
  ];
}

/** The alphabet of bytes, then merges of two tokens until the vocabulary is full. */
function vocabulary(): { tokens: string[]; merges: string[] } {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  let other = 0x100;
  const tokens = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : other++),
  );
  const merges: string[] = [];
  for (let left = 0; tokens.length < VOCABULARY; left++) {
    for (let right = 0; right < 256 && tokens.length < VOCABULARY; right++) {
      merges.push(`${tokens[left]!} ${tokens[right]!}`);
      tokens.push(tokens[left]! + tokens[right]!);
    }
  }
  return { tokens, merges };
}
