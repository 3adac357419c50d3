/** Measures of a generated text: its overlap with a reference, and how much it repeats itself. */
import { wordsIn } from "./words.ts";

/**
 * ROUGE-L (Lin 2004): the F1 of the longest common subsequence of words, 0 to 1. On ASCII text it equals that of Google's rouge-score
 * without its stemmer; elsewhere letters of every alphabet are words, which rouge-score drops. `split`: into words.
 */
export function rougeL(generated: string, reference: string, split = wordsIn): number {
  const [a, b] = [split(generated), split(reference)];
  const common = longestCommonSubsequence(a, b);
  return common === 0 ? 0 : (2 * common) / (a.length + b.length);
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let before = new Int32Array(b.length + 1);
  for (const word of a) {
    const lengths = new Int32Array(b.length + 1);
    for (let j = 0; j < b.length; j++)
      lengths[j + 1] = word === b[j] ? before[j]! + 1 : Math.max(before[j + 1]!, lengths[j]!);
    before = lengths;
  }
  return before[b.length]!;
}

const REPEATED = 4;

/** The share of 4-grams of tokens that occurred before in the same text (seq-rep-4, arXiv 1908.04319); 0 for shorter texts. */
export function repetition(ids: readonly number[]): number {
  const all = Math.max(0, ids.length - REPEATED + 1);
  const distinct = new Set(Array.from({ length: all }, (_, i) => ids.slice(i, i + REPEATED).join()));
  return all === 0 ? 0 : 1 - distinct.size / all;
}
