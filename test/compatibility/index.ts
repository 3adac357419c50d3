/**
 * Writes docs/compatibility.md: models read, cut, trained for a step, chatted with, exported, and run by the programs that the exports
 * are for. Each cell is what a program did; one that was not run is not in the table.
 *
 *   npm run compatibility                 tiny models of each family
 *   npm run compatibility -- MODEL…       also these files and folders, cut by a third
 *
 * Installs its programs as test/reference/setup.ts does.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exportModel } from "../../main/engine/recipes/export.ts";
import { writeGgufModel } from "../../native-models/exporting/gguf-model.ts";
import { PROGRAMS } from "../../native-models/architectures/architecture.ts";
import { Decoder } from "../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../native-models/inference/write-model.ts";
import type { Kept, Model } from "../../native-models/model.ts";
import { openModel } from "../../native-models/open-model.ts";
import { canBecome } from "../../native-models/portable.ts";
import { Batcher } from "../../native-models/training/batch.ts";
import { mergedModel } from "../../native-models/training/merge.ts";
import { gradientNorm } from "../../native-models/training/parameters.ts";
import { Stack } from "../../native-models/training/stack.ts";
import { openTensors } from "../bench/harness/tensors.ts";
import { families } from "../native-models/architectures/families.ts";
import { ggufFile, readGguf } from "../native-models/architectures/golden-gguf.ts";
import { worstDifference } from "../native-models/architectures/hashed-model.ts";
import { nodeLlamaCpp, runReference } from "../reference/setup.ts";

const PAGE = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));
const CONTINUED = 12;

/** What a program computes after a text: logits or, where it gives none, probabilities; and greedy ids. */
interface Answer {
  readonly values: Float32Array;
  readonly ids: readonly number[];
}

/** What is known of a model before transformers has run. */
interface Tried {
  readonly place: string;
  readonly ids: readonly number[];
  readonly cells: readonly string[];
  readonly ours: Answer;
  readonly inLlama: Answer;
}

interface Llama {
  llamaCppRelease: { release: string };
  loadModel(options: object): Promise<{
    createContext(options: object): Promise<{
      getSequence(): {
        evaluateWithMetadata(
          ids: readonly number[],
          wanted: object,
          options: object,
        ): AsyncIterable<{ token: number; probabilities: ReadonlyMap<number, number> }>;
      };
    }>;
    dispose(): Promise<void>;
  }>;
}

const folder = mkdtempSync(join(tmpdir(), "coppice-compatibility-"));
const { getLlama } = (await import(pathToFileURL(nodeLlamaCpp()).href)) as {
  getLlama(options: object): Promise<Llama>;
};
const llama = await getLlama({ gpu: false, build: "never", maxThreads: 2, logLevel: "error" });
const tried: Tried[] = [];
let transformers = "";

/** A model, whole and cut by a third, through everything. */
async function tryModel(name: string, path: string, promptTokens: number): Promise<void> {
  const model = await openModel(path);
  const length = Math.max(1, Math.floor((2 * model.sections.length) / 3));
  const cut = mergedModel(model, keptBlocks(model, length), { kind: "none" }, () => undefined);
  const ids = Array.from(
    { length: Math.min(promptTokens, model.config.maxPositions - CONTINUED) },
    (_, index) => (7 * index * index + 11 * index + 3) % Math.min(model.config.vocabularySize, 20_000),
  );
  const versions: [string, Model][] = [
    [`${model.sections.length}`, model],
    [`${length} of ${model.sections.length}`, cut],
  ];
  for (const [blocks, one] of versions) {
    const place = join(folder, `out-${tried.length}`);
    const file = `${place}.gguf`;
    await exportModel(one, model.tokenizer, place);
    withoutPadding(place);
    // Of some names llama.cpp expects tokens that a tiny vocabulary lacks.
    await writeGgufModel(file, one, model.tokenizer, { mix: "F16", name: "tried", licence: null });
    const again = await openModel(place);
    const ours = await chatted(again, `${place}-chat`, ids);
    const inLlama = await answeredByLlama(file, ids, model.config.vocabularySize);
    const gradients = (await trainedStep(again, ids)) ? "gradients" : "**none**";
    const source = model.format === "gguf" ? "GGUF" : "folder";
    tried.push({ place, ids, ours, inLlama, cells: [name, source, blocks, gradients, "fp32"] });
    console.log(name, blocks, same(ours, inLlama));
    again.close();
    for (const written of [file, `${place}-chat`]) rmSync(written, { recursive: true });
  }
  model.close();
}

/** Some families pad with a token that a tiny vocabulary lacks, unless a configuration says otherwise. */
function withoutPadding(place: string): void {
  const file = join(place, "config.json");
  const text = readFileSync(file, "utf8"); // some of its numbers need their decimal point
  if (!("pad_token_id" in (JSON.parse(text) as object)))
    writeFileSync(file, text.replace("{", '{ "pad_token_id": null,'));
}

/** Drops blocks one at a time, from the middle, as long as every program can express what is left. */
function keptBlocks(model: Model, length: number): Kept[] {
  const kept: Kept[] = [...model.sections];
  const count = () => kept.filter((section) => section !== null).length;
  const middle = Math.floor(kept.length / 2);
  const order = kept.map((_, block) => block).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  while (count() > length) {
    const block = order.find((candidate) => {
      if (kept[candidate] === null) return false;
      const left = kept.map((section, index) => (index === candidate ? null : section));
      return canBecome(model, left, length, PROGRAMS);
    });
    if (block === undefined)
      throw new Error(`${model.path}: no cut to ${length} blocks that all programs can express`);
    kept[block] = null;
  }
  return kept;
}

async function chatted(model: Model, place: string, ids: readonly number[]): Promise<Answer> {
  await writeInferenceModel(model, place, { precision: "fp32" });
  const decoder = await Decoder.open(place, { threads: 2 });
  let logits = await decoder.read(ids);
  const values = logits.slice();
  const continued: number[] = [];
  for (let step = 0; step < CONTINUED; step++) {
    continued.push(topOf(logits));
    logits = await decoder.read([continued.at(-1)!]);
  }
  await decoder.close();
  return { values, ids: continued };
}

/** One start of Python for all models. */
function answeredByTransformers(): Answer[] {
  const version = join(folder, "version");
  const places = tried.map(({ place, ids }) => {
    writeFileSync(`${place}.json`, JSON.stringify({ ids, tokens: CONTINUED }));
    return [`${place}.json`, place, `${place}.safetensors`] as const;
  });
  runReference("continued.py", [version, ...places.flat()]);
  transformers = readFileSync(version, "utf8");
  return places.map(([, , out]) => {
    const file = openTensors(out);
    const answer = { values: file.read("logits").slice(), ids: [...file.read("ids")] };
    file.close();
    return answer;
  });
}

function rowsOf(): string[] {
  const answers = answeredByTransformers();
  return tried.map(({ cells, ours, inLlama }, index) => {
    const inTransformers = answers[index]!;
    const [logits, probabilities] = [
      worstDifference(ours.values, inTransformers.values),
      worstDifference(softmax(ours.values), inLlama.values),
    ];
    const compared = [
      `logits ±${figure(logits)}, ${same(ours, inTransformers)}`,
      `probabilities ±${figure(probabilities)}, ${same(ours, inLlama)}`,
    ];
    return `| ${[...cells, ...compared].join(" | ")} |`;
  });
}

async function answeredByLlama(file: string, ids: readonly number[], vocabulary: number): Promise<Answer> {
  const loaded = await llama.loadModel({ modelPath: file });
  const exact = {
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
    flashAttention: false,
  };
  const contextSize = ids.length + CONTINUED + 16;
  const context = await loaded.createContext({ contextSize, batchSize: contextSize, threads: 2, ...exact });
  const all = { temperature: 1, topK: vocabulary, topP: 1, minP: 0, yieldEogToken: true };
  const sequence = context.getSequence();
  const values = new Float32Array(vocabulary);
  const continued: number[] = [];
  let next: readonly number[] = ids;
  for (let step = 0; step < CONTINUED; step++) {
    for await (const { probabilities } of sequence.evaluateWithMetadata(next, { probabilities: true }, all)) {
      if (step === 0) for (const [id, probability] of probabilities) values[id] = probability;
      let top = -1;
      for (const [id, probability] of probabilities)
        if (top < 0 || probability > probabilities.get(top)!) top = id;
      continued.push(top);
      break;
    }
    next = [continued.at(-1)!];
  }
  await loaded.dispose();
  return { values, ids: continued };
}

/** Whether a training step of adapters has gradients. */
async function trainedStep(model: Model, ids: readonly number[]): Promise<boolean> {
  const targets = ["q", "v", "in", "down"] as const;
  const stack = Stack.open(model, {
    threads: 2,
    trainable: { kind: "lora", rank: 2, alpha: 4, targets: [...targets] },
  });
  stack.clearGradients();
  await stack.accumulate(new Batcher().batch([{ ids: ids.slice(0, 32), promptLength: 1 }]), 1);
  const norm = gradientNorm(stack.parameters);
  await stack.close();
  return Number.isFinite(norm) && norm > 0;
}

const figure = (value: number) => value.toExponential(0);
const same = (a: Answer, b: Answer) =>
  a.ids.join() === b.ids.join()
    ? "same text"
    : `**another text** after ${firstDifference(a.ids, b.ids)} tokens`;
const firstDifference = (a: readonly number[], b: readonly number[]) => a.findIndex((id, at) => id !== b[at]);

function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function topOf(values: Float32Array): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[top]!) top = i;
  return top;
}

function page(rows: readonly string[]): string {
  return `# Which program runs what

Written by \`npm run compatibility\`, with transformers ${transformers} and llama.cpp ${llama.llamaCppRelease.release}. A cell is what a program did; nothing here
was not run.

Each model is opened, whole and with a third of its blocks dropped, exported as a folder and as a GGUF file in F16, and given a prompt of
48 tokens (real models: 600). "Training" is a step of adapters on the exported folder; "chat" the precision in which Coppice answers here. The other columns compare with that answer:
the largest difference of the logits after the prompt (of probabilities in llama.cpp, whose bindings give no logits), and whether the next
${CONTINUED} greedy tokens are the same. Tiny models have random weights, whose likeliest tokens are close to each other.

| model | read from | blocks | training | chat | folder in transformers | GGUF in llama.cpp |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

try {
  for (const name of families.flatMap(({ gguf }) => gguf)) {
    const path = join(folder, `${name}.gguf`);
    writeFileSync(path, ggufFile(readGguf(name)));
    await tryModel(`${name} (tiny)`, path, 48);
  }
  for (const path of process.argv.slice(2)) await tryModel(basename(path), path, 600);
  const rows = rowsOf();
  writeFileSync(PAGE, page(rows));
  console.log(rows.join("\n"));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
