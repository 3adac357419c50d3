/** Personal data in a person's documents: its kinds, how much of each there is, and what was masked. */
import { z } from "zod";

/** In the order in which they are shown. */
export const PersonalKind = z.enum([
  ...["name", "address", "birth-date", "email", "phone", "account", "insurance", "tax"],
] as const);
export type PersonalKind = z.infer<typeof PersonalKind>;
export const PERSONAL_KINDS = PersonalKind.options;

/** What was found of one kind. `examples`: a few places, each with the text around it. */
export const FoundKind = z.object({
  kind: PersonalKind,
  places: z.number(),
  examples: z.array(z.object({ before: z.string(), text: z.string(), after: z.string() })),
});
export type FoundKind = z.infer<typeof FoundKind>;

/** The kinds found in the first `characters` characters of a file: all of it, unless the file is large. */
export const PersonalData = z.object({ characters: z.number(), kinds: z.array(FoundKind) });
export type PersonalData = z.infer<typeof PersonalData>;

/** How many places were masked, and with how many different masks; for names, that is the number of persons. */
export const MaskedKind = z.object({ kind: PersonalKind, places: z.number(), different: z.number() });
export type MaskedKind = z.infer<typeof MaskedKind>;
