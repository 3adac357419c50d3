/** The language of a text, judged by its commonest words and its letters. */

/** Those whose commonest words are known, and all others. */
export type TextLanguage = keyof typeof WORDS | "other";

/** The commonest words of languages. "in", "an", "was" and "die" are German and English; those of the others are neither. The order decides ties. */
const WORDS = {
  de: anyCase(
    "der das und ist sind nicht ein eine einen einem einer eines von vom mit wird werden wurde wurden zu zum zur den dem des kein keine keinen keiner bei beim im am auf aus für nach durch oder auch sich als wie hat haben",
  ),
  en: anyCase(
    "the and is are were be been not of with to that this for from by or on at as it has have which",
  ),
  el: wholeWords("και το του της την των για με από στην"),
  es: wholeWords("el los las del una con para por según"),
  fr: wholeWords("le les une est et dans sur aux avec par qui"),
  it: wholeWords("il gli della delle dei degli che una nel alla"),
  nl: wholeWords("het een van niet voor aan wordt zijn"),
  pl: wholeWords("się że jest oraz dla przez który jego lub"),
  pt: wholeWords("os dos uma para não pela são pelo"),
  ru: wholeWords("и в на с по не за для от"),
  sv: wholeWords("och att som det är av för på till inte"),
  tr: wholeWords("ve bir bu ile için olarak tarafından veya"),
};
/** Fewer words may be names. */
const FEWEST_WORDS = 2;
/** Letters that English does not have. */
const GERMAN_LETTERS = /[äöüß]/giu;
/** Letters of many languages, but not of German or English. */
const OTHER_LETTERS =
  /[àâáãåæçčćêèéěëęąîïìíıİłńñôòóõøœřşśšûùúğýžżźőű]|[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Hebrew}\p{sc=Arabic}]/giu;
/** Enough text to detect its language. */
const TELLING_CHARACTERS = 100_000;

/** The language of a text; null if too little shows which, as in a tie of German and English. */
export function languageOf(whole: string): TextLanguage | null {
  const text = whole.slice(0, TELLING_CHARACTERS);
  const found = Object.entries(WORDS)
    .map(([language, words]) => ({ language: language as TextLanguage, count: countIn(text, words) }))
    .reduce((best, one) => (one.count > best.count ? one : best));
  const isForeign = found.language !== "de" && found.language !== "en";
  if (isForeign && found.count >= FEWEST_WORDS) return found.language;
  const germanLetters = countIn(text, GERMAN_LETTERS);
  const germanSigns = countIn(text, WORDS.de) + germanLetters - countIn(text, WORDS.en);
  if (germanSigns < 0) return "en";
  const hasGermanWords = found.language === "de" && found.count > 0;
  if (countIn(text, OTHER_LETTERS) > germanLetters && !hasGermanWords) return "other";
  return germanSigns > 0 ? "de" : null;
}

/** Whether a text is German. */
export const isGerman = (text: string): boolean => languageOf(text) === "de";

const countIn = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Matches any of these words in a text, in any case. */
function anyCase(list: string): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${list.replaceAll(" ", "|")})(?!\\p{L})`, "giu");
}

/** The same, but not all in capitals: LE and EL are abbreviations. */
function wholeWords(list: string): RegExp {
  const words = list.split(" ").map((word) => `[${word[0]!}${word[0]!.toUpperCase()}]${word.slice(1)}`);
  return new RegExp(`(?<!\\p{L})(?:${words.join("|")})(?!\\p{L})`, "gu");
}
