/** The heading for a conversation's day: "Today", "Yesterday", "3 days ago", then the month. */
import { dateFormat, daysAgo, daysBetween } from "../messages/formats.ts";
import { language } from "../messages/language.svelte.ts";

export function dayText(time: string, now: Date = new Date()): string {
  const date = new Date(time);
  const days = daysBetween(date, now);
  if (days > 6) return dateFormat({ month: "long", year: "numeric" }).format(date);
  const text = daysAgo(days);
  return text.charAt(0).toLocaleUpperCase(language.now) + text.slice(1);
}
