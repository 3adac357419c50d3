/** The committed sample is what make.ts makes, and other programs read it as we do. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pretrainingRows, sampleData, sampleSeed, tokenizerTexts } from "./contents.ts";
import { trainBytePairEncoding } from "./byte-pair-encoding.ts";
import { initialWeights, modelConfig } from "./model-files.ts";
import { specialTokens, tokenizerJson } from "./tokenizer-files.ts";
import { chatTemplateOf, renderChat } from "../../../native-models/chat-template.ts";
import { tokenizerFromFolder } from "../../../native-models/tokenizer.ts";

const folder = fileURLToPath(new URL("../../../native-models/sample", import.meta.url));
const tokenizer = await tokenizerFromFolder(`${folder}/model`);
const read = (path: string) => readFileSync(`${folder}/${path}`, "utf8");
const data = sampleData(sampleSeed);

test.each(Object.keys(data))("data/%s.jsonl is what the script makes", (name) => {
  expect(read(`data/${name}.jsonl`)).toBe(data[name]!.map((row) => `${JSON.stringify(row)}\n`).join(""));
});

test("the committed tokenizer is the one the script learns", () => {
  const encoding = trainBytePairEncoding(tokenizerTexts(sampleSeed), modelConfig.vocab_size, specialTokens);
  expect(JSON.parse(read("model/tokenizer.json"))).toEqual(tokenizerJson(encoding));
  expect(JSON.parse(read("model/config.json"))).toEqual(modelConfig);
});

test("the vocabulary is full and fits the model", () => {
  expect(tokenizer.vocabularySize).toBe(modelConfig.vocab_size);
  expect(specialTokens.map((token) => tokenizer.encode(token, { special: true }))).toEqual([[0], [1], [2]]);
  expect(tokenizer.eosIds).toEqual([0]);
  expect(tokenizer.addsBos).toBe(false);
});

test("the chat template writes a question as the general text does", () => {
  const { prompt, completion } = pretrainingRows(sampleSeed).valid.find(({ special }) => special)!;
  const content = /^<\|user\|>(.*)\n<\|assistant\|>Answer:$/s.exec(prompt)![1]!;
  const template = chatTemplateOf(tokenizer);
  const asked = [{ role: "user", content }];
  expect(renderChat(template, { messages: asked, addGenerationPrompt: true })).toBe(prompt);
  const answered = [...asked, { role: "assistant", content: completion.slice(1) }];
  expect(renderChat(template, { messages: answered, addGenerationPrompt: false })).toBe(
    `${prompt}${completion}<|endoftext|>`,
  );
});

test("rows are short", () => {
  const rows = Object.values(data).flat();
  const lengths = rows.map((row) =>
    "prompt" in row
      ? tokenizer.encode(row.prompt + row.completion).length
      : tokenizer.encode(row.question).length + 4,
  );
  expect(Math.max(...lengths)).toBeLessThanOrEqual(96);
  expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(48);
});

test("the field's words are single tokens", () => {
  const text = data["train"]!.map((row) => ("prompt" in row ? row.prompt + row.completion : "")).join("\n");
  const words = text.split(/\s+/).length;
  expect(tokenizer.encode(text).length).toBeLessThan(words * 1.4);
});

test("there is plenty of general text for training, and none of it is also held out", () => {
  const { train, valid } = pretrainingRows(sampleSeed);
  const texts = new Set(train.map(({ prompt, completion }) => prompt + completion));
  const bytes = [...texts].reduce((sum, text) => sum + text.length, 0);
  expect(bytes).toBeGreaterThan(3_000_000);
  expect(valid.length).toBeGreaterThan(300);
  expect(valid.filter(({ prompt, completion }) => texts.has(prompt + completion))).toEqual([]);
});

test("initial weights have a Llama's names and shapes, and the same values every time", () => {
  const tensors = [...initialWeights(1)];
  const parameters = tensors.reduce((sum, { data }) => sum + data.length, 0);
  expect(parameters).toBe(3_640_512); // transformers' count for this config.json
  expect(new Set(tensors.map(({ name }) => name)).size).toBe(2 + 9 * modelConfig.num_hidden_layers);
  expect(tensors.find(({ name }) => name === "model.layers.0.self_attn.k_proj.weight")!.shape).toEqual([
    96, 192,
  ]);
  const embedding = tensors[0]!.data;
  const deviation = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0) / embedding.length);
  expect(deviation).toBeCloseTo(0.02, 3);
  expect([...initialWeights(1)][4]!.data).toEqual(tensors[4]!.data);
  expect([...initialWeights(2)][4]!.data).not.toEqual(tensors[4]!.data);
});

test("ids equal the reference implementation's, on the sample's text and on difficult text", () => {
  const reference = JSON.parse(
    readFileSync(new URL("reference-ids.json", import.meta.url), "utf8"), // by test/lab/reference/sample-tokenizer-ids.py
  ) as { text: string; document: number[]; prompt: number[] }[];
  const given = reference.map(({ text }) => ({
    text,
    document: tokenizer.encode(text),
    prompt: tokenizer.encode(text, { special: true }),
  }));
  expect(given).toEqual(reference);
  expect(reference.map(({ document }) => tokenizer.decode(document))).toEqual(
    reference.map(({ text }) => text),
  );
});
