/** How many threads answer fastest, by timing tokens: cores differ, share memory, and wait for each other hundreds of times a token. */

/** A decoder whose tokens are timed. */
export interface Timed {
  useThreads(threads: number): void;
  /** Reads a token, as an answer does. */
  readToken(): Promise<void>;
}

export interface Choice {
  readonly threads: number;
  /** Whether there was time for every number; otherwise it is the largest. */
  readonly isMeasured: boolean;
}

/** Nothing more is timed after it. */
const BUDGET_MS = 300;
const ROUNDS = 3;
/** Tokens timed in a number's turn. */
const TIMED_TOKENS = 3;
/** Fewer threads leave cores to other programs, which is worth so much time. */
const TOLERANCE = 1.03;
/** Numbers that are so much slower than the best have no other turn. */
const HOPELESS = 1.4;

/** Of each number of threads, the shortest time of a token in ms. */
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

/** Times tokens with different numbers of threads, up to `most`, in turn. The decoder then uses the chosen number. */
export async function chooseThreads(decoder: Timed, most: number, now: () => number): Promise<Choice> {
  const times: Times = new Map();
  const end = now() + BUDGET_MS;
  const isOver = () => now() >= end;
  let rounds = 0;
  for (; rounds < ROUNDS && !isOver(); rounds++)
    for (const threads of threadsToTry(most)) {
      if (isHopeless(threads, times)) continue;
      if (isOver() && !times.has(threads)) return { threads: useThreads(decoder, most), isMeasured: false };
      decoder.useThreads(threads);
      const ms = await shortestToken(decoder, now);
      times.set(threads, Math.min(ms, times.get(threads) ?? Infinity));
    }
  return { threads: useThreads(decoder, preferredThreads(times)), isMeasured: true };
}

function useThreads(decoder: Timed, threads: number): number {
  decoder.useThreads(threads);
  return threads;
}

/** Whether it was much slower than the best, or a number between it and the best was. */
function isHopeless(threads: number, times: Times): boolean {
  const shortest = Math.min(...times.values());
  const best = [...times].find(([, ms]) => ms === shortest)?.[0] ?? 0;
  return [...times].some(
    ([other, ms]) => ms > HOPELESS * shortest && (other === threads || (threads < other && other < best)),
  );
}

/** The first is not timed: its threads have only just begun. */
async function shortestToken(decoder: Timed, now: () => number): Promise<number> {
  await decoder.readToken();
  let shortest = Infinity;
  for (let token = 0; token < TIMED_TOKENS; token++) {
    const started = now();
    await decoder.readToken();
    shortest = Math.min(shortest, now() - started);
  }
  return shortest;
}
