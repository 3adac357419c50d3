/** The day that conversations stand under: "Today", "Yesterday", "3 days ago", then the month. */
import { language } from "../messages/language.svelte.ts";

export function dayText(time: string, now: Date = new Date()): string {
  const date = new Date(time);
  const days = Math.round((midnightOf(now) - midnightOf(date)) / 86_400_000);
  if (days > 6) {
    return new Intl.DateTimeFormat(language.now, { month: "long", year: "numeric" }).format(date);
  }
  const text = new Intl.RelativeTimeFormat(language.now, { numeric: "auto" }).format(-days, "day");
  return text.charAt(0).toLocaleUpperCase(language.now) + text.slice(1);
}

function midnightOf(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}
