/** How far two texts say the same, judged by their words. */
import { FUNCTION_WORDS } from "../../engine/documents/cloze/terms.ts";

/** Inflected forms of a word mostly share this many initial letters. */
const STEM_LETTERS = 6;

/** The distinct content words of a text: in lower case, long words cut to STEM_LETTERS, numbers in full. */
export function tellingWords(text: string): Set<string> {
  const all =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/\p{N}+(?:[.,:/]\p{N}+)*|\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word));
  const chosen = telling.length > 0 ? telling : all;
  return new Set(chosen.map((word) => (/^\p{N}/u.test(word) ? word : word.slice(0, STEM_LETTERS))));
}

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
