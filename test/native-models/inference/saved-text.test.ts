import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { generate } from "../../../native-models/inference/generate.ts";
import { readText, writeText } from "../../../native-models/inference/saved-text.ts";
import { layoutFor } from "../../../native-models/inference/write-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

let decoder: Decoder;
let tokenizer: Tokenizer;
beforeAll(async () => {
  const model = await openModel(sample.model);
  ({ tokenizer } = model);
  decoder = Decoder.openModel(model, layoutFor(model.config, "int8"), { threads: 1 })!;
  model.close();
});
afterAll(() => decoder.close());

const mark = "1.0 sample";
const ids = () =>
  tokenizer.encode("The tenant shall pay the rent on the first day. ".repeat(6), { addBos: true });

const greedy = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0, stop: [], endIds: [] };

async function answer(own: Decoder, prompt: readonly number[]): Promise<string> {
  let text = "";
  await generate(own, tokenizer, prompt, { ...greedy, maxTokens: 20 }, (piece) => (text += piece));
  return text;
}

/** A saved text, and what comes after it. */
async function saved() {
  const path = join(temporaryFolder(), "1");
  const text = decoder.another();
  await text.read(ids());
  await writeText(path, text, mark);
  return { path, prompt: [...ids(), ...tokenizer.encode("Who pays?")] };
}

test("a text that was saved gives the answer of one that is read again", async () => {
  const { path, prompt } = await saved();
  const expected = await answer(decoder.another(), prompt);
  const resumed = decoder.another();
  await resumed.read([1, 2, 3]);
  resumed.truncate(0);
  readText(path, resumed, prompt, mark);
  expect(resumed.ids).toEqual(ids());
  expect(await answer(resumed, prompt)).toBe(expected);
  const shorter = prompt.slice(0, 40);
  readText(path, resumed, [...shorter, 5, 6], mark);
  expect(resumed.ids.slice(0, 40)).toEqual(shorter);
});

test("a text that shares no more with a prompt than was read is left alone", async () => {
  const { path, prompt } = await saved();
  const known = decoder.another();
  await known.read(prompt.slice(0, ids().length - 4));
  const before = [...known.ids];
  readText(path, known, prompt, mark);
  expect(known.ids).toEqual(before);
});

/** Each makes another file of the saved one. */
const HARMS: Record<string, (path: string) => void> = {
  "is empty": (path) => truncateSync(path, 0),
  "ends in its beginning": (path) => truncateSync(path, 7),
  "ends in its ids": (path) => truncateSync(path, 100),
  "ends in its rows": (path) => truncateSync(path, statSync(path).size - 1),
  "goes on after its end": (path) => writeFileSync(path, "more", { flag: "a" }),
  "claims to have four thousand million ids": (path) => patch(path, 0, 0xff, 0xff, 0xff, 0xff),
  "claims to have no ids": (path) => patch(path, 0, 0, 0, 0, 0),
  "has other frequencies": (path) => patch(path, 4, 0xff, 0xff, 0xff, 0x7f),
  "has a flipped bit": (path) => patch(path, statSync(path).size - 1000, 1),
  "has another digest": (path) => patch(path, statSync(path).size - 1, 1),
};
function patch(path: string, at: number, ...bytes: number[]): void {
  const content = readFileSync(path);
  for (const [index, byte] of bytes.entries())
    content[at + index]! ^= byte === 0 ? content[at + index]! : byte;
  writeFileSync(path, content);
}

test.each(Object.entries(HARMS))("a file that %s is refused, and the text is read", async (_, harm) => {
  const { path, prompt } = await saved();
  const expected = await answer(decoder.another(), prompt);
  harm(path);
  const text = decoder.another();
  expect(refusal(path, text, prompt)).toMatchObject({ code: "corrupt-file" });
  expect(text.ids).toEqual([]);
  expect(await answer(text, prompt)).toBe(expected);
});

test("a file of another model or version is refused", async () => {
  const { path, prompt } = await saved();
  expect(refusal(path, decoder.another(), prompt, "1.1 sample")).toMatchObject({ code: "corrupt-file" });
});

function refusal(path: string, text: Decoder, prompt: readonly number[], from = mark): unknown {
  try {
    readText(path, text, prompt, from);
  } catch (error) {
    return failureOf(error);
  }
  return null;
}
