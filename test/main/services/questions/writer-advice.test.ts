import { expect, test } from "vitest";
import { bestWriter } from "../../../../main/services/questions/best-writer.ts";
import { adviceOn } from "../../../../main/services/questions/writer-advice.ts";
import { AppError } from "../../../../native-models/failure.ts";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import { sample } from "../../../../main/services/models/sample.ts";

/** Models by their billions of parameters; those without a chat template only continue texts. */
const KNOWN: Readonly<Record<string, { billions: number; chats?: boolean }>> = {
  [sample.model]: { billions: 0.0004 },
  "/m/half.gguf": { billions: 0.494 },
  "/m/one.gguf": { billions: 1.54 },
  "/m/four.gguf": { billions: 4 },
  "/m/seventy.gguf": { billions: 70 },
  "/m/texts.gguf": { billions: 3, chats: false },
  "/m/three-base.gguf": { billions: 3.1 },
  "/m/one-instruct.gguf": { billions: 1.54 },
  "/m/run-1": { billions: 1.54 },
  "/m/run-2": { billions: 2 },
};

const inspect = (path: string): Promise<ModelReport> => {
  const known = KNOWN[path];
  if (!known) throw new AppError({ code: "not-found", path, what: "model" });
  const { billions, chats = true } = known;
  const shape = { layers: 8, hiddenSize: 1024, intermediateSize: 4096, heads: 8, kvHeads: 8, headDim: 128 };
  return Promise.resolve({
    ...shape,
    vocabularySize: 32_000,
    maxPositions: 4096,
    tiedEmbedding: true,
    parameters: 1e9 * billions,
    sizeBytes: 1e9 * billions,
    hasChatTemplate: chats,
    config: {
      model_type: "llama",
      hidden_size: 1024,
      intermediate_size: 4096,
      num_hidden_layers: 8,
      num_attention_heads: 8,
      vocab_size: 32_000,
    },
  } as unknown as ModelReport);
};
const inspected = (path: string) => Promise.resolve(path).then(inspect);

/** Finished runs by the names of their results. */
const runs = {
  find: (id: string) => ({ output: `/m/${id}.gguf`, state: "done" as const }),
  outputs: () => [],
  meantBy: () => [],
  learntBy: () => null,
};
const models = (...paths: string[]): FoundModel[] =>
  paths.map((path) => ({
    path,
    name: path.slice(3),
    source: path === sample.model ? "sample" : path.includes("run") ? "run" : "downloaded",
    sizeBytes: (KNOWN[path]?.billions ?? 0) * 1e9,
  }));
const advice = (model: string, found: readonly FoundModel[]) =>
  adviceOn(model, { inspect: inspected }, { runs, found, freeMemoryBytes: 8e9 });

test("a model of half a billion parameters is too small, and the largest that fits is named", async () => {
  const found = models(
    sample.model,
    ...Object.keys(KNOWN).filter((path) => path !== sample.model),
    "/m/gone.gguf",
  );
  expect(await advice("half", found)).toEqual({
    parameters: 0.494e9,
    size: "too-small",
    larger: { path: "/m/four.gguf", name: "four.gguf", parameters: 4e9 },
  });
});

test("none is named that is smaller, that only continues texts, or that does not fit", async () => {
  const found = models(sample.model, "/m/half.gguf", "/m/one.gguf", "/m/seventy.gguf", "/m/texts.gguf");
  expect(await advice("one", found)).toMatchObject({ size: "small", larger: null });
});

test("a larger model gets no warning", async () => {
  expect(await advice("four", models("/m/seventy.gguf"))).toMatchObject({
    size: "unmeasured",
    larger: null,
  });
});

/** Runs whose results are not done. */
const unfinished = (...outputs: string[]) => ({
  outputs: () => outputs.map((output) => ({ id: output, name: output, output, state: "running" as const })),
});
const best = async (found: readonly FoundModel[], of = unfinished()) =>
  (await bestWriter({ inspect: inspected }, { runs: of, found, freeMemoryBytes: 8e9 }))?.path ?? null;

test.each([
  ["the largest that fits the memory", ["one", "four", "seventy", "half"], "four"],
  ["no model that only continues texts", ["texts", "one"], "one"],
  ["an instructed model before a larger base model", ["three-base", "one"], "one"],
  ["a base model if there is no other", ["three-base", "texts"], "three-base"],
  ["of the same size, one that names itself instructed", ["one", "one-instruct"], "one-instruct"],
])("writes by default: %s", async (_, names, expected) => {
  const found = models(sample.model, ...names.map((name) => `/m/${name}.gguf`));
  expect(await best(found)).toBe(`/m/${expected}.gguf`);
  expect(await best(found.reverse())).toBe(`/m/${expected}.gguf`);
});

test("a finished result of a run writes if it is larger, one that a run is still training never does", async () => {
  const found = models("/m/run-1", "/m/one.gguf", "/m/run-2");
  expect(await best(found)).toBe("/m/run-2");
  expect(await best(found, unfinished("/m/run-2"))).toBe("/m/one.gguf");
  expect(await best(models("/m/run-2"), unfinished("/m"))).toBeNull();
});

test("the sample is never chosen by default", async () => {
  expect(await best(models(sample.model))).toBeNull();
});
