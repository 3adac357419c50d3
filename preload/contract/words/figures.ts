/** Figures formatted for people, the same on the command line and in the window: with a unit and without excess digits. */
import type { ModelReport } from "../plans/model.ts";
import type { WeightStorage } from "../plans/plan.ts";
import type { Accuracy } from "../runs/run.ts";

/** "1.5 GB", "272 MB", "840 kB": decimal units, as for disks. */
export function bytesText(bytes: number): string {
  if (bytes >= 999.5e6) return `${(bytes / 1e9).toFixed(bytes >= 99.5e9 ? 0 : 1)} GB`;
  if (bytes >= 999.5e3) return `${(bytes / 1e6).toFixed(bytes >= 9.95e6 ? 0 : 1)} MB`;
  if (bytes >= 1000) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes)} bytes`;
}

/** "GGUF Q4_K_M", "safetensors F16": a model file's format, with its mix of tensor types or else its most common type. */
export function formatText({
  format,
  fileType,
  storage,
}: Pick<ModelReport, "format" | "fileType" | "storage">): string {
  const types = Object.entries(storage).sort(([, a], [, b]) => b - a);
  const [most] = types.find(([type]) => type !== "f32") ?? types[0] ?? [""];
  const name = format === "gguf" ? "GGUF" : "safetensors";
  return `${name} ${fileType ?? most.toUpperCase()}`.trim();
}

/** Decimals of a speed: large models answer so slowly that one counts. */
export const speedDigits = (tokensPerSecond: number): number => (tokensPerSecond < 9.95 ? 1 : 0);

/** "158 tokens/s"; below ten with one decimal. */
export const speedText = (tokensPerSecond: number): string =>
  `${tokensPerSecond.toFixed(speedDigits(tokensPerSecond))} tokens/s`;

/** "44 min", "35 s", "2 h 10 min". */
export function durationText(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

/** Per cent of a share without the noise of floating point: 51.25 for 41 of 80, not 51.24999999999999. */
export const percentOf = (share: number): number => Number((100 * share).toPrecision(12));

/** "51.3", with so many decimals: as in the window, halves are rounded up, also where a binary fraction is slightly less, such as 1.15. */
export function decimalText(value: number, digits: number): string {
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString("en", { ...decimals, useGrouping: false });
}

/** "65.1%". */
export function percentText(share: number, digits = 1): string {
  return `${decimalText(percentOf(share), digits)}%`;
}

/** "99%": how much of a job is done. Nothing is at 100% before its end. */
export const doneText = (fraction: number): string => `${Math.floor(percentOf(fraction))}%`;

/** "+1.2", "-0.3", "0.0": a difference of shares, in points. */
export function signedText(share: number, minus = "-"): string {
  const text = decimalText(Math.abs(percentOf(share)), 1);
  return text === "0.0" ? text : `${share < 0 ? minus : "+"}${text}`;
}

/** "95%", "97.5%": a share that a person entered, without rounding. */
export const enteredPercentText = (share: number): string => `${percentOf(share)}%`;

/** Decimals of a percentage that may be small: one below 2%, otherwise none. */
export const percentDigits = (share: number): number => (share < 0.02 ? 1 : 0);

/** "65.1% (62.3–67.7)": a share with its 95% interval, and who made its questions if no person wrote them. */
export function accuracyText({
  value,
  low,
  high,
  ...asked
}: Pick<Accuracy, "value" | "low" | "high" | "made" | "checked">): string {
  const source = asked.made ? `; ${madeText(asked)}` : "";
  return `${percentText(value)} (${decimalText(percentOf(low), 1)}–${decimalText(percentOf(high), 1)}${source})`;
}

/** The note next to every figure over questions that no person wrote, in English. `checked`: how many of them a person has checked, if known. */
export function madeText({ made, checked }: Pick<Accuracy, "made" | "checked">): string {
  if (made !== "written") return "made questions (cloze)";
  return `made questions (by a model${checked === undefined ? "" : `, ${checked} checked`})`;
}

/** That `count` made questions of a split were left out, in English. `made`: the origin of its other questions. */
export function madeLeftOutText(split: string, count: number, made: Accuracy["made"]): string {
  const others = made === "written" ? "a model wrote" : "a person asked";
  const [were, them] = count === 1 ? ["was", "it"] : ["were", "them"];
  return `${counted(count, "made question")} of ${split} ${were} left out: no figure mixes ${them} with questions that ${others}.`;
}

/** "135 million", "7.2 billion". */
export function countText(count: number): string {
  if (count >= 999.5e6) return `${(count / 1e9).toFixed(1)} billion`;
  if (count >= 999.5e3) return `${(count / 1e6).toFixed(count >= 9.95e6 ? 0 : 1)} million`;
  return count.toLocaleString("en");
}

/** "1 row", "1,234 rows". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** The bits of a weight; with 8 or 4 bits, a block of 32 weights or all weights of an output share a scale. */
export const bitsOf: Readonly<Record<WeightStorage, number>> = { f32: 32, f16: 16, q8: 8, q4: 4, w8a8: 8 };

/** "8-bit weights"; weights multiplied in int8 are named as such. */
export const weightsText = (storage: WeightStorage): string =>
  `${bitsOf[storage]}-bit weights${storage === "w8a8" ? " (w8a8)" : ""}`;
