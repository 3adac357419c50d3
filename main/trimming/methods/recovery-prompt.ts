/** Trains a recovery prompt for a depth as it will run: with the weights as its chat model stores them, which do not change. */
import type { Precision } from "../../../native-models/inference/precision.ts";
import { matricesOf } from "../../../native-models/inference/products.ts";
import { productsOf } from "../../../native-models/inference/whole-model-graph.ts";
import { checkPrompt } from "../../../native-models/inference/write-prompt.ts";
import type { Model } from "../../../native-models/model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { PROMPT, prompted } from "../../../native-models/training/prompt-vectors.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { chatPrecision } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan, WeightStorage } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { RecoveryPrompt, RecoveryPromptResult } from "../../../preload/methods/recovery-prompt.ts";
import type { JobContext } from "../job-control.ts";
import { Journal } from "../journal/checkpoint.ts";
import { workOf } from "../schedule/planned-run.ts";
import { depthOf } from "../schedule/units.ts";
import { promptBeside } from "../chat/prompt-file.ts";
import { Trainer } from "../training/train.ts";
import type { ChatMethod } from "./method.ts";

export const recoveryPrompt: ChatMethod<RecoveryPrompt, RecoveryPromptResult> = {
  kind: "chat",
  check: checkPrompt,
  change: async (depth, { model, before, plan, training, folder, journal, job, worked }, settings) => {
    const blocks = depthOf(depth.kept);
    const input = {
      model,
      plan,
      settings,
      rows: training,
      folder,
      precision: chatPrecision(plan, model.config),
      raised: matricesOf(productsOf(model), depth.raised ?? []),
      known: plan.improvement ? promptBeside(before) : null,
      onTokens: (tokens: number) => worked(workOf({ kind: "training", tokens, passes: 1, blocks })),
    };
    const values = { ...depth.values, [PROMPT]: await journal.write(await promptVectors(input, job)) };
    return { depth: { ...depth, values }, result: { vectors: settings.vectors } };
  },
};

interface PromptInput {
  /** The depth. */
  readonly model: Model;
  readonly plan: TrimPlan;
  readonly settings: RecoveryPrompt;
  readonly rows: readonly TokenRow[];
  /** Of the chat model that it is for. */
  readonly precision: Precision;
  /** Matrices that the chat model keeps in int8, by upstream's names. */
  readonly raised: readonly string[];
  /** A prompt that the model had before, from which training continues if it has the same number of vectors. */
  readonly known: Float32Array | null;
  /** Stores the progress of training, in case the run is stopped; no longer needed once the vectors are stored. */
  readonly folder: string;
  readonly onTokens: (tokens: number) => void;
}

/** How a chat model stores its blocks, as training stores a base. */
const STORAGE_OF_PRECISION = { fp32: "f32", int8: "q8", int4: "q4" } as const satisfies Record<
  Precision,
  WeightStorage
>;

/**
 * The vectors [P, D], trained on the rows that leave room for them in the context. A run that was stopped continues with the same bits.
 * Throws `too-little-data`, `cancelled`, `diverged`, and the errors of reading and saving.
 */
export async function promptVectors(
  { model, plan, settings, rows, precision, raised, known, folder, onTokens }: PromptInput,
  context: JobContext<RunEvent>,
): Promise<Float32Array> {
  const { config } = model;
  const { vectors, epochs, learningRate } = settings;
  const usable = rows
    .filter(({ ids }) => ids.length + vectors <= config.maxPositions)
    .map((row) => prompted(row, vectors, config));
  const journal = await Journal.open(folder);
  const stack = Stack.open(model, {
    threads: plan.threads,
    trainable: { kind: "none" },
    storage: STORAGE_OF_PRECISION[precision],
    raised,
    prompt: commonest(rows, vectors),
  });
  try {
    const { values } = stack.parameters[0]!;
    if (known?.length === values.length) values.set(known);
    const trainer = new Trainer({
      stack,
      rows: usable,
      batcher: new Batcher(),
      journal,
      context,
      onTokens,
      plan,
    });
    await trainer.restore();
    await trainer.run({
      name: "recovery prompt",
      rows: Math.round(epochs * usable.length),
      rate: { peak: learningRate, warmupSteps: plan.optimizer.warmupSteps, decay: { part: 1, of: 1 } },
      teacher: null,
    });
    return values.slice();
  } finally {
    await stack.close();
  }
}

/** The rows' most common tokens, since a prompt starts out as words; they are repeated if there are too few. */
function commonest(rows: readonly TokenRow[], count: number): number[] {
  const times = new Map<number, number>();
  for (const { ids } of rows) for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  const ordered = [...times].sort(([a, of], [b, other]) => other - of || a - b).map(([id]) => id);
  return Array.from({ length: count }, (_, index) => ordered[index % ordered.length]!);
}
