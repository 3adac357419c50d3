/** Passages of documents that a person asks a model about. */
import { z } from "zod";

/** Where passages are: in a document, folder or archive, or in a data set that was read into `folder`. */
export const PassageSource = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("file"), path: z.string() }),
  z.object({ kind: z.literal("data-set"), folder: z.string() }),
]);
export type PassageSource = z.infer<typeof PassageSource>;

export const PassagesAsked = z.object({
  source: PassageSource,
  question: z.string(),
  most: z.number(),
});
export type PassagesAsked = z.infer<typeof PassagesAsked>;

/** A passage, and where it begins (`Place`). */
export const FoundPassage = z.object({ text: z.string(), document: z.string(), place: z.number() });
export type FoundPassage = z.infer<typeof FoundPassage>;

/** `of`: how many passages there are in all. */
export const FoundPassages = z.object({ passages: z.array(FoundPassage), of: z.number() });
export type FoundPassages = z.infer<typeof FoundPassages>;

/** A question with passages before it, as in rows of questions with passages. */
export const afterPassages = (passages: readonly FoundPassage[] | null, question: string): string =>
  [...(passages ?? []).map(({ text }) => text), question].join("\n\n");
