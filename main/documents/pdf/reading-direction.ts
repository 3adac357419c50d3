/** Lines with words of Arabic or Hebrew: the order in which they are read (a simple form of Unicode's UAX 9). */

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}]/u;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;

/** Points of Hebrew and vowels of Arabic, which are drawn over letters. */
const POINTS = /^[\u0591-\u05c7\u064b-\u065f\u0670]+$/;
const MIRRORED: Readonly<Record<string, string>> = {
  ...{ "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<" },
  ...{ "«": "»", "»": "«" },
};

export const isPoint = (text: string): boolean => POINTS.test(text);

export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Whether the columns of a text are read from right to left: more of its parts have letters of Arabic or Hebrew than only others. */
export function runsRightToLeft(parts: readonly { readonly text: string }[]): boolean {
  const turned = parts.filter(({ text }) => isRightToLeft(text)).length;
  return turned > parts.filter(({ text }) => /\p{L}/u.test(text)).length / 2;
}

/**
 * Words from left to right, in the order in which they are read. PDFium mirrors their brackets as if the file named what is drawn; Word and
 * LibreOffice name what was written.
 */
export function inReadingOrder<Word extends { readonly text: string }>(
  words: readonly Word[],
): readonly Word[] {
  const turned = words.filter(({ text }) => isRightToLeft(text)).length;
  if (turned === 0) return words;
  const straight = words.filter(({ text }) => !isRightToLeft(text) && LEFT_TO_RIGHT.test(text)).length;
  const isTurnedLine = turned >= straight;
  const runs: { readonly isTurned: boolean; readonly words: Word[] }[] = [];
  for (const word of words) {
    const isTurned = isRightToLeft(word.text) || (isTurnedLine && !LEFT_TO_RIGHT.test(word.text));
    const last = runs[runs.length - 1];
    if (last?.isTurned === isTurned) last.words.push(word);
    else runs.push({ isTurned, words: [word] });
  }
  const read = runs.map(({ isTurned, words }) => (isTurned ? words.reverse().map(mirrored) : words));
  return (isTurnedLine ? read.reverse() : read).flat();
}

const mirrored = <Word extends { readonly text: string }>(word: Word): Word => ({
  ...word,
  text: word.text.replace(/[()[\]{}<>«»]/g, (bracket) => MIRRORED[bracket]!),
});
