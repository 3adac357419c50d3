/** A random Llama of a few thousand weights in the Hugging Face layout, with a tokenizer of bytes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { writeSafetensorsFolder } from "../../../native-models/formats/safetensors/write.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { modelWeights } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";

const endOfText = "<|endoftext|>";

/** Writes a model of `layers` blocks of this width into a new folder. */
export async function writeTinyModel(folder: string, layers = 2, width = 32): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const alphabet = byteAlphabet();
  const json = {
    model_type: "llama",
    hidden_size: width,
    intermediate_size: 2 * width,
    num_hidden_layers: layers,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    vocab_size: 288,
    max_position_embeddings: 256,
    tie_word_embeddings: true,
    eos_token_id: alphabet.length,
  };
  const architecture = architectureOf("llama");
  const config = architecture.config(json, folder);
  const sections = config.blocks.map(() => "block" as const);
  const weights = modelWeights(config, sections).map(({ name, shape }) => {
    const random = new Random(1, name);
    const count = shape.reduce<number>((product, size) => product * size, 1);
    const isNorm = shape.length === 1;
    const values = Float32Array.from({ length: count }, () => (isNorm ? 1 : (random.uniform() - 0.5) / 4));
    return fromFloat32(name, shape, values);
  });
  await writeSafetensorsFolder(folder, weights);
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  write("config.json", json);
  write("tokenizer_config.json", { eos_token: endOfText });
  write("tokenizer.json", {
    version: "1.0",
    added_tokens: [{ id: alphabet.length, content: endOfText, special: true }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(alphabet.map((character, id) => [character, id])),
      merges: [],
    },
  });
  return folder;
}

/** The characters that byte-level BPE writes bytes as. Source: GPT-2's bytes_to_unicode. */
function byteAlphabet(): string[] {
  let unprintable = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    return String.fromCodePoint(printable ? byte : 256 + unprintable++);
  });
}
