/** Scoring the units of the model in training, and dropping them. */
import { z } from "zod";
import type { Program } from "../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../native-models/model.ts";
import { canBecome, expressibleTogether } from "../../../native-models/portable.ts";
import { readersOf } from "../../../preload/contract/plans/plan.ts";
import { likelihoodDecided } from "../../../preload/methods/index.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { nameOf } from "../schedule/stage-names.ts";
import type { Step } from "../schedule/step.ts";
import { unitsOf, without } from "../schedule/units.ts";
import { scorerOf } from "../methods/index.ts";
import type { RunParts } from "./parts.ts";

/** The scores of units, as a run's journal has them. */
export const UnitScores = z.array(
  z.object({
    unit: z.number(),
    score: z.number(),
    accuracy: z.number().nullable(),
    tie: z.number().optional(),
    order: z.number().optional(),
  }),
);

export class Cutting {
  readonly #run: RunParts;
  readonly #target: number;
  /** Those of the plan's programs that can all express the same cut of this model to the target. */
  readonly #programs: readonly Program[];
  #byLikelihood = false;

  constructor(run: RunParts, target: number) {
    this.#run = run;
    this.#target = target;
    this.#programs = expressibleTogether(run.stack.model, target, readersOf(run.input.plan.trim.programs));
  }

  /** Implements `TrimOperations.scores`. */
  *scores(round: number, drops: number): Step<readonly UnitScore[]> {
    const { stack, stages, rows, batcher, input } = this.#run;
    const { scorer, unit } = input.plan.trim;
    const scores = yield* stages.once(nameOf.scores(round), UnitScores, {
      begins: { phase: "score", round },
      run: () =>
        scorerOf(scorer).score({
          seed: input.plan.seed,
          stack,
          kind: unit,
          rows: rows.calibration,
          batcher,
          drops,
          progress: {
            worked: (work, next) => stages.worked(work, next),
            yieldToEventLoop: () => stages.yieldToEventLoop(),
          },
        }),
    });
    this.#byLikelihood = likelihoodDecided(scorer, scores);
    const reported = scores.map(({ unit, score, accuracy }) => ({ unit, score, accuracy }));
    stages.report({ event: "scores", round, scorer, rows: rows.calibration.length, scores: reported });
    return scores;
  }

  /** Implements `TrimOperations.allows`. */
  allows(units: readonly number[]): boolean {
    const { stack, input } = this.#run;
    const { unit } = input.plan.trim;
    if (unit !== "block") return true; // any halves, or none, can be loaded
    return canBecome(stack.model, this.#without(units), this.#target, this.#programs);
  }

  /** Implements `TrimOperations.drop`. */
  *drop(round: number, units: readonly number[]): Step<void> {
    const { stack, stages, input } = this.#run;
    const { unit, scorer } = input.plan.trim;
    const kept = this.#without(units);
    stack.keep(kept);
    stages.report({ event: "dropped", round, units: [...units], kept: unitsOf(kept, unit) });
    stages.log({ code: "dropped", round, unit, units, scorer, byLikelihood: this.#byLikelihood });
  }

  #without(units: readonly number[]): readonly Kept[] {
    const { stack, input } = this.#run;
    return units.reduce((left, dropped) => without(left, input.plan.trim.unit, dropped), stack.kept);
  }
}
