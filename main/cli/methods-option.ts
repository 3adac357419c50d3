/** `--with`: the methods that a run uses. */
import { InvalidArgumentError } from "commander";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { changes, mainSetting, scorers } from "../../preload/methods/index.ts";
import { numberBetween, wholeNumber } from "./options.ts";

const scorerIds = scorers.map(({ id }) => id).join(", ");

/** The form of each method, with the default of its main setting. */
export const METHOD_FORMS = `${changes.map((spec) => `${spec.id}[=${mainSetting(spec).usual}]`).join(", ")}; or, as the scorer, ${scorerIds}`;

interface Methods {
  readonly methods: TrimPlan["methods"];
  readonly scorer?: string;
}

/** Methods by id, separated by commas, with their main setting or its default; `before`: given before. */
export const methodsOption = (text: string, before: Methods = { methods: {} }): Methods =>
  text.split(",").reduce((known: Methods, part): Methods => {
    const [id = "", value] = part.trim().split("=");
    if (value === undefined && scorers.some((scorer) => scorer.id === id)) return { ...known, scorer: id };
    const spec = changes.find((change) => change.id === id);
    if (!spec)
      throw new InvalidArgumentError(
        `There is no method "${part.trim()}". Methods: ${changes.map((change) => change.id).join(", ")}. Scorers: ${scorerIds}.`,
      );
    const { min, max, whole } = mainSetting(spec);
    const given =
      value === undefined ? {} : { [spec.main]: (whole ? wholeNumber : numberBetween)(min, max)(value) };
    return { ...known, methods: { ...known.methods, [id]: given } };
  }, before);
