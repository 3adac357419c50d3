/** A failure's reason, matched by its English words. */
import { badDataText } from "../preload/contract/words/bad-data.ts";
import type { BadDataReason } from "../preload/contract/failures/bad-data.ts";

/** Equals any reason whose words contain a text, or match a pattern. */
export const saying = (words: string | RegExp): unknown => ({
  asymmetricMatch(reason: BadDataReason) {
    const text = badDataText(reason);
    return typeof words === "string" ? text.includes(words) : words.test(text);
  },
  toString: () => `a reason that says ${String(words)}`,
});
