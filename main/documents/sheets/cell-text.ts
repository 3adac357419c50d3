/** The values of a workbook's cells as a person reads them, in the workbook's language (ECMA-376, part 1, 18.8.31). */
import { dateToSerial, formatValue } from "hucre";
import { GERMAN_MONTHS } from "../blocks/months.ts";
import type { StoredSheet } from "./shown-part.ts";
import { languageOf } from "../blocks/text-language.ts";
import type { TextLanguage } from "../blocks/text-language.ts";

/** How a workbook's values are written where a cell's format leaves it open. */
export interface CellConventions {
  /** Of the names of months and weekdays; it decides the separator in dates, too. */
  readonly language: TextLanguage;
  /** 1.234,50 or 1 234,50 as in these countries, or 1'234.50; otherwise 1,234.50. */
  readonly numbers: "de-DE" | "fr-FR" | "Swiss" | undefined;
  /** Whether days are counted from 1904, as Excel for Mac did. */
  readonly is1904: boolean;
}

const LONGEST_FORMAT_CHARACTERS = 255;
/** Enough text to detect its language. */
const TELLING_CHARACTERS = 20_000;
/** A euro sign after the number, or a date with points: never English. */
const NOT_ENGLISH = /[0#?][^;€]*€|dd?\\?\.mm?\\?\.yy/i;
const SWISS = /CHF|-(?:[\da-f]*807|de-ch)\]/i;

/** The conventions of these sheets, judged by their texts, or by their formats where the texts are inconclusive. */
export function conventionsOf(sheets: readonly StoredSheet[], is1904: boolean): CellConventions {
  const formats = formatsIn(sheets);
  const asks = (wanted: RegExp) => [...formats].some((format) => wanted.test(format));
  const isInGerman = () =>
    [...formats].some((format) => {
      const asked = languageAsked(format);
      return asked === undefined ? NOT_ENGLISH.test(format) : asked === "de";
    });
  const language = languageOf(textIn(sheets)) ?? (isInGerman() ? "de" : "en");
  const hasComma = language === "other" ? asks(NOT_ENGLISH) : language !== "en";
  const ofCountry = SPACED_THOUSANDS.has(language) ? "fr-FR" : "de-DE";
  const numbers = asks(SWISS) ? "Swiss" : hasComma ? ofCountry : undefined;
  return { language, numbers, is1904 };
}

const SPACED_THOUSANDS: ReadonlySet<TextLanguage> = new Set(["fr", "pl", "ru", "sv"]);

function isUsable(format: string | undefined): format is string {
  return format !== undefined && format.length <= LONGEST_FORMAT_CHARACTERS;
}

function formatsIn(sheets: readonly StoredSheet[]): Set<string> {
  const found = new Set<string | undefined>();
  for (const { cells, formats } of sheets) {
    for (const { style } of cells?.values() ?? []) found.add(style?.numFmt);
    for (const row of formats ?? []) for (const format of row ?? []) found.add(format);
  }
  return new Set([...found].filter(isUsable));
}

function textIn(sheets: readonly StoredSheet[]): string {
  const texts: string[] = [];
  let length = 0;
  for (const { rows } of sheets)
    for (const row of rows)
      for (const value of row) {
        if (typeof value !== "string") continue;
        texts.push(value);
        length += value.length;
        if (length > TELLING_CHARACTERS) return texts.join("\n").slice(0, TELLING_CHARACTERS);
      }
  return texts.join("\n");
}

const QUOTED = /"[^"]*"|\\./g;
const TAG = /\[\$([^\]-]*)(?:-([^\]]*))?\]/g;
/** The bits of a Windows language identifier that give the language without its country ([MS-LCID] 2.1). */
const LANGUAGE_BITS = 0x3ff;
const LANGUAGE_IDS: Readonly<Record<number, TextLanguage>> = {
  7: "de",
  8: "el",
  9: "en",
  10: "es",
  12: "fr",
  16: "it",
  19: "nl",
  21: "pl",
  22: "pt",
  25: "ru",
  29: "sv",
  31: "tr",
};

/** The language that a format asks for; undefined if it asks for none. */
function languageAsked(format: string): TextLanguage | undefined {
  for (const [, , tag = ""] of format.matchAll(TAG)) {
    if (/^de\b/i.test(tag)) return "de";
    const id = /^[\da-f]+$/i.test(tag) ? Number.parseInt(tag, 16) & LANGUAGE_BITS : 0;
    if (id !== 0) return LANGUAGE_IDS[id] ?? "other";
  }
  return undefined;
}

/** Formats that Excel shows in each computer's own order of day and month. */
const LOCAL_DATES = /^(General|mm-dd-yy|m\/d\/yy|m\/d\/yy(yy)?( h:mm)?|mm\/dd\/yy(yy)?)$/i;

/** Whether a format is that of durations, as of more than 24 hours: [h]:mm. */
export const isDurationFormat = (format: string): boolean => /\[(?:h+|m+|s+)\]/i.test(format);

/** In days. Two hours are 0.08333…, and hucre rounds down: it showed 1:00. */
const A_MOMENT = 1e-9;

/** A date in its format. Where the format depends on the computer: as 2024-03-01 (in German, 01.03.2024), with the time if it has one. */
export function dateText(date: Date, format: string, conventions: CellConventions): string {
  if (Number.isNaN(date.getTime())) return "";
  if (LOCAL_DATES.test(format)) return localDate(date, conventions);
  if (!isUsable(format)) return date.toISOString();
  if (isDurationFormat(format))
    return numberText(dateToSerial(date, conventions.is1904), format, conventions);
  const language = languageAsked(format) ?? conventions.language;
  const shown = language === "de" ? germanDate(format, date) : withNames(format, date, language);
  return formatted(date, shown, conventions) ?? date.toISOString();
}

function localDate(date: Date, { language }: CellConventions): string {
  const [iso, time] = date.toISOString().slice(0, 16).split("T") as [string, string];
  const day = language === "de" ? iso.split("-").reverse().join(".") : iso;
  return time === "00:00" ? day : `${day} ${time}`;
}

/** A number, as of days of a duration, in its format; without one, with up to 15 significant digits, as spreadsheets show it. */
export function numberText(value: number, format: string, conventions: CellConventions): string {
  const digits = String(Number(value.toPrecision(15)));
  const plain = localeOf(conventions) ? digits.replace(".", ",") : digits;
  if (format === "General" || format === "@") return plain;
  const shown = isDurationFormat(format) ? durationText : formatted;
  return shown(value, format, conventions) ?? plain;
}

/** A duration of days. hucre shows negative ones as 0:00, unless their format has a section for them. */
function durationText(days: number, format: string, conventions: CellConventions): string | null {
  const own = format.replace(/;@$/, ""); // the section of texts
  const amount = Math.abs(days) + A_MOMENT;
  if (days >= 0 || own.includes(";")) return formatted(days < 0 ? -amount : amount, own, conventions);
  const text = formatted(amount, own, conventions);
  return text === null ? null : `-${text}`;
}

/** The names of true and false in Excel. */
const BOOLEANS: Readonly<Record<TextLanguage, readonly [yes: string, no: string]>> = {
  de: ["WAHR", "FALSCH"],
  el: ["ΑΛΗΘΗΣ", "ΨΕΥΔΗΣ"],
  en: ["TRUE", "FALSE"],
  es: ["VERDADERO", "FALSO"],
  fr: ["VRAI", "FAUX"],
  it: ["VERO", "FALSO"],
  nl: ["WAAR", "ONWAAR"],
  other: ["TRUE", "FALSE"],
  pl: ["PRAWDA", "FAŁSZ"],
  pt: ["VERDADEIRO", "FALSO"],
  ru: ["ИСТИНА", "ЛОЖЬ"],
  sv: ["SANT", "FALSKT"],
  tr: ["DOĞRU", "YANLIŞ"],
};

export const booleanText = (value: boolean, { language }: CellConventions): string =>
  BOOLEANS[language][value ? 0 : 1];

const SHORT_MONTHS = "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(" ");
const DAYS = "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split(" ");
/** Formats for the system's long date and its time, and the German ones. */
const OF_SYSTEM: readonly (readonly [RegExp, string])[] = [
  [/^\[\$-(?:F800|x-sysdate)\]/i, "dddd, d. mmmm yyyy"],
  [/^\[\$-(?:F400|x-systime)\]/i, "hh:mm:ss"],
];

/**
 * The format with the date's month and weekday written out in German. A slash stands for a language's date separator, in German a point.
 */
function germanDate(format: string, date: Date): string {
  const own = OF_SYSTEM.find(([tag]) => tag.test(format))?.[1] ?? format;
  return own.replace(/"[^"]*"|\\.|\[[^\]]*\]|am\/pm|a\/p|m{3,5}|d{3,4}|\//gi, (part) => {
    const [month, day] = [date.getUTCMonth(), DAYS[date.getUTCDay()]!];
    switch (part.toLowerCase()) {
      case "/":
        return ".";
      case "mmm":
        return `"${SHORT_MONTHS[month]}"`;
      case "mmmm":
        return `"${GERMAN_MONTHS[month]}"`;
      case "mmmmm":
        return `"${GERMAN_MONTHS[month]![0]}"`;
      case "ddd":
        return `"${day.slice(0, 2)}"`;
      case "dddd":
        return `"${day}"`;
      default:
        return part;
    }
  });
}

/** The format with the date's month and weekday written out in a language that the formatter does not know. */
function withNames(format: string, date: Date, language: TextLanguage): string {
  if (language === "en" || language === "other") return format;
  const name = (options: Intl.DateTimeFormatOptions, part: "month" | "weekday") =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" })
      .formatToParts(date)
      .find(({ type }) => type === part)!.value;
  const day = /(?<!d)d{1,2}(?!d)/i.test(format) ? ({ day: "numeric" } as const) : {}; // some months are declined after a day
  return format.replace(/"[^"]*"|\\.|\[[^\]]*\]|m{3,4}(?!m)|d{3,4}/gi, (part) => {
    switch (part.toLowerCase()) {
      case "mmm":
        return `"${name({ ...day, month: "short" }, "month")}"`;
      case "mmmm":
        return `"${name({ ...day, month: "long" }, "month")}"`;
      case "ddd":
        return `"${name({ weekday: "short" }, "weekday")}"`;
      case "dddd":
        return `"${name({ weekday: "long" }, "weekday")}"`;
      default:
        return part;
    }
  });
}

function localeOf({ numbers }: CellConventions): "de-DE" | "fr-FR" | undefined {
  return numbers === "Swiss" ? undefined : numbers;
}

/** The first two sections of a format, and the third, which is for zero. */
const UP_TO_ZERO = /^((?:(?:"[^"]*"|\\.|[^";\\])*;){2})((?:"[^"]*"|\\.|[^";\\])*)/;

/** The format whose zero has no digits where it only keeps their places, as that of accounting does: `"-"??` shows a dash. */
const withoutPlaces = (format: string): string =>
  format.replace(UP_TO_ZERO, (_, others: string, zero: string) => {
    const hasDigits = /[0#/]/.test(zero.replace(QUOTED, ""));
    return others + (hasDigits ? zero : zero.replace(/("[^"]*"|\\.)|\?/g, "$1"));
  });

/** Fractions of more than three digits, which is the most that programs offer: hucre tries all denominators. */
const LONG_FRACTION = /[?#0]\/[?#0]{4}/;
const LITERAL = /"[^"]*"|\[[^\]]*\]|[\\_*]./g;

/** Null if the format is broken, or would take too long. */
function formatted(value: number | Date, format: string, conventions: CellConventions): string | null {
  if (!isUsable(format) || LONG_FRACTION.test(format.replace(LITERAL, ""))) return null;
  const withCurrency = withoutPlaces(
    format.replace(TAG, (_, symbol: string) => (symbol === "" ? "" : `"${symbol}"`)),
  );
  try {
    const locale = localeOf(conventions);
    const text = formatValue(value, withCurrency, {
      ...(locale && { locale }),
      is1904: conventions.is1904,
    }).trim();
    if (text === "") return null;
    const isSwiss = conventions.numbers === "Swiss" && typeof value === "number";
    return isSwiss ? text.replace(/(?<=\d),(?=\d{3})/g, "'") : text;
  } catch {
    return null;
  }
}
