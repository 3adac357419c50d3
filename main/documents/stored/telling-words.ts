/** The words by which texts are compared and found. */
import { FUNCTION_WORDS } from "../cloze/terms.ts";

/** Inflected forms of a word mostly share this many initial letters. */
const STEM_LETTERS = 6;

/** The content words of a text in order: in lower case, long words cut to STEM_LETTERS, numbers in full. All words if it has no others. */
export function tellingWordsIn(text: string): string[] {
  const all =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/\p{N}+(?:[.,:/]\p{N}+)*|\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word));
  const chosen = telling.length > 0 ? telling : all;
  return chosen.map((word) => (/^\p{N}/u.test(word) ? word : word.slice(0, STEM_LETTERS)));
}
