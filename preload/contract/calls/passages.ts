/** Finding passages of documents to ask a model about. */
import { z } from "zod";
import { call } from "../call.ts";
import { FoundPassages } from "../chat/found-passage.ts";

/** Characters of a question that are searched for. */
export const LONGEST_QUESTION = 20_000;

/** A document, folder or archive, or a data set. */
export const SearchedPlace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("file"), path: z.string() }),
  z.object({ kind: z.literal("data-set"), id: z.number().int() }),
]);
export type SearchedPlace = z.infer<typeof SearchedPlace>;

export const passages = {
  /**
   * Those in which a question is likely to be answered, the likeliest first; none without a common word. Failures: not-found, unreadable,
   * unsupported-format, bad-data, too-much-data.
   */
  find: call(
    z.object({
      from: SearchedPlace,
      question: z.string().max(LONGEST_QUESTION),
      most: z.number().int().min(1).max(50),
    }),
    FoundPassages,
  ),
};
