import {
  copyFileSync,
  openSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureOf } from "../../native-models/failure.ts";
import { openModel } from "../../native-models/open-model.ts";
import { sample } from "../../main/services/sample.ts";
import { temporaryFolder } from "./formats/fixtures.ts";

test("a weight that alone needs 2 GiB as f32 is refused before anything is read", async () => {
  const folder = join(temporaryFolder(), "wide");
  mkdirSync(folder);
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join(sample.model, name), join(folder, name));
  const config = JSON.parse(readFileSync(join(sample.model, "config.json"), "utf8")) as Record<
    string,
    number
  >;
  const [width, vocabulary] = [config["hidden_size"]!, 2_800_000]; // 192 · 2.8 million · 4 bytes = 2.15e9
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ ...config, num_hidden_layers: 1, vocab_size: vocabulary, tie_word_embeddings: true }),
  );
  const [heads, kvHeads, inner] = [
    config["num_attention_heads"]!,
    config["num_key_value_heads"]!,
    config["intermediate_size"]!,
  ];
  const keyWidth = (width / heads) * kvHeads;
  const layer = "model.layers.0.";
  writeSparse(join(folder, "model.safetensors"), {
    "model.embed_tokens.weight": [vocabulary, width],
    "model.norm.weight": [width],
    [`${layer}input_layernorm.weight`]: [width],
    [`${layer}post_attention_layernorm.weight`]: [width],
    [`${layer}self_attn.q_proj.weight`]: [width, width],
    [`${layer}self_attn.k_proj.weight`]: [keyWidth, width],
    [`${layer}self_attn.v_proj.weight`]: [keyWidth, width],
    [`${layer}self_attn.o_proj.weight`]: [width, width],
    [`${layer}mlp.gate_proj.weight`]: [inner, width],
    [`${layer}mlp.up_proj.weight`]: [inner, width],
    [`${layer}mlp.down_proj.weight`]: [width, inner],
  });
  const failure = await openModel(folder).catch(failureOf);
  expect(failure).toMatchObject({
    code: "weight-too-large",
    tensor: "model.embed_tokens.weight",
    bytes: 4 * width * vocabulary,
    limitBytes: 2 ** 31,
  });
});

/** A file of f16 zeros of these shapes, which takes no room on the disk. */
function writeSparse(path: string, shapes: Record<string, number[]>): void {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 2 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F16", shape, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  writeSync(file, length);
  writeSync(file, header);
  ftruncateSync(file, 8 + header.length + end);
  closeSync(file);
}
