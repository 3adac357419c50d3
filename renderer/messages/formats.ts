/** Formatters for the current language. Creating one takes far longer than using it, so each is created once. */
import { language } from "./language.svelte.ts";

const made = new Map<string, unknown>();

function once<Options extends object, Format>(
  kind: new (language: string, options: Options) => Format,
): (options: Options) => Format {
  return (options) => {
    const key = JSON.stringify([kind.name, language.now, options]);
    if (!made.has(key)) made.set(key, new kind(language.now, options));
    return made.get(key) as Format;
  };
}

export const numberFormat = once<Intl.NumberFormatOptions, Intl.NumberFormat>(Intl.NumberFormat);
export const dateFormat = once<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>(Intl.DateTimeFormat);
export const listFormat = once<Intl.ListFormatOptions, Intl.ListFormat>(Intl.ListFormat);

/** "yesterday", "3 days ago". */
export const daysAgo = (days: number): string => relative({ numeric: "auto" }).format(-days, "day");
const relative = once<Intl.RelativeTimeFormatOptions, Intl.RelativeTimeFormat>(Intl.RelativeTimeFormat);

/** The number of midnights between two times, in local time. */
export const daysBetween = (earlier: Date, later: Date): number =>
  Math.round((midnightOf(later) - midnightOf(earlier)) / 86_400_000);

function midnightOf(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}
