/** Where the time of a training step goes. */
import { smolLm2 } from "../reference/setup.ts";
import { workOfFile } from "./decode.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { arbitraryIds } from "./harness/models.ts";
import { startCoppice } from "./harness/sides.ts";
import { operationsOfStep } from "./harness/work.ts";
import { trainsInInt8 } from "./training-step.ts";
import type { TrainingStepOptions } from "./training-step.ts";

export const STEP_PARTS = ["weights", "adapters", "attention", "head", "rounding", "others"] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/** What test/lab/bench/coppice/step-profile.ts exports: `export const open: OpenStepProfile`. */
export type OpenStepProfile = (options: StepProfileOptions) => Promise<{
  /** Seconds of a step in each part, averaged over `steps` steps. */
  profile(steps: number): Promise<Record<StepPart, number>>;
}>;

export type StepProfileOptions = TrainingStepOptions & { readonly vocabulary: number };

const ROWS = 8;
const TOKENS = 128;
const LABELS = 2;
const RANK = 16;
const VOCABULARY = 49152;

const VARIANTS = (["f32", "w8a8"] as const).flatMap((storage) =>
  [false, true].map((keepsActivations) => ({ storage, keepsActivations })),
);
const nameOf = ({ storage, keepsActivations }: (typeof VARIANTS)[number]) =>
  `${storage}, activations ${keepsActivations ? "kept" : "recomputed"}`;

export const stepProfile: Benchmark = {
  name: "step-profile",
  timed: true,
  rounds: 5,
  measures:
    `Where the time of a training step goes where no native loops run it, by onnxruntime's profile of its operators: SmolLM2-135M, LoRA rank ${RANK} on all projections of all blocks, ` +
    `${ROWS} × ${TOKENS} tokens, ${LABELS} with loss in each row. Shares are of the operators' time over all steps. Products with frozen weights count twice in w8a8 where ` +
    "activations have two integers; the rate counts the products that f32 would need, two operations each. Attention is its products and softmax. Rounding is the conversion of activations and gradients to 8-bit " +
    "integers, without the scaling afterwards. All else: activations, norms, rotations, additions, copies.",
  columns: [
    { key: "tokensPerSecond", title: "speed", unit: "tokens/s" },
    { key: "weights", title: "products with weights", unit: "share" },
    { key: "adapters", title: "with adapters", unit: "share" },
    { key: "attention", title: "attention", unit: "share" },
    { key: "head", title: "head", unit: "share" },
    { key: "rounding", title: "rounding", unit: "share" },
    { key: "others", title: "all else", unit: "share" },
    { key: "billions", title: "10⁹ operations/s with weights", unit: "number" },
  ],
  targets: [],

  async run(context) {
    const multipliesBytes = await trainsInInt8(context);
    const rows: Row[] = [];
    for (const variant of VARIANTS)
      if (context.wants(nameOf(variant)) && (multipliesBytes || variant.storage === "f32"))
        rows.push(await profileOf(variant, context));
    return rows;
  },
};

async function profileOf(
  { storage, keepsActivations }: (typeof VARIANTS)[number],
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<Row> {
  const ids = arbitraryIds(ROWS, TOKENS, VOCABULARY);
  const options: StepProfileOptions = {
    modelPath: smolLm2(),
    threads,
    storage,
    keepsActivations,
    rank: RANK,
    vocabulary: VOCABULARY,
    batch: {
      ids,
      labels: ids.map((row) => [...row.slice(1), row[0]!]),
      weights: ids.map((row) => row.map((_, index) => (index < TOKENS - LABELS ? 0 : 1 / (LABELS * ROWS)))),
    },
  };
  const coppice = await startCoppice("step-profile", options);
  try {
    const { value: seconds } = await coppice.ask<{ value: Record<StepPart, number> }>({
      call: "profile",
      argument: rounds,
    });
    const whole = STEP_PARTS.reduce((sum, part) => sum + seconds[part], 0);
    const { frozen } = operationsOfStep(await workOfFile(options.modelPath), {
      rows: ROWS,
      tokens: TOKENS,
      recomputes: !keepsActivations,
    });
    return {
      name: nameOf({ storage, keepsActivations }),
      figures: {
        tokensPerSecond: (ROWS * TOKENS) / whole,
        ...Object.fromEntries(STEP_PARTS.map((part) => [part, seconds[part] / whole])),
        billions: Math.round(frozen / seconds.weights / 1e9),
      },
    };
  } finally {
    await coppice.close();
  }
}
