/**
 * Writes native-models/sample/: tokenizer, configuration and the data of the built-in demo, the same bytes on every run. The
 * weights are trained separately, from pretrainingRows (contents.ts) and initialWeights.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { trainBytePairEncoding } from "./byte-pair-encoding.ts";
import { sampleData, sampleSeed, tokenizerTexts } from "./contents.ts";
import { generationConfig, modelConfig } from "./model-files.ts";
import { specialTokens, tokenizerConfig, tokenizerJson } from "./tokenizer-files.ts";

const sample = resolve(import.meta.dirname, "../../../native-models/sample");

function write(path: string, text: string): void {
  const file = join(sample, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${path}: ${Buffer.byteLength(text)} bytes`);
}

const json = (value: object) => `${JSON.stringify(value, null, 1)}\n`;

const encoding = trainBytePairEncoding(tokenizerTexts(sampleSeed), modelConfig.vocab_size, specialTokens);
write("model/tokenizer.json", json(tokenizerJson(encoding)));
write("model/tokenizer_config.json", json(tokenizerConfig(modelConfig.max_position_embeddings)));
write("model/config.json", json(modelConfig));
write("model/LICENSE", readFileSync(join(sample, "..", "..", "LICENSE"), "utf8"));
write("model/generation_config.json", json(generationConfig));
for (const [name, rows] of Object.entries(sampleData(sampleSeed)))
  write(`data/${name}.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
