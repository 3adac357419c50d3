import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fail } from "../../../native-models/failure.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { readAhead } from "../../../native-models/inference/generate.ts";
import { graphForGpu, graphForPrompts } from "../../../native-models/inference/whole-model-graph.ts";
import {
  DESCRIPTION_FILE,
  readDescription,
  writeInferenceModel,
} from "../../../native-models/inference/write-model.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, longContext, readGolden } from "../architectures/golden-weights.ts";
import { trainingLogits } from "../architectures/hashed-model.ts";
import { needsInt8Instructions } from "../runtime/int8-instructions.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function write(model: Model, precision: Precision, headInPlanes = false): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-decoder-"));
  folders.push(folder);
  await writeInferenceModel(model, folder, { precision, headInPlanes });
  return folder;
}

const open = async (...written: Parameters<typeof write>) =>
  Decoder.open(await write(...written), { threads: 1 });

function worst(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
}

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);
  const [, tokens, vocabulary] = golden.logits.shape as [number, number, number];
  const expected = (row: number, from: number, to: number) =>
    golden.logits.data.subarray((row * tokens + from) * vocabulary, (row * tokens + to) * vocabulary);

  test("gives the reference implementation's logits at every position, in fp32", async () => {
    const decoder = await open(goldenModel(golden), "fp32");
    for (const [row, ids] of golden.ids.entries()) {
      decoder.truncate(0);
      expect(worst(await decoder.readAll(ids), expected(row, 0, tokens))).toBeLessThan(1e-4);
    }
    await decoder.close();
  });

  test("gives the same logits one token at a time, and after rewinding", async () => {
    const decoder = await open(goldenModel(golden), "fp32");
    const [ids] = golden.ids as [number[]];
    await decoder.read(ids.slice(0, 4));
    for (let i = 4; i < tokens; i++) {
      expect(worst(await decoder.read([ids[i]!]), expected(0, i, i + 1))).toBeLessThan(1e-4);
    }
    decoder.truncate(5);
    const left = ids.slice(decoder.ids.length);
    expect(worst(await decoder.read(left), expected(0, tokens - 1, tokens))).toBeLessThan(1e-4);
    await decoder.close();
  });

  test("continues a prompt with the reference's likeliest tokens, past each window", async () => {
    const { prompt, answer, lastLogits } = golden.greedy;
    const decoder = await open(goldenModel(golden), "fp32");
    let logits = await decoder.read(prompt);
    for (const [index, id] of answer.entries()) {
      expect(logits.indexOf(Math.max(...logits)), `token ${index}`).toBe(id);
      if (index + 1 < answer.length) logits = await decoder.read([id]);
    }
    expect(worst(logits, lastLogits.data)).toBeLessThan(1e-4);
    await decoder.close();
  });

  test.each([
    ["int4", false, 0.97],
    ["int4", true, 0.97],
    ["int8", false, 0.9995],
    ["int8", true, 0.998], // 4 bits for tokens that are not among the likeliest
  ] as const)(
    "stays near the reference with %s weights, head in planes: %s",
    async (precision, planes, cosine) => {
      const decoder = await open(goldenModel(golden), precision, planes);
      const logits = await decoder.readAll(golden.ids[0]!);
      const reference = expected(0, 0, tokens);
      let [dot, a, b] = [0, 0, 0];
      reference.forEach((value, i) => {
        dot += value * logits[i]!;
        a += value * value;
        b += logits[i]! * logits[i]!;
      });
      expect(dot / Math.sqrt(a * b)).toBeGreaterThan(cosine);
      await decoder.close();
    },
  );

  test.each([
    ["fp32", false, 1e-4],
    ["int8", false, 0.02], // on the CPU products quantise their input too
    ["int8", true, 0.1],
    ["int4", false, 0.1],
    ["int4", true, 0.1],
  ] as const)(
    "gives the same by the operators of a GPU, over the same weights, in %s, head in planes: %s",
    async (precision, planes, tolerance) => {
      const folder = await write(goldenModel(golden), precision, planes);
      const cpu = await Decoder.open(folder, { threads: 1 });
      const graph = graphForGpu(goldenModel(golden), cpu.description);
      const gpu = await Decoder.open(folder, { threads: 1, graph });
      const [ids] = golden.ids as [number[]];
      for (const part of [ids.slice(0, 4), ids.slice(4, 5), ids.slice(5)]) {
        const expectedLogits = await cpu.readAll(part);
        const largest = expectedLogits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(worst(await gpu.readAll(part), expectedLogits) / largest).toBeLessThan(tolerance);
      }
      await Promise.all([gpu.close(), cpu.close()]);
    },
  );

  test("gives the reference's logits with any unit left out", async () => {
    const model = goldenModel(golden);
    for (const [unit, { shape, data }] of Object.entries(golden.lastLogitsWithout)) {
      const [kind, index] = unit.split(" ") as ["block" | "attention" | "mlp", string];
      const kept: Kept[] = model.sections.map(() => "block");
      kept[Number(index)] = kind === "block" ? null : kind === "attention" ? "mlp" : "attention";
      const decoder = await open(
        mergedModel(model, kept, { kind: "none" }, () => undefined),
        "fp32",
      );
      const logits = await decoder.read(golden.ids[0]!);
      expect(worst(logits, data.subarray(0, shape[1])), unit).toBeLessThan(1e-4);
      await decoder.close();
    }
  });
});

test("a prompt longer than the context is refused, with both lengths", async () => {
  const golden = readGolden("llama-gqa");
  const decoder = await open(goldenModel(golden), "int4");
  const limit = decoder.description.contextLength;
  await expect(decoder.readAll(new Array(limit + 1).fill(1))).rejects.toMatchObject({
    failure: { code: "context-full", tokens: limit + 1, limit },
  });
  await decoder.close();
});

test.for([
  ["int8", 127, false, 0.03], // 0.0233 with VNNI, where products out of the feed-forward width are int8 too
  ["int8", 63, false, 0.03],
  ["int8", 63, true, 0.1],
  ["int4", 127, false, 0.1],
  ["int4", 63, false, 0.1],
] as const)(
  "the graph for prompts says what the other says, in %s by numbers up to %i, head in planes: %s",
  async (how, context) => {
    const [precision, numbers, planes, tolerance] = how;
    if (numbers === 127) await needsInt8Instructions(context);
    const model = goldenModel(longContext("llama-gqa"));
    const decoder = await open(model, precision, planes);
    const ids = Array.from({ length: 200 }, (_, i) => (i * 37 + 5) % decoder.description.vocabularySize);
    const expectedLogits = await decoder.readAll(ids);
    await decoder.usePromptGraph(graphForPrompts(model, decoder.description, numbers));
    decoder.truncate(0);
    const logits = await decoder.readAll(ids);
    const largest = expectedLogits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(worst(logits, expectedLogits)).toBeGreaterThan(0); // it was another graph
    expect(worst(logits, expectedLogits) / largest).toBeLessThan(tolerance);
    decoder.truncate(190);
    const [few] = [await decoder.readAll(ids.slice(190))]; // by the graph for answers, over rows that the other left
    expect(
      worst(few, expectedLogits.subarray(190 * decoder.description.vocabularySize)) / largest,
    ).toBeLessThan(tolerance);
    await decoder.close();
  },
);

test("the end of a prompt is read by the prompt graph, whatever was read before", async () => {
  const model = goldenModel(longContext("llama-gqa"));
  const decoder = await open(model, "int8");
  expect(decoder.promptEnd).toBe(1);
  await decoder.usePromptGraph(graphForPrompts(model, decoder.description, 63));
  const { vocabularySize } = decoder.description;
  const ids = Array.from({ length: 262 }, (_, i) => (i * 37 + 5) % vocabularySize);
  expect([...decoder.pieces(ids)].map(({ length }) => length)).toEqual([246, 16]);
  const whole = await decoder.read(ids);
  const goneOn = async (from: number) => {
    decoder.truncate(0);
    await decoder.read(ids.slice(0, from));
    return worst(await decoder.read(ids.slice(from)), whole);
  };
  expect(await goneOn(262 - decoder.promptEnd)).toBeLessThan(1e-5);
  expect(await goneOn(50)).toBeLessThan(1e-5);
  expect(await goneOn(261)).toBeGreaterThan(1e-4); // by the other graph
  await decoder.close();
});

test("reading a prompt ahead in pieces of any length gives the same result as reading it at once", async () => {
  const model = goldenModel(longContext("llama-gqa"));
  const decoder = await open(model, "int8");
  await decoder.usePromptGraph(graphForPrompts(model, decoder.description, 63));
  const ids = Array.from({ length: 60 }, (_, i) => (i * 37 + 5) % decoder.description.vocabularySize);
  const whole = await decoder.read(ids);
  decoder.truncate(0);
  for (const length of [20, 40, 45, 58]) await readAhead(decoder, ids.slice(0, length), () => false);
  expect(decoder.ids).toEqual(ids.slice(0, 42)); // of 20 too few, of 45 too few after those of 40
  expect(worst(await decoder.read(ids.slice(decoder.ids.length)), whole)).toBeLessThan(1e-5);
  await decoder.close();
});

test.each(["llama-gqa", "qwen2", "qwen3", "gemma3"])(
  "%s: the graph for prompts says it of a whole model, of one that ends with an attention, and of one that has none",
  async (name) => {
    const model = goldenModel(longContext(name));
    const last = model.sections.length - 1;
    const lefts: ((block: number) => Kept)[] = [
      () => "block",
      (block) => (block === last ? "attention" : "block"),
      () => "mlp",
    ];
    for (const left of lefts) {
      const kept = model.sections.map((_, block) => left(block));
      const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
      const decoder = await open(cut, "int8");
      const ids = Array.from({ length: 40 }, (_, i) => (i * 37 + 5) % decoder.description.vocabularySize);
      const expectedLogits = await decoder.readAll(ids);
      await decoder.usePromptGraph(graphForPrompts(cut, decoder.description, 63));
      decoder.truncate(0);
      const largest = expectedLogits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(worst(await decoder.readAll(ids), expectedLogits) / largest).toBeLessThan(0.05);
      await decoder.close();
    }
  },
);

test.each(["mistral-sliding-window", "qwen2", "qwen3", "gemma3"])(
  "%s: a prompt of several pieces gives what its tokens give one by one, and in training",
  async (name) => {
    const model = goldenModel(longContext(name));
    const decoder = await open(model, "fp32");
    const { vocabularySize } = decoder.description;
    const ids = Array.from({ length: 300 }, (_, i) => (i * 37 + 5) % vocabularySize);
    const together = await decoder.readAll(ids);
    const places = [3, 150, 299];
    const trained = await trainingLogits(model, ids, places);
    for (const [row, place] of places.entries()) {
      const of = (logits: Float32Array, at: number) =>
        logits.subarray(at * vocabularySize, (at + 1) * vocabularySize);
      expect(worst(of(together, place), of(trained, row))).toBeLessThan(1e-4);
    }
    decoder.truncate(0);
    for (const [i, id] of ids.entries()) {
      const logits = together.subarray(i * vocabularySize, (i + 1) * vocabularySize);
      expect(worst(await decoder.read([id]), logits)).toBeLessThan(1e-4);
    }
    decoder.truncate(7);
    expect(
      worst(
        await decoder.read(ids.slice(7, 140)),
        together.subarray(139 * vocabularySize, 140 * vocabularySize),
      ),
    ).toBeLessThan(1e-4);
    await decoder.close();
  },
);

test("capped attention scores are the same in chat as in training", async () => {
  const whole = goldenModel(readGolden("gemma3"));
  const capped = new Map(
    whole.config.blocks.map((kind) => {
      const { attention } = kind.halves;
      const branch: typeof attention.branch = (x, ops) =>
        attention.branch(x, {
          ...ops,
          attention: (q, k, v, of) => ops.attention(q, k, v, { ...of, cap: 1 }),
        });
      return [kind, { ...kind, halves: { ...kind.halves, attention: { ...attention, branch } } }];
    }),
  );
  const model = {
    ...whole,
    config: { ...whole.config, blocks: whole.config.blocks.map((kind) => capped.get(kind)!) },
  };
  const [ids] = readGolden("gemma3").ids as [number[]];
  const decoder = await open(model, "fp32");
  const expected = await trainingLogits(
    model,
    ids,
    ids.map((_, place) => place),
  );
  expect(worst(await decoder.readAll(ids), expected)).toBeLessThan(1e-4);
  expect(worst(readGolden("gemma3").logits.data.subarray(0, expected.length), expected)).toBeGreaterThan(
    0.01,
  );
  await decoder.close();
});

test("scaled and capped logits are the same in chat as in training", async () => {
  const golden = readGolden("gemma3");
  const whole = goldenModel(golden);
  const { ends } = whole.config;
  const head = { ...ends.head, scale: 0.3, cap: 2 };
  const model = { ...whole, config: { ...whole.config, ends: { ...ends, head } } };
  const [ids] = golden.ids as [number[]];
  const decoder = await open(model, "fp32");
  const expected = await trainingLogits(
    model,
    ids,
    ids.map((_, place) => place),
  );
  expect(worst(await decoder.readAll(ids), expected)).toBeLessThan(1e-4);
  await decoder.close();
});

test("a model without any attention has no cache, and answers", async () => {
  const model = goldenModel(readGolden("llama-gqa"));
  const bare = (kept: Kept[]) =>
    open(
      mergedModel(model, kept, { kind: "none" }, () => undefined),
      "fp32",
    );
  const decoder = await bare(["mlp", null]);
  expect(decoder.description.states).toEqual([]);
  const alone = await decoder.read([3]);
  decoder.truncate(0);
  await decoder.read([9, 1]);
  expect(worst(await decoder.read([3]), alone)).toBe(0); // without attention a token sees itself alone
  await decoder.close();
});

test.each([
  ["weights.bin", "weights"],
  ["graph.onnx", "weights"],
  ["coppice.json", "description"],
])("a cut %s is a corrupt file", async (name, section) => {
  const folder = await write(goldenModel(readGolden("llama-gqa")), "int4");
  const path = join(folder, name);
  await truncate(path, (await stat(path)).size - 1);
  await expect(Decoder.open(folder, { threads: 1 })).rejects.toMatchObject({
    failure: { code: "corrupt-file", section },
  });
});

test("an invalid graph is a corrupt file, and a folder without a model is not found", async () => {
  const folder = await write(goldenModel(readGolden("llama-gqa")), "int4");
  const path = join(folder, "graph.onnx");
  await writeFile(path, Buffer.alloc((await stat(path)).size, 7));
  await expect(Decoder.open(folder, { threads: 1 })).rejects.toMatchObject({
    failure: { code: "corrupt-file", section: "graph" },
  });
  await rm(join(folder, "coppice.json"));
  await expect(Decoder.open(folder, { threads: 1 })).rejects.toMatchObject({
    failure: { code: "not-found" },
  });
});

test("a model that cannot be written completely leaves no folder that looks complete", async () => {
  const model = goldenModel(readGolden("llama-gqa"));
  const folder = await write(model, "int4");
  const broken: Model = {
    ...model,
    weight: (name) => {
      const weight = model.weight(name);
      const readFloat32 = () => fail({ code: "not-finite", path: model.path, tensor: name });
      return name.includes("down_proj")
        ? { ...weight, name, rows: weight.rows, columns: weight.columns, readFloat32 }
        : weight;
    },
  };
  await expect(writeInferenceModel(broken, folder, { precision: "int4" })).rejects.toMatchObject({
    failure: { code: "not-finite" },
  });
  await expect(Decoder.open(folder, { threads: 1 })).rejects.toMatchObject({
    failure: { code: "not-found" },
  });
});

test.each([
  ["a shape beyond any model's", [2 ** 13, 2 ** 14]],
  ["an axis of nothing", [0, 4]],
  ["no numbers", ["2", "32"]],
])("a recurrent tensor with %s is refused before it is made", async (_, shape) => {
  const folder = await write(goldenModel(readGolden("lfm2")), "fp32");
  const { states, ...rest } = await readDescription(folder);
  expect(states[0]).toEqual({ kind: "recurrent", block: 0, name: "conv.conv", shape: [2, 32] });
  const changed = { ...rest, states: [{ ...states[0], shape }, ...states.slice(1)] };
  await writeFile(join(folder, DESCRIPTION_FILE), JSON.stringify(changed));
  await expect(Decoder.open(folder, { threads: 1 })).rejects.toMatchObject({
    failure: { code: "corrupt-file", section: "description" },
  });
});

describe("a conversation that grows beyond the context that a model was trained on", () => {
  const golden = readGolden("phi3"); // two lists of frequencies
  const context = 8;
  const model = goldenModel({
    ...golden,
    config: { ...golden.config, original_max_position_embeddings: context },
  });
  const [ids] = golden.ids as [number[]];

  test("is read again by the other frequencies, and so is one that is shortened", async () => {
    const decoder = await open(model, "fp32");
    const expected = async (length: number) => trainingLogits(model, ids.slice(0, length), [length - 1]);
    for (let i = 0; i < context + 4; i++)
      expect(worst(await decoder.read([ids[i]!]), Float32Array.from(await expected(i + 1)))).toBeLessThan(
        1e-4,
      );
    expect(decoder.ids).toEqual(ids.slice(0, context + 4));
    decoder.truncate(3);
    const again = await decoder.read(ids.slice(3, context));
    expect(worst(again, Float32Array.from(await expected(context)))).toBeLessThan(1e-4);
    await decoder.close();
  });

  test("has other logits there", async () => {
    const short = goldenModel({
      ...golden,
      config: { ...golden.config, original_max_position_embeddings: 128 },
    });
    const [a, b] = [await trainingLogits(model, ids, [19]), await trainingLogits(short, ids, [19])];
    expect(worst(Float32Array.from(a), Float32Array.from(b))).toBeGreaterThan(0.01);
  });
});
