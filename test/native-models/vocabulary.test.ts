/** A model of some of its tokens: the same numbers for those, whatever its family and format, and less of everything else. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportModel } from "../../main/trimming/export/export.ts";
import { sample } from "../../main/services/models/sample.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { OpenModel } from "../../native-models/open-model.ts";
import { keptTokens } from "../../native-models/tokenizer/kept-tokens.ts";
import { namedIds, withVocabulary } from "../../native-models/vocabulary.ts";
import { temporaryFolder } from "../main/temporary-folder.ts";
import { ggufFile, readGguf } from "./architectures/golden-gguf.ts";
import { trainingLogits, worstDifference } from "./architectures/hashed-model.ts";

const text = "The hirer may return the tools on Friday.";

/** The sample, with other keys in its configurations. */
function changedSample(changes: Record<string, Record<string, unknown>>): string {
  const folder = join(temporaryFolder(), "model");
  mkdirSync(folder);
  for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"]) {
    const bytes = readFileSync(join(sample.model, name));
    const change = changes[name];
    const changed = change && JSON.stringify({ ...(JSON.parse(bytes.toString()) as object), ...change });
    writeFileSync(join(folder, name), changed ?? bytes);
  }
  for (const [name, content] of Object.entries(changes))
    if (name === "generation_config.json") writeFileSync(join(folder, name), JSON.stringify(content));
  return folder;
}

const trimmed = (model: OpenModel, ids: readonly number[]) => {
  const kept = keptTokens(model.tokenizer, [...ids, ...namedIds(model)], 0);
  return { kept, view: withVocabulary(model, kept) };
};

/** The NLL of each token after the first, in nats. */
async function nlls(model: OpenModel, ids: readonly number[]): Promise<number[]> {
  const places = ids.slice(1).map((_, place) => place);
  const logits = await trainingLogits(model, ids, places);
  const size = model.config.vocabularySize;
  return places.map((place) => {
    const row = logits.subarray(place * size, (place + 1) * size);
    const most = row.reduce((a, b) => Math.max(a, b));
    return (
      most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - row[ids[place + 1]!]!
    );
  });
}

test("a text of kept tokens is never less likely than before", async () => {
  const model = await openModel(sample.model);
  const ids = model.tokenizer.encode(text);
  const { view } = trimmed(model, ids);
  expect(view.config.vocabularySize).toBeLessThan(model.config.vocabularySize / 2);
  expect(view.tokenizer.decode(view.tokenizer.encode(text))).toBe(text);
  const [before, after] = [await nlls(model, ids), await nlls(view, view.tokenizer.encode(text))];
  expect(after).toHaveLength(before.length);
  after.forEach((nll, place) => expect(nll).toBeLessThanOrEqual(before[place]! + 1e-5));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b);
  expect(sum(after)).toBeLessThan(sum(before));
  model.close();
});

describe.each(["gemma3", "llama", "phi3"])("of %s in a GGUF file", (family) => {
  test("a cut vocabulary gives the logits of its tokens, also once exported", async () => {
    const golden = readGguf(family);
    const path = join(temporaryFolder(), "model.gguf");
    writeFileSync(path, ggufFile(golden));
    const model = await openModel(path);
    const { kept, view } = trimmed(model, golden.ids);
    expect(view.config.vocabularySize).toBe(kept.length);
    const all = await trainingLogits(model, golden.ids, golden.positions);
    const size = model.config.vocabularySize;
    const expected = golden.positions.flatMap((_, row) => Array.from(kept, (id) => all[row * size + id]!));
    const ids = golden.ids.map((id) => kept.indexOf(id));
    expect(worstDifference(await trainingLogits(view, ids, golden.positions), expected)).toBeLessThan(1e-5);
    const output = join(temporaryFolder(), "export");
    await exportModel(view, view.tokenizer, output);
    const again = await openModel(output);
    expect(again.config.vocabularySize).toBe(kept.length);
    expect(worstDifference(await trainingLogits(again, ids, golden.positions), expected)).toBeLessThan(0.1); // f16
    expect(again.tokenizer.encode(text)).toEqual(view.tokenizer.encode(text));
    again.close();
    model.close();
  });
});

test("ids in both configurations are the new ones", async () => {
  const folder = changedSample({
    "config.json": { pad_token_id: 700, eos_token_id: [3, 701] },
    "generation_config.json": { bad_words_ids: [[702, 703], [704]], max_new_tokens: 700, temperature: 0.5 },
  });
  const model = await openModel(folder);
  const kept = keptTokens(model.tokenizer, [700, 701, 702, 704], 0);
  const view = withVocabulary(model, kept);
  const place = (id: number) => kept.indexOf(id);
  expect(view.json).toMatchObject({
    vocab_size: kept.length,
    pad_token_id: place(700),
    eos_token_id: [place(3), place(701)],
    bos_token_id: view.tokenizer.bosId,
  });
  expect(view.generation).toMatchObject({ max_new_tokens: 700, temperature: 0.5 });
  expect((view.generation["bad_words_ids"] as number[][]).at(-1)).toEqual([place(704)]);
  expect(namedIds(model)).toEqual(expect.arrayContaining([700, 3, 701, 702, 703, 704]));
  model.close();
});
