/** Sets one field of the settings by its path, for the advanced choices. */
import type { Choices } from "../draft.svelte.ts";

/** The choices with the field at this path set. */
export function withSetting(
  choices: Choices,
  [part, field]: readonly [string, string?],
  value: unknown,
): Choices {
  const settings = { ...choices.settings };
  if (field === undefined) settings[part] = value;
  else settings[part] = { ...(settings[part] as object | undefined), [field]: value };
  return { ...choices, settings };
}
