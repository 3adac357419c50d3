/** How far two texts say the same, judged by their words. */
import { tellingWordsIn } from "../../documents/stored/telling-words.ts";

/** The distinct content words of a text. */
export const tellingWords = (text: string): Set<string> => new Set(tellingWordsIn(text));

/** The share of the words of `text` that `source` has; 0 without words. */
export function shareIn(text: string, source: string): number {
  const [own, others] = [tellingWords(text), tellingWords(source)];
  return own.size === 0 ? 0 : common(own, others) / own.size;
}

/** The share of the shorter answer's words that are in the longer one: 1 if the longer one contains all of the shorter one. */
export function containment(a: string, b: string): number {
  const [first, second] = [tellingWords(a), tellingWords(b)];
  const shorter = Math.min(first.size, second.size);
  return shorter === 0 ? 0 : common(first, second) / shorter;
}

/** The F1 of two answers' words. */
export function likeness(a: string, b: string): number {
  const [first, second] = [tellingWords(a), tellingWords(b)];
  return first.size + second.size === 0 ? 0 : (2 * common(first, second)) / (first.size + second.size);
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((word) => b.has(word)).length;
}
