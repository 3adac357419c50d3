/** Figures formatted for people in the current language: with a unit and without excess digits. */
import type { Accuracy } from "../../preload/contract/runs/run.ts";
import { percentOf, speedDigits } from "../../preload/contract/words/figures.ts";
import { dateFormat, daysAgo, daysBetween, listFormat, numberFormat } from "./formats.ts";
import { language } from "./language.svelte.ts";

/** "1,420", "0.84"; `digits` after the point. */
export function numberText(value: number, digits = 0): string {
  return numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** "0.00001", "20000": a number as shown in a field, so that `numberIn` can read it. */
export function fieldText(value: number): string {
  return numberFormat({ useGrouping: false, maximumSignificantDigits: 17 }).format(value);
}

/** "97.5": a share that a person entered, as shown in a field for per cent. */
export const percentFieldText = (share: number): string => fieldText(percentOf(share));

/** "97.5%": the same in a sentence. */
export function enteredPercentText(share: number): string {
  return numberFormat({ style: "percent", maximumFractionDigits: 10 }).format(percentOf(share) / 100);
}

/**
 * The number that a person typed in the current language: "1,420.5" or "1.420,5". If it is unambiguous, either separator may be the
 * decimal one. NaN if it is not a number.
 */
export function numberIn(text: string): number {
  const [group, point] = language.now === "de" ? [".", ","] : [",", "."];
  const typed = text.trim();
  if (typed === "") return NaN;
  const isGrouped = new RegExp(`^-?[1-9]\\d{0,2}(\\${group}\\d{3})+(\\${point}\\d*)?$`).test(typed);
  return Number((isGrouped ? typed.replaceAll(group, "") : typed).replace(",", "."));
}

/** The fewest decimals that tell apart round numbers which are `step` apart: 2 for 0.25. */
export function decimalsOf(step: number): number {
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6 * value;
  const digits = [0, 1, 2, 3, 4, 5].find((count) => isWhole(step * 10 ** count));
  return digits ?? 6;
}

/** "1.5 GB", "272 MB", "840 kB": decimal units, as for disks. `step`: to tell it apart from others which are as far away. */
export function bytesText(bytes: number, step?: number): string {
  const digits = (unit: number, usual: number) => (step === undefined ? usual : decimalsOf(step / unit));
  if (bytes >= 999.5e6) return `${numberText(bytes / 1e9, digits(1e9, bytes >= 99.5e9 ? 0 : 1))} GB`;
  if (bytes >= 999.5e3) return `${numberText(bytes / 1e6, digits(1e6, bytes >= 9.95e6 ? 0 : 1))} MB`;
  if (bytes >= 1000) return `${numberText(bytes / 1000)} kB`;
  return `${numberText(bytes)} ${language.now === "de" ? "Byte" : "bytes"}`;
}

/** "44 min", "35 s", "2 h 10 min", "3 d 4 h". */
export function durationText(seconds: number): string {
  if (seconds < 59.5) return `${numberText(Math.max(1, Math.round(seconds)))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
  const days = language.now === "de" ? "Tage" : "days";
  return `${Math.round(hours / 24)} ${days}`;
}

/** "25 min – 1 h": a range of durations; "2 min" if its ends read the same. */
export function durationRange({ low, high }: { readonly low: number; readonly high: number }): string {
  return [...new Set([durationText(low), durationText(high)])].join(" – ");
}

/** "3 Tagen": a duration after "in" and other German prepositions with the dative. */
export function durationDative(seconds: number): string {
  return durationText(seconds).replace(/Tage$/, "Tagen");
}

/** "65.1%". */
export function percentText(share: number, digits = 1): string {
  return numberFormat({
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

/** "65.1% (62.3–67.7)": a share with its 95% interval, and who made its questions if no person wrote them. */
export function accuracyText(
  accuracy: Pick<Accuracy, "value" | "low" | "high" | "made" | "checked">,
): string {
  const source = accuracy.made ? `; ${madeText(accuracy)}` : "";
  return `${percentText(accuracy.value)} (${intervalText(accuracy)}${source})`;
}

/** The note next to every figure over questions that no person wrote. `checked`: how many of them a person has checked, if known. */
export function madeText({ made, checked }: Pick<Accuracy, "made" | "checked">): string {
  const isGerman = language.now === "de";
  if (made !== "written") return isGerman ? "erzeugte Fragen (Lückentext)" : "made questions (cloze)";
  const seen = checked === undefined ? "" : `, ${numberText(checked)} ${isGerman ? "geprüft" : "checked"}`;
  return isGerman ? `erzeugte Fragen (von einem Modell${seen})` : `made questions (by a model${seen})`;
}

/** "62.3–67.7": an interval next to its percentage. */
export function intervalText({ low, high }: Pick<Accuracy, "low" | "high">): string {
  return `${numberText(percentOf(low), 1)}–${numberText(percentOf(high), 1)}`;
}

/** "62.3–67.7%": an interval on its own. */
export function intervalPercentText({ low, high }: Pick<Accuracy, "low" | "high">): string {
  return `${numberText(percentOf(low), 1)}–${percentText(high)}`;
}

/** "−6.2", "+0.3", "0.0": a difference of shares, in points. */
export function signedText(share: number): string {
  const text = numberText(Math.abs(percentOf(share)), 1);
  return /[1-9]/.test(text) ? `${share < 0 ? "−" : "+"}${text}` : text;
}

/** "135 million", "7.2 billion". */
export function countText(count: number): string {
  const [billion, million] = language.now === "de" ? ["Mrd.", "Mio."] : ["billion", "million"];
  if (count >= 999.5e6) return `${numberText(count / 1e9, 1)} ${billion}`;
  if (count >= 999.5e3) return `${numberText(count / 1e6, count >= 9.95e6 ? 0 : 1)} ${million}`;
  return numberText(count);
}

/** "158 tokens/s"; below ten with one decimal. */
export function speedText(tokensPerSecond: number): string {
  return `${numberText(tokensPerSecond, speedDigits(tokensPerSecond))} ${language.now === "de" ? "Token/s" : "tokens/s"}`;
}

/** "2 March 2026". */
export function dateText(time: Date | number | string): string {
  return dateFormat({ dateStyle: "long" }).format(new Date(time));
}

/** "15:04". In Chromium 108, `hour12: false` gives "24:04" for the first hour of a day. */
export function timeText(time: Date | number | string): string {
  return dateFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(time));
}

/** "today, 15:04", "yesterday", "3 days ago", then the date. */
export function sinceText(time: Date | number | string, now: Date = new Date()): string {
  const date = new Date(time);
  const days = daysBetween(date, now);
  if (days > 6) return dateText(date);
  const text = daysAgo(days);
  return days === 0 ? `${text}, ${timeText(date)}` : text;
}

/** "a, b and c". */
export function listText(names: readonly string[]): string {
  return listFormat({ type: "conjunction" }).format(names);
}
