/** Chat models whose projections have different numbers of bits: both decoders, on every family. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openChat } from "../../../main/trimming/chat/chat-model.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { nativeFile } from "../../../native-models/runtime/native-file.ts";
import { matricesOf, productBytes, raisedBytes } from "../../../native-models/inference/products.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { WEIGHTS_FILE } from "../../../native-models/inference/weights-file.ts";
import {
  graphForGpu,
  graphForPrompts,
  productsOf,
  wholeModelGraph,
} from "../../../native-models/inference/whole-model-graph.ts";
import type { Layout } from "../../../native-models/inference/whole-model-graph.ts";
import {
  DESCRIPTION_FILE,
  readDescription,
  writeInferenceModel,
} from "../../../native-models/inference/write-model.ts";
import type { Model } from "../../../native-models/model.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, longContext, readGolden } from "../architectures/golden-weights.ts";

const int4 = { precision: "int4", headInPlanes: false } as const;

async function written(model: Model, layout: Layout): Promise<string> {
  const folder = temporaryFolder();
  await writeInferenceModel(model, folder, layout);
  return folder;
}

const worst = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(comparedNames)("%s, every second product in 8 bits", (name) => {
  const golden = readGolden(name);
  const model = goldenModel(golden);
  const [ids] = golden.ids as [number[]];
  const products = productsOf(model);
  const raised = products.filter((_, index) => index % 2 === 1).map((product) => product.name);
  const mixed: Layout = { ...int4, raised };

  test("has products of all matrices of its blocks, each once", () => {
    const matrices = products.flatMap(({ name }) => matricesOf(products, [name]));
    expect(new Set(matrices).size).toBe(matrices.length);
    const ends = [model.config.ends.embedding.name, model.config.ends.head.name];
    const expected = model.names.filter(
      (weight) => !ends.includes(weight) && model.weight(weight).shape.length === 2,
    );
    expect([...matrices].sort()).toEqual([...expected].sort());
  });

  test("takes the bytes that it says", () => {
    const sizeOf = (layout: Layout) => wholeModelGraph(model, layout).weights.sizeBytes;
    const padding = 64 * (2 * products.length + 8);
    const more = sizeOf(mixed) - sizeOf(int4);
    expect(Math.abs(more - raisedBytes(products, raised))).toBeLessThan(padding);
    const all = products.map((product) => product.name);
    expect(sizeOf({ ...int4, raised: all })).toBe(sizeOf({ ...int4, precision: "int8" }));
    expect(raisedBytes(products, all)).toBeLessThan(productBytes(products));
  });

  test("gives the same logits by the graph, by the native decoder and on a device", async () => {
    const folder = await written(model, mixed);
    const read = async (options: Partial<Parameters<typeof Decoder.open>[1]>) => {
      const decoder = await Decoder.open(folder, { threads: 1, ...options });
      const logits = await decoder.readAll(ids);
      const { isNative } = decoder;
      await decoder.close();
      return { logits, isNative };
    };
    const exact = await read({ graph: graphForGpu(model, mixed) });
    const graph = await read({});
    expect(worst(graph.logits, exact.logits) / largest(exact.logits)).toBeLessThan(0.1);
    const native = await read({ steps: (layout) => stepsOf(model, layout) });
    expect(native.isNative).toBe(nativeFile() !== null);
    expect(worst(native.logits, exact.logits) / largest(exact.logits)).toBeLessThan(0.1);
  });
});

describe("A chat model in mixed bits", () => {
  const golden = readGolden("llama-gqa");
  const model = goldenModel(golden);
  const [ids] = golden.ids as [number[]];
  const [first, second] = productsOf(model).map(({ name }) => name) as [string, string];

  /** By the graph that multiplies f32, so that nothing but weights is rounded. */
  async function exactly(layout: Layout): Promise<Float32Array> {
    const folder = await written(model, layout);
    const decoder = await Decoder.open(folder, { threads: 1, graph: graphForGpu(model, layout) });
    const logits = await decoder.readAll(ids);
    await decoder.close();
    return logits;
  }

  test("is in int4 with none of its products raised, and in int8 with all", async () => {
    const all = productsOf(model).map(({ name }) => name);
    expect(await exactly({ ...int4, raised: [] })).toEqual(await exactly(int4));
    expect(await exactly({ ...int4, raised: all })).toEqual(await exactly({ ...int4, precision: "int8" }));
    const some = await exactly({ ...int4, raised: [first] });
    expect(some).not.toEqual(await exactly(int4));
    expect(some).not.toEqual(await exactly({ ...int4, raised: [second] }));
  });

  test("reads prompts with a prompt graph over the same weights", async () => {
    const long = goldenModel(longContext("llama-gqa"));
    const layout = { ...int4, raised: [second] };
    const decoder = await Decoder.open(await written(long, layout), { threads: 1 });
    const many = Array.from({ length: 60 }, (_, i) => (i * 37 + 5) % decoder.description.vocabularySize);
    const expected = await decoder.readAll(many);
    await decoder.usePromptGraph(graphForPrompts(long, decoder.description, 63));
    decoder.truncate(0);
    const logits = await decoder.readAll(many);
    expect(worst(logits, expected) / largest(expected)).toBeLessThan(0.1);
    await decoder.close();
  });

  test("says so in a description that programs without mixed bits refuse; others stay as they were", async () => {
    const mixed = await readDescription(await written(model, { ...int4, raised: [first] }));
    expect(mixed).toMatchObject({ version: 4, precision: "int4", raised: [first] });
    const plain = await readDescription(await written(model, { ...int4, raised: [] }));
    expect(plain).toMatchObject({ version: 3, precision: "int4" });
    expect(plain).not.toHaveProperty("raised");
  });

  test.each<[string, object]>([
    ["mixed bits of version 3", { version: 3 }],
    ["version 4 without mixed bits", { raised: undefined }],
    ["more bits than int8 has", { precision: "int8" }],
    ["a projection twice", { raised: [first, first] }],
    ["no projection", { raised: [] }],
    ["projections that are no names", { raised: [7] }],
    ["more projections than any model has", { raised: Array.from({ length: 10_001 }, (_, i) => `${i}`) }],
  ])("with a description of %s is refused", async (_, change) => {
    const folder = await written(model, { ...int4, raised: [first] });
    const path = join(folder, DESCRIPTION_FILE);
    const description = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...description, ...change }));
    await expect(readDescription(folder)).rejects.toMatchObject({
      failure: { code: "corrupt-file", reason: "it does not describe a chat model" },
    });
  });

  test("that raises what the model does not have is refused, with its name", async () => {
    const folder = await written(model, { ...int4, raised: [first] });
    const path = join(folder, DESCRIPTION_FILE);
    const description = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...description, raised: ["model.layers.9.mlp.down_proj"] }));
    await expect(openChat(model, folder, 1)).rejects.toMatchObject({
      failure: {
        code: "corrupt-file",
        reason: expect.stringContaining('"model.layers.9.mlp.down_proj", which is no projection') as string,
      },
    });
  });

  test("whose description raises another projection than its file is not read beyond it", async () => {
    const folder = await written(model, { ...int4, raised: [first] });
    const path = join(folder, DESCRIPTION_FILE);
    const description = JSON.parse(readFileSync(path, "utf8")) as object;
    const all = productsOf(model).map(({ name }) => name);
    writeFileSync(path, JSON.stringify({ ...description, raised: all }));
    expect(statSync(join(folder, WEIGHTS_FILE)).size).toBeLessThan(
      wholeModelGraph(model, { ...int4, raised: all }).weights.sizeBytes,
    );
    const decoder = await openChat(model, folder, 1);
    expect(decoder.isNative).toBe(false); // by the graph, which says itself what it reads
    expect((await decoder.readAll(ids)).every(Number.isFinite)).toBe(true);
    await decoder.close();
  });
});
