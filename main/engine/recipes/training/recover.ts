/** Trains a recovery prompt for a depth as it will run: with the weights as its chat model stores them, which do not change. */
import { defaultPrecision } from "../../../../native-models/inference/precision.ts";
import type { Precision } from "../../../../native-models/inference/precision.ts";
import type { Model } from "../../../../native-models/model.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../../native-models/training/batch.ts";
import { prompted } from "../../../../native-models/training/prompt-vectors.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import type { TrimPlan, WeightStorage } from "../../../../preload/contract/plans/plan.ts";
import { isBetterInChat } from "../../../../preload/contract/runs/run.ts";
import type { ChatValidation, RunEvent } from "../../../../preload/contract/runs/run.ts";
import type { JobContext } from "../../saved-run/job-control.ts";
import { Journal } from "../../saved-run/checkpoint.ts";
import { Trainer } from "./train.ts";

export interface RecoverInput {
  /** The depth. */
  readonly model: Model;
  readonly plan: TrimPlan;
  readonly rows: readonly TokenRow[];
  /** The precision of the chat model that it is for; the usual one by default. */
  readonly precision?: Precision;
  /** Matrices that the chat model keeps in int8, by upstream's names. */
  readonly raised?: readonly string[];
  /** A prompt that the model had before, from which training continues if it has the same number of vectors. */
  readonly known?: Float32Array | null;
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
export async function recover(
  {
    model,
    plan,
    rows,
    precision = defaultPrecision(model.config),
    raised = [],
    known = null,
    folder,
    onTokens,
  }: RecoverInput,
  context: JobContext<RunEvent>,
): Promise<Float32Array> {
  const { config } = model;
  const { vectors, epochs, learningRate } = plan.recovery;
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

/** A sentence of a run's log. */
export function recoveryText(validation: ChatValidation): string {
  const { without, with: after } = validation;
  if (without === null || after === null)
    return "The recovery prompt is left out: no validation rows fit in the context with it, so nothing shows that it helps.";
  const figures = `${after.toFixed(3)} nats on validation rows in chat, without it ${without.toFixed(3)}`;
  return isBetterInChat(validation)
    ? `The recovery prompt is kept: ${figures}.`
    : `The recovery prompt does not help and is left out: ${figures}.`;
}

/** The rows' most common tokens, since a prompt starts out as words; they are repeated if there are too few. */
function commonest(rows: readonly TokenRow[], count: number): number[] {
  const times = new Map<number, number>();
  for (const { ids } of rows) for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  const ordered = [...times].sort(([a, of], [b, other]) => other - of || a - b).map(([id]) => id);
  return Array.from({ length: count }, (_, index) => ordered[index % ordered.length]!);
}
