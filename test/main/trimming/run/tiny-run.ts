/** A tiny run on a golden fixture: its model, some rows, and a plan that trims two blocks to one in a few steps. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobContext } from "../../../../main/trimming/job-control.ts";
import { Control } from "../../../../main/trimming/job-control.ts";
import type { Encoder } from "../../../../main/trimming/rows/rows.ts";
import type { TrimInput } from "../../../../main/trimming/run/parts.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import type { TrimOperations } from "../../../../main/trimming/schedule/operations.ts";
import type { Step } from "../../../../main/trimming/schedule/step.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { Random } from "../../../../native-models/random.ts";
import { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";

/** Runs or resumes a trim. */
export const runTrim = (input: TrimInput, context: JobContext<RunEvent>) => runRecipe(trim, input, context);

/** Runs or resumes a recipe on a model of two blocks that is written into `folder`, in its folder "run"; the product is in "result". */
export async function runInFolder<T>(
  recipe: (run: TrimOperations) => Step<T>,
  folder: string,
  plan: TrimPlan,
  context: JobContext<RunEvent>,
  { width, ...opening }: { width?: number } & Pick<TrimInput, "open"> = {},
): Promise<T> {
  const model = await openModel(await writeTinyModel(join(folder, "model"), 2, width));
  const { tokenizer } = model;
  const product = { tokenizer, output: join(folder, "result") };
  const input = { runFolder: join(folder, "run"), plan, model, encoder: tokenizer, product, ...opening };
  try {
    return await runRecipe(recipe, input, context);
  } finally {
    model.close();
  }
}

export const tinyModel = () => goldenModel(readGolden("llama-gqa"));

/** One id a character: letters and spaces of the fixture's 96 tokens. */
export const characters: Encoder = {
  encode: (text, { addBos = false } = {}) => [
    ...(addBos ? [1] : []),
    ...[...text].map((c) => (c.charCodeAt(0) % 90) + 3),
  ],
  tokenBytes: () => new Uint8Array(1),
  eosIds: [2],
  addsBos: true,
  bosToken: null,
};

/** The same questions for the same name, with the answer in their last word. */
function questions(name: string, count: number) {
  const random = new Random(3, name);
  const letter = () => String.fromCharCode(97 + random.integer(26));
  return Array.from({ length: count }, (_, i) => {
    const word = Array.from({ length: 5 }, letter).join("");
    return { question: `${word} ${i % 2 ? "odd" : "even"}`, choices: ["Y", "N"], answer: i % 2 };
  });
}

const examples = (name: string, count: number) =>
  questions(name, count).map(({ question, choices, answer }) => ({
    prompt: `${question}\nAnswer:`,
    completion: ` ${choices[answer]}`,
  }));

/** How it is trimmed. */
export const tinyTrim = {
  unit: "block",
  keep: { units: 1 },
  scorer: "nll-halving",
  unitsPerRound: 1,
  rowsPerRound: 8,
  calibrationRows: 6,
  distillation: 1,
};

/** Writes the splits as the reader would, and gives the plan of a run on them. */
export function tinyPlan(folder: string, change: Record<string, unknown> = {}): TrimPlan {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  const write = (name: string, value: unknown) => writeFileSync(join(data, name), JSON.stringify(value));
  write("train.json", { examples: examples("train", 24), questions: [] });
  write("valid.json", { examples: [], questions: questions("valid", 8) });
  write("test.json", { examples: examples("test examples", 4), questions: questions("test", 12) });
  write("report.json", { choiceStyle: "plain" });
  return TrimPlan.parse({
    model: { path: "tiny", sha256: null },
    data: { path: data },
    seed: 5,
    threads: 1,
    maxTokens: 64,
    method: { kind: "lora", rank: 2 },
    optimizer: { learningRate: 0.01, rowsPerStep: 4, warmupSteps: 2 },
    tune: { maxEpochs: 2 },
    trim: tinyTrim,
    heal: { epochs: 1 },
    ...change,
  });
}

/**
 * The plan of an improvement by corrections of three questions that the training rows do not have, as the reader writes them; and by so
 * many of those rows for each.
 */
export function tinyImprovement(folder: string, each = 2, change: Record<string, unknown> = {}): TrimPlan {
  const corrections = join(folder, "corrections");
  mkdirSync(corrections, { recursive: true });
  const asked = questions("corrections", 3);
  const right = asked.map(({ question }) => ({ prompt: `${question}\nAnswer:`, completion: " maybe" }));
  const wrong = asked.map(({ question, choices, answer }, index) =>
    index === 2 ? null : { prompt: `${question}\nAnswer:`, completion: ` ${choices[answer]}` },
  );
  const write = (name: string, value: unknown) =>
    writeFileSync(join(corrections, name), JSON.stringify(value));
  write("train.json", { examples: right, questions: [] });
  write("wrong.json", wrong);
  write("learnt-questions.json", []);
  return tinyPlan(folder, {
    recipe: "improve",
    trim: { ...tinyTrim, keep: { fraction: 1 }, distillation: 0 },
    tune: { maxEpochs: 4 },
    heal: { epochs: 0 },
    improvement: {
      of: "a",
      lineage: "a",
      corrections: { path: corrections },
      rehearsal: each,
    },
    ...change,
  });
}

/** A context that collects events; `interrupt` is asked at each and may cancel. */
export function collecting(
  interrupt: (event: RunEvent, control: Control) => void = () => {},
): JobContext<RunEvent> & {
  events: RunEvent[];
} {
  const events: RunEvent[] = [];
  const control = new Control();
  return {
    events,
    control,
    report: (event) => {
      events.push(event);
      interrupt(event, control);
    },
  };
}
