/** Sets one field of a recipe by its path, for the advanced choices. */
import type { Choices } from "../draft.svelte.ts";

/** The choices with that field of the recipe set. */
export function withSetting(
  choices: Choices,
  [part, field]: readonly [string, string?],
  value: unknown,
): Choices {
  const recipe = { ...choices.recipe };
  if (field === undefined) recipe[part] = value;
  else recipe[part] = { ...(recipe[part] as object | undefined), [field]: value };
  return { ...choices, recipe };
}
