/** What each method does, by its id. */
import type { Config } from "../../../native-models/architectures/architecture.ts";
import { fail } from "../../../native-models/failure.ts";
import { chatPrecision } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import { usedMethods } from "../../../preload/methods/index.ts";
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
  return fail({ code: "bad-choice", option: `The scorer "${id}"`, reason: "there is none of that name" });
}

/** What the tuned model would read and write for each method of a plan. */
export const writingFor = (rows: TrainingRows): PlannedTokens["writing"] =>
  Object.fromEntries(
    usedMethods(rows.plan, "rows").flatMap(({ spec: { id }, settings }) => {
      const written = methodIn(rows.plan, id, "rows").method.writing?.(rows, settings);
      return written ? [[id, written]] : [];
    }),
  );

/** Refuses a plan whose methods this model cannot have. Throws `bad-choice`. */
export function checkMethods(plan: TrimPlan, config: Config): void {
  scorerOf(plan.trim.scorer);
  for (const { spec } of usedMethods(plan)) {
    const { name, needs } = spec.text.en;
    const method = methods[spec.id]!;
    const reason =
      spec.applies?.(chatPrecision(plan, config)) === false
        ? needs!
        : method.kind === "chat" && method.problem?.(config);
    if (reason) fail({ code: "bad-choice", option: name, reason });
  }
}
