/** The words of texts in any script. Where a script has no spaces between words, each of its letters counts as one. */

const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]`;
/** A letter with its marks. Some punctuation and signs belong to these scripts, too. */
const LETTER = String.raw`(?=[\p{L}\p{N}])${UNSPACED}\p{M}*`;
const hasUnspaced = new RegExp(UNSPACED, "u");

const SPACED_WORD = /[\p{L}\p{M}\p{N}]+/gu;
const WORD = new RegExp(String.raw`${LETTER}|(?:(?!${UNSPACED})[\p{L}\p{M}\p{N}])+`, "gu");
const SPACED_RUN = /\S+/g;
const RUN = new RegExp(String.raw`${LETTER}|(?:(?!${LETTER})\S)+`, "gu");

/** The words of a text for comparisons: composed, in lower case, only letters and digits. */
export function wordsIn(text: string): string[] {
  const folded = text.normalize("NFC").toLowerCase();
  return folded.match(hasUnspaced.test(folded) ? WORD : SPACED_WORD) ?? [];
}

/** Whether a word is a letter of a script without spaces, in which two or so make a word. */
export const isLetterOfWord = (word: string): boolean => hasUnspaced.test(word);

/** The words of a text as they are written, with their punctuation, and where they are. */
export function writtenWords(text: string): RegExpExecArray[] {
  return [...text.matchAll(hasUnspaced.test(text) ? RUN : SPACED_RUN)];
}
