/** Personal data in English words, for the command line, reports and cards. */
import type { MaskedKind, PersonalKind } from "../data/personal.ts";
import { countText, counted } from "./figures.ts";

/** Singular and plural. */
const PERSONAL_NAMES: Record<PersonalKind, readonly [one: string, many: string]> = {
  name: ["name", "names"],
  address: ["address", "addresses"],
  "birth-date": ["date of birth", "dates of birth"],
  email: ["e-mail address", "e-mail addresses"],
  phone: ["phone number", "phone numbers"],
  account: ["account number", "account numbers"],
  insurance: ["insurance number", "insurance numbers"],
  tax: ["tax number", "tax numbers"],
};

/** "12 names", "1 address" */
export function personalText(kind: PersonalKind, places: number): string {
  const [one, many] = PERSONAL_NAMES[kind];
  return counted(places, one, many);
}

/** What was masked, as a sentence. */
export function maskedText(masked: readonly MaskedKind[]): string {
  if (masked.length === 0) return "No personal data was found to mask.";
  const kinds = masked.map(
    ({ kind, places, different }) => `${personalText(kind, places)} (${countText(different)} different)`,
  );
  return `Personal data was masked: ${kinds.join(", ")}. The search misses some.`;
}
