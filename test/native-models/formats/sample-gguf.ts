/** The built-in sample as the GGUF file that llama.cpp would make of it: most models that people bring are one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attentionsOf } from "../../../native-models/architectures/architecture.ts";
import { sample } from "../../../main/services/models/sample.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { entry, gguf, strings, tensor, text, TYPE, u32, u64, u8 } from "./gguf-bytes.ts";

/** ggml_type and bytes of a value. */
const F16 = { type: 1, bytes: 2 };
/** llama_token_type */
const [NORMAL, CONTROL] = [1, 3];

const json = (name: string) => JSON.parse(readFileSync(join(sample.model, name), "utf8")) as unknown;

export async function writeSampleGguf(path: string): Promise<void> {
  const model = await openModel(sample.model);
  try {
    const { architecture, config } = model;
    const sizes = attentionsOf(config)[0]!;
    let offset = 0;
    const fields: Buffer[] = [];
    const data: Buffer[] = [];
    for (const name of model.names) {
      const weight = model.weight(name);
      const view = architecture.gguf!.view(name, config);
      const bytes = Buffer.from(weight.read(0, weight.rows));
      const heads = /q_proj/.test(name) ? sizes.heads : /k_proj/.test(name) ? sizes.kvHeads : 0;
      data.push(heads === 0 ? bytes : interleaved(bytes, weight.columns * F16.bytes, heads));
      const axes = [...weight.shape].reverse();
      fields.push(tensor({ name: view.name, axes, type: F16.type, offset }));
      offset += bytes.length;
    }
    const header = gguf({ entries: metadata(), tensors: fields, dataBytes: 0 });
    writeFileSync(path, Buffer.concat([header, ...data]));
  } finally {
    model.close();
  }
}

function metadata(): Buffer[] {
  const config = json("config.json") as Record<string, number>;
  const { model, added_tokens: added } = json("tokenizer.json") as {
    model: { vocab: Record<string, number>; merges: [string, string][] };
    added_tokens: { id: number; content: string }[];
  };
  const { chat_template: template } = json("tokenizer_config.json") as { chat_template: string };
  const tokens = Object.keys(model.vocab).sort((a, b) => model.vocab[a]! - model.vocab[b]!);
  for (const { id, content } of added) tokens[id] = content;
  const control = new Set(added.map(({ id }) => id));
  const types = tokens.map((_, id) => (control.has(id) ? CONTROL : NORMAL));
  const string = (key: string, value: string) => entry(key, TYPE.string, text(value));
  const number = (key: string, value: number) => entry(key, TYPE.u32, u32(value));
  return [
    string("general.architecture", "llama"),
    string("general.license", "apache-2.0"),
    number("llama.block_count", config.num_hidden_layers!),
    number("llama.context_length", config.max_position_embeddings!),
    number("llama.embedding_length", config.hidden_size!),
    number("llama.feed_forward_length", config.intermediate_size!),
    number("llama.attention.head_count", config.num_attention_heads!),
    number("llama.attention.head_count_kv", config.num_key_value_heads!),
    number("llama.rope.dimension_count", config.head_dim!),
    string("tokenizer.ggml.model", "gpt2"),
    string("tokenizer.ggml.pre", "smollm"),
    strings("tokenizer.ggml.tokens", tokens),
    entry(
      "tokenizer.ggml.token_type",
      TYPE.array,
      ...[u32(TYPE.i32), u64(types.length), Buffer.from(Int32Array.from(types).buffer)],
    ),
    strings(
      "tokenizer.ggml.merges",
      model.merges.map((pair) => pair.join(" ")),
    ),
    number("tokenizer.ggml.bos_token_id", config.bos_token_id!),
    number("tokenizer.ggml.eos_token_id", config.eos_token_id!),
    entry("tokenizer.ggml.add_bos_token", TYPE.bool, u8(0)),
    string("tokenizer.chat_template", template),
  ];
}

/** The rows of each head pair by pair instead of half after half. */
function interleaved(rows: Buffer, rowBytes: number, heads: number): Buffer {
  const count = rows.length / rowBytes;
  const [headRows, half] = [count / heads, count / heads / 2];
  const stored = Buffer.alloc(rows.length);
  for (let row = 0; row < count; row++) {
    const within = row % headRows;
    const place = row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
    rows.copy(stored, place * rowBytes, row * rowBytes, (row + 1) * rowBytes);
  }
  return stored;
}
