/** How much of its training text a model recites. */
import { z } from "zod";

/** This many rows of each of two splits fit into one message between processes if their prompts are of usual length. */
export const MOST_RECITED_ROWS = 200;

/** Figures on the rows of one split that a model continued greedily. Words are separated by white space. */
export const RecitedRows = z.object({
  rows: z.number(),
  /** Rows that were continued verbatim for at least `words` words. */
  continued: z.number(),
  /** The largest number of words of a row's own continuation that were reproduced. */
  longestContinued: z.number(),
  /** The longest run of consecutive words in an answer that also occurs in some training text, but not in the answer's own prompt. */
  longest: z.number(),
});
export type RecitedRows = z.infer<typeof RecitedRows>;

export const Recited = z.object({
  words: z.number(),
  trained: RecitedRows,
  /** Rows that were not trained on; whatever is reproduced of them could be guessed. Null without such rows. */
  heldOut: RecitedRows.nullable(),
  /** ISO 8601 */
  measuredAt: z.string(),
});
export type Recited = z.infer<typeof Recited>;

/** The results of a run, by the name of the depth. */
export const RecitedByDepth = z.record(z.string(), Recited);

/** The beginning of a row that a model continues; `split` and `row` say which one it is. */
export const Beginning = z.object({
  split: z.enum(["train", "valid", "test"]),
  row: z.number(),
  prompt: z.string(),
  /** Whether special tokens in it count as such. */
  special: z.boolean(),
});
export type Beginning = z.infer<typeof Beginning>;

export const Continuation = Beginning.pick({ split: true, row: true }).extend({ text: z.string() });
export type Continuation = z.infer<typeof Continuation>;

/** The result in sentences, for the command line and cards. */
export function recitedText({ words, trained, heldOut }: Recited): string[] {
  const of = (rows: RecitedRows, what: string) =>
    `${rows.continued} of ${rows.rows} ${what} rows were continued verbatim for ${words} words or more (at most ${rows.longestContinued} words).`;
  return [
    of(trained, "training"),
    ...(heldOut ? [of(heldOut, "held-out")] : []),
    `The longest run of training text in its answers is ${trained.longest} words${heldOut ? `, in its answers to held-out rows ${heldOut.longest}` : ""}.`,
  ];
}
