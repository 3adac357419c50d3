/** The language of a workbook's texts, which decides how its numbers and dates are read. */
import { ENGLISH, GERMAN, isEnglish, isGerman, wholeWords } from "./cloze/terms.ts";

export type SheetLanguage = "de" | "el" | "en" | "es" | "fr" | "it" | "pl" | "pt" | "ru" | "tr" | "other";

/** The commonest words of languages; those of the others are not German or English ones. */
const WORDS: Readonly<Record<Exclude<SheetLanguage, "other">, RegExp>> = {
  de: GERMAN,
  en: ENGLISH,
  el: wholeWords("και το του της την των για με από στην"),
  es: wholeWords("el los las del una con para por y según"),
  fr: wholeWords("le les du une est et dans sur aux la avec"),
  it: wholeWords("il lo gli della delle dei di che una la nel"),
  pl: wholeWords("w z na się że jest oraz nie dla od przez"),
  pt: wholeWords("os da dos uma em para não ao pela"),
  ru: wholeWords("и в на с по не за для от"),
  tr: wholeWords("ve bir bu ile için olarak tarafından veya"),
};
/** Fewer words may be names. */
const FEWEST_WORDS = 2;
/** Letters of many languages, but not of German or English. */
const OTHER_LETTERS =
  /[àâáãåæçčćêèéěëęąîïìíıİłńñôòóõøœřşśšûùúğýžżźőű]|[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Hebrew}\p{sc=Arabic}]/giu;

/** The language of a text; "other" if it is none of these, null if too little shows which. */
export function sheetLanguage(text: string): SheetLanguage | null {
  const found = Object.entries(WORDS)
    .map(([language, words]) => ({ language: language as SheetLanguage, count: countIn(text, words) }))
    .reduce((best, one) => (one.count > best.count ? one : best));
  const isForeign = found.language !== "de" && found.language !== "en";
  if (isForeign && found.count >= FEWEST_WORDS) return found.language;
  if (countIn(text, OTHER_LETTERS) > countIn(text, /[äöüß]/gi) && !isEnglish(text)) return "other";
  return isGerman(text) ? "de" : isEnglish(text) ? "en" : null;
}

const countIn = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
