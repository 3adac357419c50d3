/** Times tokens to find the fastest number of threads: cores differ, share memory, and wait for each other hundreds of times a token. */

/** A decoder whose tokens are timed. */
export interface Timed {
  useThreads(threads: number): void;
  /** Reads a token, as an answer does. */
  readToken(): Promise<void>;
}

export interface Choice {
  readonly threads: number;
  /** Whether the choice is worth remembering; not if a delay left no time for other numbers although tokens are fast. */
  readonly isMeasured: boolean;
}

/** After this time, no further number of threads is tried. */
const BUDGET_MS = 300;
const ROUNDS = 3;
/** Tokens that are timed each time a number of threads is tried. */
const TIMED_TOKENS = 3;
/** If tokens take this long, it was the model itself that left no time for other numbers. */
const SLOW_MS = BUDGET_MS / (2 * TIMED_TOKENS);
/** Fewer threads leave cores to other programs: they are preferred if tokens take at most this much longer. */
const TOLERANCE = 1.03;
/** Numbers of threads that are this much slower than the best are not tried again. */
const HOPELESS = 1.4;

/** The shortest time of a token, in ms, by number of threads. */
type Times = Map<number, number>;

/** `most`, and the powers of two below, from most to fewest. */
export function threadsToTry(most: number): number[] {
  const powers: number[] = [];
  for (let threads = 1; threads < most; threads *= 2) powers.unshift(threads);
  return [most, ...powers];
}

/** The fewest threads whose time is within the tolerance of the shortest. */
export function preferredThreads(times: ReadonlyMap<number, number>): number {
  const shortest = Math.min(...times.values());
  return Math.min(...[...times].filter(([, ms]) => ms <= TOLERANCE * shortest).map(([threads]) => threads));
}

/**
 * Times tokens with different numbers of threads, up to `most`, in turn. The decoder then uses the chosen number; if the model is too slow
 * to try all of them, that is the best of those tried, from most to fewest.
 */
export async function chooseThreads(decoder: Timed, most: number, now: () => number): Promise<Choice> {
  const times: Times = new Map();
  const end = now() + BUDGET_MS;
  const isOver = () => now() >= end;
  for (let round = 0; round < ROUNDS && (round === 0 || !isOver()); round++)
    for (const threads of threadsToTry(most)) {
      const isLate = threads < most && !times.has(threads) && isOver();
      if (isLate || isHopeless(threads, times)) continue;
      decoder.useThreads(threads);
      const ms = await shortestToken(decoder, { now, isOver });
      times.set(threads, Math.min(ms, times.get(threads) ?? Infinity));
    }
  const threads = preferredThreads(times);
  decoder.useThreads(threads);
  return { threads, isMeasured: times.size > 1 || most === 1 || times.get(threads)! >= SLOW_MS };
}

/** Whether it was much slower than the best, or a number between it and the best was. */
function isHopeless(threads: number, times: Times): boolean {
  const shortest = Math.min(...times.values());
  const best = [...times].find(([, ms]) => ms === shortest)?.[0] ?? 0;
  return [...times].some(
    ([other, ms]) => ms > HOPELESS * shortest && (other === threads || (threads < other && other < best)),
  );
}

/** The first token is not timed, because its threads have only just started. Once the time is over, one timed token is enough. */
async function shortestToken(
  decoder: Timed,
  { now, isOver }: { now: () => number; isOver: () => boolean },
): Promise<number> {
  await decoder.readToken();
  let shortest = Infinity;
  for (let token = 0; token < TIMED_TOKENS && (token === 0 || !isOver()); token++) {
    const started = now();
    await decoder.readToken();
    shortest = Math.min(shortest, now() - started);
  }
  return shortest;
}
