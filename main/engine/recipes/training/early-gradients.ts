/**
 * Gradients of the first steps of training (GradPruner, arXiv 2601.19503): how much each part of a model has to learn. For adapters,
 * the paper uses the product of both gradients, ∇B · ∇A, as the gradient of the weight that they adapt.
 */
import { Random } from "../../../../native-models/random.ts";
import { groupRows, PASS_TOKENS } from "../../../../native-models/training/batch.ts";
import type { Batcher, TokenRow } from "../../../../native-models/training/batch.ts";
import { adamW, clipping, gradientNorm } from "../../../../native-models/training/parameters.ts";
import type { ParameterBlock } from "../../../../native-models/training/parameters.ts";
import { partsEverywhere } from "../../../../native-models/training/parts.ts";
import type { Trainee } from "../../../../native-models/training/trainee.ts";
import { trainedAtFirst } from "../../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";

/** By part, the mean over steps of Σ gradient² of its weights. */
export type EarlyGradients = Readonly<Record<string, number>>;

export interface EarlyTraining {
  readonly stack: Trainee;
  readonly rows: readonly TokenRow[];
  readonly batcher: Batcher;
  readonly plan: Pick<TrimPlan, "seed" | "method" | "update" | "optimizer">;
  readonly steps: number;
  /** Called after each step with its tokens. */
  readonly onStep: (tokens: number) => Promise<void>;
}

/** Trains for some steps, starting from the model's original values; afterwards, the stack's values and optimizer are restored. */
export async function earlyGradients({
  stack,
  rows,
  batcher,
  plan,
  steps,
  onStep,
}: EarlyTraining): Promise<EarlyGradients> {
  const { rowsPerStep, learningRate, clipNorm } = plan.optimizer;
  const restore = stateOf(stack);
  stack.hold({});
  stack.hold(partsEverywhere(stack.kept, trainedAtFirst(plan).kind));
  const { parameters } = stack;
  const order = new Random(plan.seed, "early gradients").permutation(rows.length);
  const sums = parameters.map(() => 0);
  for (let step = 0; step < steps; step++) {
    const own = Array.from(
      { length: rowsPerStep },
      (_, i) => rows[order[(step * rowsPerStep + i) % rows.length]!]!,
    );
    const batches = groupRows(own, PASS_TOKENS).map((group) => batcher.batch(group));
    const labels = batches.reduce((sum, batch) => sum + batch.labels.length, 0);
    stack.clearGradients();
    for (const batch of batches) await stack.accumulate(batch, 1 / labels);
    for (const [index, block] of parameters.entries()) sums[index]! += squaredGradients(block);
    const scale = clipping(gradientNorm(parameters), clipNorm);
    for (const block of parameters) adamW(block, step + 1, learningRate, scale, plan.optimizer);
    await onStep(batches.reduce((sum, { tokens }) => sum + tokens.length, 0));
  }
  restore();
  return Object.fromEntries(parameters.map(({ name }, index) => [name, sums[index]! / steps]));
}

/** Returns a function that restores a stack's own values and its optimizer's moments. */
function stateOf(stack: Trainee): () => void {
  const { parts } = stack;
  const before = stack.held.map(({ values, firstMoment, secondMoment }) => ({
    values: values.slice(),
    firstMoment: firstMoment.slice(),
    secondMoment: secondMoment.slice(),
  }));
  return () => {
    stack.hold(parts);
    for (const [index, block] of stack.held.entries()) {
      block.values.set(before[index]!.values);
      block.firstMoment.set(before[index]!.firstMoment);
      block.secondMoment.set(before[index]!.secondMoment);
    }
  };
}

/** Σ gradient² of a part's weights: of the weights' own gradients, or of ∇B · ∇A for each adapted weight. */
export function squaredGradients(block: ParameterBlock): number {
  return block.specs.reduce((sum, { name, shape }) => {
    const gradient = block.gradient(name);
    if (!name.includes("lora_")) return sum + squares(gradient);
    if (name.includes("lora_B")) return sum; // counted with its A
    const rank = shape[0];
    const b = gramOfColumns(block.gradient(name.replace("lora_A", "lora_B")), rank);
    const a = gramOfRows(gradient, rank);
    return sum + a.reduce((dot, value, i) => dot + value * b[i]!, 0);
  }, 0);
}

const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);

/** X Xᵀ of X [R, in], whose inner product with YᵀY is ‖Y X‖². [R, R] */
function gramOfRows(x: Float32Array, rank: number): Float64Array {
  const width = x.length / rank;
  return gram(rank, width, (r, i) => x[r * width + i]!);
}

/** YᵀY of Y [out, R]. [R, R] */
function gramOfColumns(y: Float32Array, rank: number): Float64Array {
  return gram(rank, y.length / rank, (r, i) => y[i * rank + r]!);
}

function gram(rank: number, length: number, at: (r: number, i: number) => number): Float64Array {
  const result = new Float64Array(rank * rank);
  for (let r = 0; r < rank; r++)
    for (let s = 0; s < rank; s++)
      for (let i = 0; i < length; i++) result[r * rank + s]! += at(r, i) * at(s, i);
  return result;
}
