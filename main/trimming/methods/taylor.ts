import { TRAINING_WORK } from "../schedule/planned-run.ts";
import { depthOf, unitOf } from "../schedule/units.ts";
import { batchesOf, onlyAnswer } from "../evaluation/held-out-rows.ts";
import type { ScorerMethod } from "./method.ts";

/**
 * First-order Taylor (as in LLM-Pruner, arXiv 2305.11627, for whole units): |∂NLL/∂g| for a gate g of what a unit adds to the stream, the
 * change of the NLL that linear extrapolation from g = 1 predicts at g = 0. One forward and backward pass, without weight gradients.
 */
export const taylor: ScorerMethod = {
  kind: "scorer",
  score: async ({ stack, kind, rows, batcher, progress }) => {
    const gradients = new Map<number, number>();
    const depth = depthOf(stack.kept);
    for (const { batch } of batchesOf(rows.map(onlyAnswer), batcher)) {
      for (const { block, section, gradient } of await stack.gateGradients(
        batch,
        1 / rows.length,
        kind === "sublayer",
      )) {
        const unit = unitOf(kind, block, section);
        gradients.set(unit, (gradients.get(unit) ?? 0) + gradient);
      }
      progress.worked(TRAINING_WORK * batch.tokens.length * depth, null);
      await progress.yieldToEventLoop();
    }
    return [...gradients].map(([unit, gradient]) => ({ unit, score: Math.abs(gradient), accuracy: null }));
  },
};
