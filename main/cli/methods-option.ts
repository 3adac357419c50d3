/** `--with`: the methods that a run uses. */
import { InvalidArgumentError } from "commander";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { changes, mainSetting } from "../../preload/methods/index.ts";
import { numberBetween, wholeNumber } from "./options.ts";

/** "recovery-prompt", "mixed-bits=0.1" */
export const METHOD_FORMS = changes.map((spec) => `${spec.id}[=${mainSetting(spec).usual}]`).join(", ");

/** "recovery-prompt,mixed-bits=0.1": methods by id, each with its main setting or its default; `before`: of the same option given before. */
export function methodsOption(text: string, before: TrimPlan["methods"] = {}): TrimPlan["methods"] {
  const given = text.split(",").map((part) => {
    const [id, value] = part.trim().split("=");
    const spec = changes.find((known) => known.id === id);
    if (!spec)
      throw new InvalidArgumentError(
        `There is no method "${id}". Methods: ${changes.map(({ id }) => id).join(", ")}.`,
      );
    if (value === undefined) return [spec.id, {}];
    const { min, max, whole } = mainSetting(spec);
    return [spec.id, { [spec.main]: (whole ? wholeNumber(min, max) : numberBetween(min, max))(value) }];
  });
  return { ...before, ...Object.fromEntries(given) };
}
