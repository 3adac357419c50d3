/** Scoring the units of the model in training, and dropping them. */
import { z } from "zod";
import type { Program } from "../../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../../native-models/model.ts";
import { canBecome, expressibleTogether } from "../../../../native-models/portable.ts";
import { partNames } from "../../../../native-models/training/parts.ts";
import { likelihoodDecided, readersOf } from "../../../../preload/contract/plans/plan.ts";
import { earlySteps, TRAINING_WORK } from "../../schedule/planned-run.ts";
import type { UnitScore } from "../../schedule/scoring.ts";
import { nameOf } from "../../schedule/stage-names.ts";
import type { Step } from "../../schedule/step.ts";
import { onlyUnits, unitsOf, without } from "../../schedule/units.ts";
import { scorers } from "../cuts/score-units.ts";
import { earlyGradients } from "../training/early-gradients.ts";
import type { EarlyGradients } from "../training/early-gradients.ts";
import { forwardDone } from "./parts.ts";
import type { RunParts } from "./parts.ts";

const UnitScores = z.array(
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
  #early: EarlyGradients | null = null;
  #byLikelihood = false;

  constructor(run: RunParts, target: number) {
    this.#run = run;
    this.#target = target;
    this.#programs = expressibleTogether(run.stack.model, target, readersOf(run.input.plan.trim.programs));
  }

  /** Implements `TrimOperations.takeEarlyGradients`. */
  *takeEarlyGradients(): Step<void> {
    const { stack, stages, rows, batcher, input } = this.#run;
    const { plan } = input;
    this.#early = yield* stages.once(nameOf.early, z.record(z.string(), z.number()), {
      begins: { phase: "score" },
      run: () =>
        earlyGradients({
          stack,
          rows: rows.training,
          batcher,
          plan,
          steps: earlySteps(plan, rows.training.length),
          onStep: (tokens) => forwardDone(this.#run, TRAINING_WORK * tokens),
        }),
    });
  }

  /** Implements `TrimOperations.scores`. */
  *scores(round: number, drops: number): Step<readonly UnitScore[]> {
    const { stack, stages, rows, batcher, input } = this.#run;
    const { scorer, unit, allChoices = false } = input.plan.trim;
    const scores = yield* stages.once(nameOf.scores(round), UnitScores, {
      begins: { phase: "score", round },
      run: () =>
        scorers[scorer]({
          stack,
          kind: unit,
          rows: rows.calibration,
          allChoices,
          batcher,
          drops,
          allows: (units) => this.allows(units),
          early: this.#early && this.#earlyOfUnits(this.#early),
          progress: {
            worked: (work, next) => stages.worked(work, next),
            breathe: () => stages.breathe(),
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
    const instead = this.#byLikelihood
      ? ", which had no right answers to count: the likelihood of the answers decided"
      : "";
    stages.log(`Round ${round}: dropped ${unit} ${units.join(", ")} by ${scorer}${instead}.`);
  }

  #without(units: readonly number[]): readonly Kept[] {
    const { stack, input } = this.#run;
    return units.reduce((left, dropped) => without(left, input.plan.trim.unit, dropped), stack.kept);
  }

  /** The early gradients by unit rather than by half. */
  #earlyOfUnits(early: EarlyGradients): Map<number, number> {
    const { stack, input } = this.#run;
    const { unit: kind } = input.plan.trim;
    const sumOf = (unit: number) =>
      partNames(onlyUnits(stack.kept, kind, [unit])).reduce((sum, name) => sum + (early[name] ?? 0), 0);
    return new Map(unitsOf(stack.kept, kind).map((unit) => [unit, sumOf(unit)]));
  }
}
