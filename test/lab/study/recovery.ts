/**
 * How a recovery prompt should be trained: docs/methods.md. Each arm trains a prompt for the last depth of a study's
 * run, whose weights were kept, and scores validation rows as chat does, with the prompt and without.
 *
 *     node build/run.js test/lab/study/recovery.ts --model MODEL --run FOLDER/SET-MODEL-s1/coppice-50 --rows FOLDER/data-SET/rows --out FILE
 *
 * Figures stay in FILE: the same call continues with the missing arms.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { requiredSplit } from "../../../main/documents/stored/split-files.ts";
import { Control } from "../../../main/trimming/job-control.ts";
import { scoreInChat } from "../../../main/trimming/chat/chat-model.ts";
import { evaluationRows } from "../../../main/trimming/evaluation/evaluate.ts";
import { trainingRows } from "../../../main/trimming/rows/rows.ts";
import { readPlanned } from "../../../main/trimming/run/planned-data.ts";
import { promptVectors } from "../../../main/trimming/methods/recovery-prompt.ts";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import type { Model } from "../../../native-models/model.ts";
import { recoveryPrompt } from "../../../preload/methods/recovery-prompt.ts";
import { readArguments } from "../../command-line.ts";
import { KEPT_RUN_OPTIONS, openKeptRun } from "./kept-run.ts";

const USAGE =
  "node build/run.js test/lab/study/recovery.ts --model MODEL --run FOLDER --rows FOLDER --out FILE [--precision int8] [--arms 32:0.005:2,…]";

/** An arm: vectors, peak learning rate, epochs. */
const ARMS = "16:0.005:1,32:0.001:1,32:0.005:1,32:0.02:1,64:0.005:1,32:0.005:2";

const { values } = readArguments(USAGE, {
  options: {
    ...KEPT_RUN_OPTIONS,
    precision: { type: "string", default: "int8" },
    arms: { type: "string", default: ARMS },
  },
});

const Scored = z.object({
  accuracy: z.number().nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
});
const Figures = z.record(z.string(), Scored.extend({ seconds: z.number() }));

const threads = Number(values.threads);
const precision = z.enum(PRECISIONS).parse(values.precision);
const out = values.out!;
const figures = existsSync(out) ? Figures.parse(JSON.parse(readFileSync(out, "utf8"))) : {};
const places = { model: values.model!, run: values.run!, rows: values.rows! };
const { base, plan, depth } = await openKeptRun(places, { threads });
const { style } = readPlanned(plan);
const rows = trainingRows(base.tokenizer, requiredSplit(values.rows!, "train"), plan.maxTokens);
const valid = evaluationRows(base.tokenizer, requiredSplit(values.rows!, "valid"), style, plan.maxTokens);

await measured(`${precision}, none`, () => Promise.resolve(null));
for (const arm of values.arms.split(",")) {
  const [vectors, learningRate, epochs] = arm.split(":").map(Number);
  const settings = recoveryPrompt.settings.parse({ vectors, learningRate, epochs });
  await measured(`${precision}, ${vectors} vectors, ${learningRate}, ${epochs} epochs`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "coppice-recovery-"));
    const input = {
      model: depth,
      plan,
      settings,
      rows,
      precision,
      raised: [],
      known: null,
      folder,
      onTokens: () => {},
    };
    try {
      return await promptVectors(input, { control: new Control(), report: () => {} });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
base.close();

async function measured(arm: string, train: () => Promise<Float32Array | null>): Promise<void> {
  if (!figures[arm]) {
    const started = process.cpuUsage();
    const prompt = await train();
    const { user, system } = process.cpuUsage(started);
    figures[arm] = { ...(await scored(depth, prompt)), seconds: (user + system) / 1e6 };
    writeFileSync(out, JSON.stringify(figures, null, 2));
  }
  console.log(arm, figures[arm]);
}

/** Scores the validation rows as chat does. */
async function scored(model: Model, prompt: Float32Array | null): Promise<z.infer<typeof Scored>> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-chat-"));
  const yieldToEventLoop = () => Promise.resolve();
  const evaluation = await scoreInChat(model, folder, threads, {
    rows: valid,
    prompt,
    precision,
    yieldToEventLoop,
  });
  const { accuracy, answerNll, perplexity } = evaluation!;
  return { accuracy: accuracy?.value ?? null, answerNll, perplexity };
}
