/** One field of a recipe, by its path: what a person sets in the advanced choices. */
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Choices } from "../draft.svelte.ts";

/** The choices with that field of the recipe set. */
export function withRecipe(
  choices: Choices,
  [part, field]: readonly [string, string?],
  value: unknown,
): Choices {
  const recipe = { ...choices.recipe };
  if (field === undefined) recipe[part] = value;
  else recipe[part] = { ...(recipe[part] as object | undefined), [field]: value };
  return { ...choices, recipe };
}

/** Whether a person chooses how the model's own weights are kept: beside adapters, where the processor trains. */
export const choosesBase = ({ method, device }: Pick<TrimPlan, "method" | "device">): boolean =>
  method.kind === "lora" && device === "cpu";
