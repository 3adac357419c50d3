/** Which split a file is for, by its name. */
import type { SplitName } from "./data.ts";

/** How names begin, as a whole word: "test_sft.jsonl" is test, "testimony.txt" is not. */
const BEGINNINGS: Record<SplitName, RegExp> = {
  train: /^train(?![a-z])/i,
  valid: /^(valid|validation|val)(?![a-z])/i,
  test: /^test(?![a-z])/i,
  offDomain: /^off[-_ ]?domain(?![a-z])/i,
};

/** The splits by name, in the order in which they are read. */
export const SPLITS = Object.keys(BEGINNINGS) as SplitName[];

export function splitOf(name: string): SplitName | undefined {
  return SPLITS.find((split) => BEGINNINGS[split].test(name));
}

/** Whether a file's name says nothing but its split: "train.jsonl". */
export function isOnlySplit(name: string): boolean {
  const stem = name.replace(/\.[^.]*$/, "");
  return SPLITS.some((split) => BEGINNINGS[split].exec(stem)?.[0] === stem);
}
