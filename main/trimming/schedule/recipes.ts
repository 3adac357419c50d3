/** The recipes by their names in plans: from the original model to the depths of a run. */
import type { PlanRecipe } from "../../../preload/contract/plans/plan.ts";
import { everything } from "./everything.ts";
import { improve } from "./improve.ts";
import type { TrimOperations } from "./operations.ts";
import type { Step } from "./step.ts";
import { trim, trimJob } from "./trim.ts";
import type { TrimJobResult, TrimResult } from "./trim.ts";
import { trimllm } from "./trimllm.ts";

export const recipes: Readonly<Record<PlanRecipe, (run: TrimOperations) => Step<TrimResult>>> = {
  coppice: trim,
  trimllm,
  improve,
};

/** The whole job of a plan: the depths of its recipe, their chat models, and one of them as a model folder. */
export function* plannedJob(run: TrimOperations): Step<TrimJobResult> {
  return yield* trimJob(run, recipes[run.plan.recipe]);
}

/** The same, or learning from everything, which measures nothing: null. */
export function* anyJob(run: TrimOperations): Step<TrimJobResult | null> {
  if (!run.plan.everything) return yield* plannedJob(run);
  yield* everything(run, run.plan.everything);
  return null;
}
