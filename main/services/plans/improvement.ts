/** The plan of an improvement: trains as its run did, but cuts nothing, on corrections and rows that the model knew. */
import { Method, rehearsedRows, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Improvement } from "../../../preload/contract/plans/plan.ts";
import { usedMethods } from "../../../preload/methods/index.ts";

/** How corrections are mixed and taught, as measured: docs/decisions/0041-corrections.md. */
const REHEARSAL = 4;
const LEARNING_RATE = 5e-4;
const WARMUP_STEPS = 2;
/** Each correction is seen EPOCHS times, or more often if there are few, until LEAST_ROWS rows are trained on. */
const EPOCHS = 8;
const LEAST_ROWS = 320;

/** The epochs of an improvement with this many training rows. */
const epochsOf = (rows: number): number => Math.max(EPOCHS, Math.ceil(LEAST_ROWS / Math.max(1, rows)));

/** The person's choices; the rest comes from the improved run. */
export interface ImprovementChoices {
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
  readonly device?: TrimPlan["device"] | undefined;
  readonly epochs?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly rehearsal?: number | undefined;
}

/** `before`: the plan of the run to improve. `model`: its result. `rows`: the corrections, and the training rows of that run. */
export function planImprovement(
  before: TrimPlan,
  model: TrimPlan["model"],
  improvement: Omit<Improvement, "rehearsal">,
  rows: { readonly corrections: number; readonly own: number },
  choices: ImprovementChoices = {},
): TrimPlan {
  const { seed, threads, maxTokens, base, trim, data, chat } = before;
  const { learningRate = LEARNING_RATE, rehearsal = REHEARSAL } = choices;
  const whole = { ...improvement, rehearsal };
  const { epochs = epochsOf(rows.corrections + rehearsedRows(whole, rows.corrections, rows.own)) } = choices;
  return TrimPlan.parse({
    recipe: "improve",
    model,
    data,
    seed: choices.seed ?? seed,
    threads: choices.threads ?? threads,
    device: choices.device ?? before.device,
    maxTokens,
    method: before.method.kind === "lora" ? before.method : Method.parse({ kind: "lora" }),
    base,
    optimizer: { learningRate, warmupSteps: WARMUP_STEPS },
    tune: { maxEpochs: epochs },
    trim: {
      unit: trim.unit,
      scorer: trim.scorer,
      calibrationRows: trim.calibrationRows,
      programs: trim.programs,
      unitsPerRound: trim.unitsPerRound,
      rowsPerRound: 0,
      keep: { fraction: 1 },
      distillation: 0,
    },
    heal: { epochs: 0 },
    chat,
    methods: Object.fromEntries(
      usedMethods(before, "chat").map(({ spec, settings }) => [spec.id, { ...settings }]),
    ),
    improvement: whole,
  });
}

/** The id of the first run in a run's chain of improvements: its own id unless it is an improvement. */
export const lineageOf = ({ id, plan }: { readonly id: string; readonly plan: TrimPlan }): string =>
  plan.improvement?.lineage ?? id;
