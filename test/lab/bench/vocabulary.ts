/**
 * What a vocabulary of the field's tokens changes: sizes, decoding speed and the length of other texts, for a model and a set of test/lab/study/sets.ts.
 *
 *   node build/run.js test/lab/bench/vocabulary.ts --model FILE --data FOLDER [--set clauses] [--other medquad] [--tokens 16384,1] [--precision int4,int8] [--write FOLDER]
 *
 * `--write` writes each vocabulary's model there, as a folder and as a GGUF file, for test/lab/reference/token-ids.ts and compare-logits.ts.
 * Decoding is timed in turns, on one thread, by the processor time of this process, which other programs hardly affect.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openChat } from "../../../main/trimming/chat/chat-model.ts";
import { startTiming } from "../../../main/trimming/chat/own-time.ts";
import { writeModelFolder } from "../../../main/trimming/export/export.ts";
import { plannedModel } from "../../../main/trimming/run/vocabulary.ts";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import { median } from "../../../native-models/evaluation/statistics.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { arbitraryTokens } from "../../../native-models/inference/arbitrary-tokens.ts";
import type { Decoder } from "../../../native-models/inference/decoder.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { elements, modelWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { readSet, SETS } from "../study/sets.ts";

const PROMPT = 32;
const DECODED = 48;
const TURNS = 7;
/** How many rows of a test set are measured for length. */
const ROWS = 300;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    set: { type: "string", default: "clauses" },
    other: { type: "string", default: "medquad" },
    tokens: { type: "string", default: "16384,1" },
    precision: { type: "string", default: "int4,int8" },
    write: { type: "string" },
  },
});
const work = mkdtempSync(join(tmpdir(), "coppice-vocabulary-"));
try {
  await measure(values.model!, values.data!);
} finally {
  rmSync(work, { recursive: true, force: true });
}

interface Variant {
  readonly name: string;
  readonly model: Model;
}

async function measure(path: string, data: string): Promise<void> {
  const set = SETS.find(({ name }) => name === values.set)!;
  const { folder } = await readSet(set, set.folder ?? join(data, set.name), join(work, "data"));
  const whole = await openModel(path);
  const { blocks, maxPositions, hiddenSize, vocabularySize } = whole.config;
  const variants: Variant[] = bothDepths("all", whole);
  for (const tokens of values.tokens.split(",").map(Number)) {
    const described = { path, layers: blocks.length, maxPositions, hiddenSize };
    const plan = planTrim(
      { model: described, sha256: "", dataFolder: folder },
      { vocabulary: { tokens }, threads: 1 },
    );
    const started = performance.now();
    const model = await plannedModel(whole, plan, null);
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `at least ${tokens} tokens: ${model.config.vocabularySize} of ${vocabularySize} kept, chosen in ${seconds.toFixed(1)} s`,
    );
    for (const name of [set.name, values.other]) {
      const other = SETS.find((one) => one.name === name)!;
      compareLengths(name, join(other.folder ?? join(data, name), other.test), whole, model);
    }
    if (values.write !== undefined)
      await write(join(values.write, String(model.config.vocabularySize)), model);
    variants.push(...bothDepths(String(model.config.vocabularySize), model));
  }
  for (const precision of values.precision.split(",").filter(Boolean) as Precision[])
    await time(variants, precision);
  whole.close();
}

async function write(folder: string, model: OpenModel): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await writeModelFolder(folder, model, model.tokenizer, () => {});
  const options = { mix: "F16", name: "trimmed", licence: null } as const;
  await writeGgufModel(`${folder}.gguf`, model, model.tokenizer, options);
}

function bothDepths(name: string, model: OpenModel): Variant[] {
  const half = model.sections.map((section, block) => (block % 2 === 0 ? section : null));
  return [
    { name: `${name}, all blocks`, model },
    { name: `${name}, half`, model: mergedModel(model, half, { kind: "none" }, () => undefined) },
  ];
}

/** How many more tokens the test rows of a file take. */
function compareLengths(name: string, file: string, whole: OpenModel, trimmed: OpenModel): void {
  const rows = readFileSync(file, "utf8").trim().split("\n").slice(0, ROWS);
  const texts = rows.flatMap((row) =>
    Object.values(JSON.parse(row) as Record<string, unknown>).filter((value) => typeof value === "string"),
  );
  const count = ({ tokenizer }: OpenModel) =>
    texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
  const [before, after] = [count(whole), count(trimmed)];
  const more = (100 * (after / before - 1)).toFixed(1);
  console.log(`  ${name}, ${rows.length} test rows: ${before} tokens, then ${after} (+${more}%)`);
}

/** Measures decoding of all variants in turns. */
async function time(variants: readonly Variant[], precision: Precision): Promise<void> {
  const opened: (Variant & { decoder: Decoder; sizeBytes: number; times: number[] })[] = [];
  for (const [index, variant] of variants.entries()) {
    const folder = join(work, `${precision}-${index}`);
    const { sizeBytes } = await writeInferenceModel(variant.model, folder, { precision });
    const decoder = await openChat(variant.model, folder, 1);
    await decoder.read(arbitraryTokens(PROMPT, variant.model.config.vocabularySize));
    opened.push({ ...variant, decoder, sizeBytes, times: [] });
  }
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const { decoder, model, times } of opened) {
      const ids = arbitraryTokens(DECODED, model.config.vocabularySize);
      decoder.truncate(PROMPT);
      const spent = startTiming();
      for (const id of ids) await decoder.read([id]);
      if (turn > 0) times.push(spent().own / DECODED);
    }
  }
  const [first] = opened as [(typeof opened)[number]];
  console.log(`\n| ${precision} | weights | f16 | file | tokens per processor second | times |`);
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const { name, model, sizeBytes, times, decoder } of opened) {
    const parameters = elements(modelWeights(model.config, model.sections));
    const speed = 1 / median(times);
    const ratio = median(times.map((time, turn) => first.times[turn]! / time));
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    const cells = [
      name,
      `${(parameters / 1e6).toFixed(1)} M`,
      megabytes(2 * parameters),
      megabytes(sizeBytes),
    ];
    console.log(`| ${[...cells, speed.toFixed(1), ratio.toFixed(2)].join(" | ")} |`);
    await decoder.close();
  }
}
