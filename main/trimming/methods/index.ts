/** What each method does, by its id. */
import type { Config } from "../../../native-models/architectures/architecture.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { chatPrecision } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import { needsText, usedMethods } from "../../../preload/methods/index.ts";
import type { ChatMethod, RowsMethod, ScorerMethod, TrainingRows } from "./method.ts";
import { nllHalving } from "./nll-halving.ts";
import { accuracyNorm } from "./accuracy-norm.ts";
import { influence } from "./influence.ts";
import { taylor } from "./taylor.ts";
import { mixedBits } from "./mixed-bits.ts";
import { random } from "./random.ts";
import { recoveryPrompt } from "./recovery-prompt.ts";
import { rewriting } from "./rewriting.ts";

export const methods: Readonly<
  Record<string, ScorerMethod | RowsMethod<object, unknown> | ChatMethod<object, unknown>>
> = {
  "nll-halving": nllHalving,
  "accuracy-norm": accuracyNorm,
  influence,
  taylor,
  random,
  rewriting,
  "mixed-bits": mixedBits,
  "recovery-prompt": recoveryPrompt,
};

/** A method of a plan, with its settings. */
export function methodIn<K extends "rows" | "chat">(plan: TrimPlan, id: string, kind: K) {
  const { settings } = usedMethods(plan, kind).find(({ spec }) => spec.id === id)!;
  const method = methods[id] as Extract<(typeof methods)[string], { kind: K }>;
  return { method, settings };
}

/** Throws `bad-choice` if there is no scorer of that name. */
export function scorerOf(id: string): ScorerMethod {
  const method = methods[id];
  if (method?.kind === "scorer") return method;
  return refuseChoice({ code: "unknown-scorer", scorer: id, known: Object.keys(methods) });
}

/** What the tuned model would read and write for each method of a plan. */
export const writingFor = (rows: TrainingRows): PlannedTokens["writing"] =>
  Object.fromEntries(
    usedMethods(rows.plan, "rows").flatMap(({ spec: { id }, settings }) => {
      const written = methodIn(rows.plan, id, "rows").method.writing?.(rows, settings);
      return written ? [[id, written]] : [];
    }),
  );

/** Refuses a plan whose methods this model cannot have. Throws `bad-choice`, `unsuited-model`. */
export function checkMethods(plan: TrimPlan, config: Config): void {
  scorerOf(plan.trim.scorer);
  for (const { spec } of usedMethods(plan)) {
    if (spec.applies?.(chatPrecision(plan, config)) === false)
      refuseChoice({ code: "method-needs", text: needsText(spec) });
    const method = methods[spec.id]!;
    if (method.kind === "chat") method.check?.(config);
  }
}
