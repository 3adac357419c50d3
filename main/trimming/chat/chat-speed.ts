/** The speed of chat models: of one alone, and of two that are timed in turn, so that other programs slow down both alike (docs/design.md). */
import { median, medianInterval } from "../../../native-models/evaluation/statistics.ts";
import { arbitraryTokens } from "../../../native-models/inference/arbitrary-tokens.ts";
import type { Decoder } from "../../../native-models/inference/decoder.ts";
import type { Estimate } from "../../../preload/contract/runs/measures.ts";
import { startTiming } from "./own-time.ts";
import type { Spent } from "./own-time.ts";

/**
 * Decoding this many tokens is repeated for at least TIMED_SECONDS, since the system counts processor time in hundredths of a second;
 * the result is the median of TIMINGS such timings. COPPICE_TIMED_SECONDS, if set, replaces the duration: tests that do not check a speed
 * set a short one.
 */
const TIMED_TOKENS = 48;
const TIMED_SECONDS = 0.25;
const TIMINGS = 3;

const timedMs = () => Number(process.env["COPPICE_TIMED_SECONDS"] ?? TIMED_SECONDS) * 1000;

/** Tokens per second; null if other programs disturbed every timing. */
export async function undisturbedSpeed(
  decoder: Decoder,
  yieldToEventLoop: () => Promise<void>,
): Promise<number | null> {
  const speeds = (await timings(decoder, yieldToEventLoop))
    .filter(({ isDisturbed }) => !isDisturbed)
    .map(({ tokens, seconds }) => tokens / seconds);
  return speeds.length > 0 ? median(speeds) : null;
}

/**
 * Tokens per second of processor time, which other programs hardly change. The decoder must have one thread: several spin while they
 * wait for each other, the longer the more other programs run.
 */
export async function ownSpeed(decoder: Decoder, yieldToEventLoop: () => Promise<void>): Promise<number> {
  return median((await timings(decoder, yieldToEventLoop)).map(({ tokens, own }) => tokens / own));
}

/**
 * Roughly how many times as fast this many threads are as one: decoding reads weights, and all threads share the memory. Two were 1.27 ×
 * as fast (docs/benchmarks.md, cores).
 */
export function growth(threads: number): number {
  return Math.sqrt(threads);
}

async function timings(
  decoder: Decoder,
  yieldToEventLoop: () => Promise<void>,
): Promise<(Spent & { readonly tokens: number })[]> {
  const found: (Spent & { tokens: number })[] = [];
  const decode = await decodingOf(decoder, TIMED_TOKENS);
  for (let timing = 0; timing < TIMINGS; timing++) {
    const spent = startTiming();
    const tokens = await decode(timedMs());
    found.push({ ...spent(), tokens });
    await yieldToEventLoop();
  }
  return found;
}

/** Reads a short prompt; the returned function decodes texts of `textTokens` tokens after it, for at least `ms`, and returns their total. */
async function decodingOf(decoder: Decoder, textTokens: number): Promise<(ms: number) => Promise<number>> {
  const ids = arbitraryTokens(32, decoder.description.vocabularySize);
  await decoder.read(ids);
  return async (ms) => {
    const started = performance.now();
    let tokens = 0;
    do {
      decoder.truncate(ids.length);
      for (let i = 0; i < textTokens; i++) await decoder.read([ids[i % ids.length]!]);
      tokens += textTokens;
    } while (performance.now() - started < ms);
    return tokens;
  };
}

/** Models timed in turn decode short texts, so that large ones take turns often, too. */
const TEXT_TOKENS = 8;
/** A piece timed by the wall clock is shorter than a timing: the load seldom changes between neighbouring pieces. */
const PIECES_PER_TIMING = 3;

/** How many times as fast a decoder is as a reference, in turn; null as soon as other programs disturb that. */
export function undisturbedRatio(
  decoder: Decoder,
  reference: Decoder,
  yieldToEventLoop: () => Promise<void>,
): Promise<Estimate | null> {
  const all = startTiming();
  const speeds = { ms: timedMs() / PIECES_PER_TIMING, of: ({ seconds }: Spent) => seconds, yieldToEventLoop };
  return decodersInTurn(decoder, reference, { ...speeds, isDisturbed: () => all().isDisturbed });
}

/** The same by processor time, of decoders with one thread: see `ownSpeed`. */
export function ownRatio(
  decoder: Decoder,
  reference: Decoder,
  yieldToEventLoop: () => Promise<void>,
): Promise<Estimate | null> {
  return decodersInTurn(decoder, reference, { ms: timedMs(), of: ({ own }) => own, yieldToEventLoop });
}

async function decodersInTurn(
  decoder: Decoder,
  reference: Decoder,
  { ms, of, yieldToEventLoop, isDisturbed }: Pieces,
): Promise<Estimate | null> {
  const speedOf = async (timed: Decoder): Promise<() => Promise<number>> => {
    const decode = await decodingOf(timed, TEXT_TOKENS);
    return async () => {
      const spent = startTiming();
      const tokens = await decode(ms);
      const speed = tokens / of(spent());
      await yieldToEventLoop();
      return speed;
    };
  };
  const limits = { enoughMs: ENOUGH_PIECES * ms, ...(isDisturbed && { isDisturbed }) };
  return ratioInTurn(await speedOf(decoder), await speedOf(reference), limits);
}

interface Pieces {
  /** A piece takes at least this long. */
  readonly ms: number;
  /** Which seconds of a piece count: wall-clock or processor time. */
  readonly of: (spent: Spent) => number;
  readonly yieldToEventLoop: () => Promise<void>;
  readonly isDisturbed?: () => boolean;
}

/** The fewest ratios whose range is a 95% interval of their median. */
const FEWEST_ROUNDS = 6;
/** Rounds continue until the interval's ends differ by at most this factor, or for the time of this many pieces. */
const CLOSE = 1.15;
const ENOUGH_PIECES = 60;

/**
 * The ratio of two speeds, each measured by a function, in turn: each piece of the one lies between two pieces of the reference, and is
 * compared with their geometric mean, so that load which comes and goes, or grows, hardly changes the ratio. The median of all rounds with
 * its interval; null as soon as `isDisturbed` says so.
 */
export async function ratioInTurn(
  speed: () => Promise<number>,
  referenceSpeed: () => Promise<number>,
  {
    enoughMs,
    isDisturbed = () => false,
    now = () => performance.now(),
  }: { enoughMs: number; isDisturbed?: () => boolean; now?: () => number },
): Promise<Estimate | null> {
  const started = now();
  const ratios: number[] = [];
  let before = await referenceSpeed();
  for (;;) {
    const own = await speed();
    const after = await referenceSpeed();
    if (isDisturbed()) return null;
    ratios.push(own / Math.sqrt(before * after));
    before = after;
    const found = medianInterval(ratios);
    const isEnough = found.high <= CLOSE * found.low || now() - started >= enoughMs;
    if (ratios.length >= FEWEST_ROUNDS && isEnough) return found;
  }
}
