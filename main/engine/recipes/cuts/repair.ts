/** Repairs a model at the seams of a cut, between the drop and the training that follows (native-models/training/seam-fit.ts). */
import type { Kept } from "../../../../native-models/model.ts";
import { groupRows, PASS_TOKENS } from "../../../../native-models/training/batch.ts";
import type { Batcher, TokenRow } from "../../../../native-models/training/batch.ts";
import { lastProjection } from "../../../../native-models/training/last-projection.ts";
import { blockName } from "../../../../native-models/training/parts.ts";
import { repairWeight, SeamFit } from "../../../../native-models/training/seam-fit.ts";
import type { Repair } from "../../../../native-models/training/seam-fit.ts";
import type { Trainee } from "../../../../native-models/training/trainee.ts";
import type { HalfStep } from "../../../../native-models/training/units.ts";
import type { SeamRepair } from "../../../../preload/contract/plans/plan.ts";
import { percentText } from "../../../../preload/contract/words/figures.ts";
import { seamsOf } from "../../schedule/seams.ts";
import { streamsBefore } from "./seam-targets.ts";

export interface RepairInput {
  readonly stack: Trainee;
  readonly kind: Exclude<SeamRepair, "none">;
  /** What was kept before the cut, and after it. */
  readonly before: readonly Kept[];
  readonly after: readonly Kept[];
  /** Training rows. */
  readonly rows: readonly TokenRow[];
  readonly batcher: Batcher;
  readonly threads: number;
  /** Overrides the usual ridge of the linear map. */
  readonly ridge?: number;
  /** Called after each pass of some tokens. */
  readonly onTokens: (tokens: number) => Promise<void>;
}

/** What happened at a seam; `errors` is null if the half before it cannot be repaired. */
export interface RepairedSeam {
  readonly block: number;
  readonly errors: Repair["errors"] | null;
}

/**
 * Repairs each seam in turn, from the input on, in the model with the repairs so far. A half that is repaired has weights of its own from
 * then on, with its adapters merged into them; they are trained further only if its weights were trained before.
 */
export async function repairSeams(input: RepairInput): Promise<RepairedSeam[]> {
  const { stack, kind, before, after, rows, batcher, threads, ridge, onTokens } = input;
  const { config } = stack.model;
  const seams = seamsOf(before, after);
  const batches = groupRows(rows, PASS_TOKENS).map((group) => batcher.batch(group));
  const targets = await streamsBefore(input, batches, seams);
  const repaired: RepairedSeam[] = [];
  for (const [index, { half }] of seams.entries()) {
    const name = lastProjection(config.hiddenSize, config.blocks[half.block]!, half.section);
    if (name === null) {
      repaired.push({ block: half.block, errors: null });
      continue;
    }
    holdWeights(stack, half); // before measuring, since the weights differ from a quantised base
    const fit = await SeamFit.open(config.hiddenSize, threads);
    for (const [i, batch] of batches.entries()) {
      const [streams] = await stack.streamsAround(batch, after, [half]);
      await fit.add({ ...streams!, target: targets[i]![index]! });
      await onTokens(batch.tokens.length);
    }
    const { map, errors } = kind === "linear" ? fit.linear(ridge) : fit.scale();
    await fit.close();
    await changeProjection(stack, half, name, map, threads);
    repaired.push({ block: half.block, errors });
  }
  return repaired;
}

/** A sentence of a run's log. */
export function repairText({ block, errors }: RepairedSeam): string {
  if (!errors) return `The seam after block ${block} cannot be repaired: its output is normalised.`;
  return `The seam after block ${block} was repaired: the stream's relative squared error went from ${percentText(errors.without)} to ${percentText(errors.repaired)}.`;
}

/** Gives a half weights of its own, trained further only if its weights were before. */
function holdWeights(stack: Trainee, { block, section }: HalfStep): void {
  const part = blockName(block, section);
  const { form, trained } = stack.parts[part] ?? { form: "weights", trained: false };
  stack.hold({ ...stack.parts, [part]: { form: "weights", trained: trained && form === "weights" } });
}

/** Multiplies the output m of a half's last projection: m + m·map. */
async function changeProjection(
  stack: Trainee,
  { block, section }: HalfStep,
  projection: string,
  map: Float32Array,
  threads: number,
): Promise<void> {
  const held = stack.held.find(({ name }) => name === blockName(block, section))!;
  for (const { name } of held.specs)
    if (name === `${projection}.weight` || name === `${projection}.bias`)
      await repairWeight(held.value(name), map, threads);
}
