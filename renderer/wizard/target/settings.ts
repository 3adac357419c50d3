/** One field of the settings by its path, for choices that have no place of their own. */
import type { Choices } from "../draft.svelte.ts";

/** What the person chose for the field at this path; undefined: nothing. */
export function settingOf({ settings }: Choices, [part, field]: readonly [string, string]): unknown {
  return (settings?.[part] as Record<string, unknown> | undefined)?.[field];
}

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
