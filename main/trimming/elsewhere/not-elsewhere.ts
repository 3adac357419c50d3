/** What only this computer can carry out. */
import type { Model } from "../../../native-models/model.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";

/** What a plan has that only this computer can carry out, by its name in the plan; null: nothing. */
function notElsewhere(plan: TrimPlan): string | null {
  const others: readonly (readonly [name: string, isOther: boolean])[] = [
    [`recipe ${plan.recipe}`, plan.recipe !== "coppice" || !!plan.everything || !!plan.improvement],
    [`method ${plan.method.kind}`, plan.method.kind !== "lora"],
    [`unit ${plan.trim.unit}`, plan.trim.unit !== "block"],
    [`scorer ${plan.trim.scorer}`, plan.trim.scorer !== "nll-halving"],
    [`trim.tokens ${plan.trim.tokens}`, plan.trim.tokens !== "none"],
    ["vocabulary", plan.vocabulary !== undefined],
    ["a time limit", plan.budget !== undefined],
    ...Object.keys(plan.methods).map((id) => [`method ${id}`, true] as const),
  ];
  return others.find(([, isOther]) => isOther)?.[0] ?? null;
}

/** Throws `bad-choice` with what of a plan, or of its model if that is known, only this computer can carry out. */
export function checkElsewhere(plan: TrimPlan, model?: Pick<Model, "config">): void {
  const other = notElsewhere(plan);
  if (other !== null) refuseChoice({ code: "not-elsewhere", choice: other });
  // The programme leaves out any block; with blocks of several kinds, not every program could load what is left.
  if (new Set(model?.config.blocks).size > 1)
    refuseChoice({ code: "not-elsewhere", choice: "blocks of several kinds" });
}
