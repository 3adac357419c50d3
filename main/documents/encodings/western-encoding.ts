/** Tells the encodings of Western European texts apart by the characters in and around their words. */
import iconv from "iconv-lite";

/** The usual one, then those of Excel's "CSV (Macintosh)" and "CSV (MS-DOS)". */
const ENCODINGS = ["windows-1252", "macintosh", "cp850"] as const;
/** By how much another encoding must be better than the usual one: a single character with its neighbours says little. */
const LEAST_ADVANTAGE = 2;

/** Letters of German, French, Spanish, Italian and Nordic words, and of names from elsewhere. */
const LOWER = /[äöüßéèêëàâáçîïíóôúûùœæñåøãšžµ]/;
const UPPER = /[ÄÖÜÉÈÊÀÂÁÇÎÍÓÔÚŒÆÑÅØŠŽ]/;
const GERMAN = /[äöüßÄÖÜ]/;
/** Characters that may precede a word, follow it, or be within it. */
const BEFORE = /[“”„‘’‚«»‹›•–—¿¡§…]/;
const AFTER = /[“”‘’»«›‹…–—™®©°¹²³]/;
const WITHIN = /[’‘´–—·]/;

/** The encoding in which these bytes make better words; null if it is the usual one, or in doubt. */
export function westernEncoding(bytes: Buffer): "macintosh" | "cp850" | "iso-8859-15" | null {
  const [usual, ...others] = ENCODINGS.map((encoding) => scoreOf(iconv.decode(bytes, encoding))) as [
    number,
    number,
    number,
  ];
  const best = Math.max(...others);
  if (best < usual + LEAST_ADVANTAGE) return isLatin9(bytes) ? "iso-8859-15" : null;
  return others[0] === best ? "macintosh" : "cp850";
}

/** Whether a text has the codes of € and œ in ISO-8859-15, and none that only Windows-1252 has. */
function isLatin9(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  return !/[\x80-\x9f]/.test(text) && /¤|\p{Ll}½\p{Ll}/u.test(text);
}

/** How many non-ASCII characters fit their neighbours, minus those that do not; German letters count slightly more, which breaks ties. */
function scoreOf(text: string): number {
  let score = 0;
  for (const { 0: character, index } of text.matchAll(/[^\0-\x7f]/g)) {
    const [before, after] = [text[index - 1] ?? " ", text[index + 1] ?? " "];
    if (isLetter(before) || isLetter(after) || character === "\ufffd")
      score += !fits(character, before, after) ? -1 : GERMAN.test(character) ? 1.01 : 1;
  }
  return score;
}

const isLetter = (character: string) => /\p{L}/u.test(character);
const isLower = (character: string) => /\p{Ll}/u.test(character);
const isUpper = (character: string) => /\p{Lu}/u.test(character);

function fits(character: string, before: string, after: string): boolean {
  if (character === "ß") return isLetter(before);
  if (LOWER.test(character)) return isLetter(before) ? !(isUpper(before) && isUpper(after)) : isLower(after);
  if (UPPER.test(character)) return isLetter(before) ? isUpper(before) && !isLower(after) : true;
  const signs = !isLetter(before) ? BEFORE : isLetter(after) ? WITHIN : AFTER;
  return signs.test(character);
}
