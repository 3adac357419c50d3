/** Tells the encodings of Cyrillic texts apart, also of short ones, by their commonest letters and their capitals. */
import iconv from "iconv-lite";

const ENCODINGS = ["windows-1251", "koi8-r", "cp866", "iso-8859-5"] as const;
export type CyrillicEncoding = (typeof ENCODINGS)[number];

/** In any Cyrillic text, about two letters of three are one of these; in another text that is read as Cyrillic, about one of three. */
const COMMON = /[оеаинтсрвлкі]/giu;
const LEAST_SHARE = 0.5;
/** Fewer characters say little. */
const FEWEST_CHARACTERS = 6;
/** A word without capitals, with one at its beginning, or all in capitals. */
const SPELT_WELL = /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u;

/** The encoding in which these bytes are Cyrillic words; null if in none. */
export function cyrillicEncoding(bytes: Buffer): CyrillicEncoding | null {
  if (!hasWordsAboveAscii(bytes)) return null;
  const scores = ENCODINGS.map((encoding) => ({ encoding, score: scoreOf(iconv.decode(bytes, encoding)) }));
  const best = scores.reduce((best, one) => (one.score > best.score ? one : best));
  return best.score >= LEAST_SHARE ? best.encoding : null;
}

/** Whether most bytes above ASCII are next to others, at least three in a row: in Latin texts, they are single letters. */
function hasWordsAboveAscii(bytes: Buffer): boolean {
  const runs = bytes.toString("latin1").match(/[\x80-\xff]+/g) ?? [];
  const lengthOf = (some: readonly string[]) => some.reduce((sum, { length }) => sum + length, 0);
  const all = lengthOf(runs);
  return all >= FEWEST_CHARACTERS && 2 * lengthOf(runs.filter(({ length }) => length >= 3)) > all;
}

/** The share of common letters among characters above ASCII, less words with capitals in odd places and signs within words. */
function scoreOf(text: string): number {
  let [score, count] = [0, 0];
  for (const [word] of text.matchAll(/(?:[^\0-\x7f]|')+/gu)) {
    count += word.length;
    const isWord = word.split(/[«»„“”’'—–…]/u).every((part) => SPELT_WELL.test(part));
    score += isWord ? (word.match(COMMON)?.length ?? 0) : -word.length;
  }
  return count === 0 ? 0 : score / count;
}
