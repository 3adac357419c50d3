/** How long a run with a model takes here: what it computes, scaled to the draft's data, at the speed that was measured. */
import type { SuggestedModel } from "../../../preload/contract/calls/downloads.ts";
import { ASSUMED } from "../../../preload/contract/calls/models.ts";
import type { Fit } from "../../../preload/contract/calls/models.ts";
import { suitedTo } from "../../../preload/contract/plans/presets.ts";
import { durationText, numberText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";
import { language } from "../../messages/language.svelte.ts";
import { draft } from "../draft.svelte.ts";
import type { Sources } from "../draft.svelte.ts";
import { fitOf, models } from "./models.svelte.ts";

/** How far a model may be from the measured one: narrower ones are slower per operation, wider ones faster, 8-bit weights slower. */
const SPREAD = { low: 0.7, high: 1.4 };
const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
/** What each run also takes: loading, measuring and saving. */
const BESIDES = 2 * MINUTE;
/** The longest time that people call so, in seconds. */
const LONGEST = { minutes: 30 * MINUTE, hour: 2 * HOUR, night: 14 * HOUR, days: 5 * DAY };

interface DataSize {
  readonly rows: number;
  readonly tokens: number;
  readonly isWritten: boolean;
}

/** The data as read last: choosing another model discards what was read, but hardly changes its size. */
let last: { readonly sources: Sources; readonly size: DataSize } | undefined;

/** The draft's training rows; null until they have been read. */
export function dataSize(): DataSize | null {
  if (!draft.now) return null;
  const { dataset, sources } = draft.now;
  const lengths = dataset?.report.tokenLengths;
  if (lengths) {
    const { rows, mean } = lengths;
    last = {
      sources,
      size: { rows, tokens: rows * mean, isWritten: suitedTo(dataset.report) === "careful" },
    };
  }
  return last?.sources === sources ? last.size : null;
}

/** Seconds of a run with a model; undefined until this computer has been measured. */
export function secondsOf({ operations }: Pick<Fit, "operations">): number | undefined {
  const tokens = dataSize()?.tokens ?? ASSUMED.rows * ASSUMED.tokensPerRow;
  if (models.speed === undefined) return undefined;
  return BESIDES + ((tokens / (ASSUMED.rows * ASSUMED.tokensPerRow)) * operations) / models.speed;
}

/** "about 12 min", "about an hour", "overnight", "about 3 days", "too slow here". */
export function lengthText(seconds: number): string {
  if (seconds <= LONGEST.minutes) return t.target.about(durationText(seconds));
  if (seconds <= LONGEST.hour) return t.model.anHour;
  if (seconds <= LONGEST.night) return t.model.overnight;
  return seconds <= LONGEST.days ? t.model.days(numberText(Math.ceil(seconds / DAY))) : t.model.tooSlow;
}

/** How its tag looks. */
export const lengthKind = (seconds: number): "good" | "neutral" | "warn" | "error" =>
  seconds <= LONGEST.hour
    ? "good"
    : seconds <= LONGEST.night
      ? "neutral"
      : seconds <= LONGEST.days
        ? "warn"
        : "error";

/** Between what seconds a run probably ends, without false digits. */
export function lengthRange(seconds: number): { low: number; high: number } {
  const rounded = (value: number) => {
    const step = value < 20 * MINUTE ? MINUTE : value < 3 * HOUR ? 10 * MINUTE : HOUR;
    return Math.max(step, step * Math.round(value / step));
  };
  return { low: rounded(SPREAD.low * seconds), high: rounded(SPREAD.high * seconds) };
}

/**
 * The listed model for this computer and these data, of those that may be used freely: where answers are chosen the smallest, otherwise
 * the largest that is trained overnight, as larger ones write better; of many languages where the window speaks another than English.
 * Undefined until this computer has been measured.
 */
export function recommendedOf(suggested: readonly SuggestedModel[]): SuggestedModel | undefined {
  if (models.speed === undefined) return undefined;
  const usable = suggested
    .filter(({ terms, strength }) => terms === "free" && strength !== "code")
    .filter(({ languages }) => language.now === "en" || languages === "many")
    .filter((model) => fitOf(model, models.memoryBytes) === "fits")
    .sort((a, b) => a.parameters - b.parameters);
  const overnight = usable.filter(({ fit }) => secondsOf(fit)! <= LONGEST.night);
  return dataSize()?.isWritten === false ? usable[0] : (overnight.at(-1) ?? usable[0]);
}
