/** Contestants alternate on the same machine, A B A B …, so that a slow moment affects both sides of a ratio. */
import type { Resident } from "./resident.ts";

/** The figures of one turn; whether higher or lower is better is up to the reader. */
export type Sample = Readonly<Record<string, number>>;

/** A program being measured. */
export interface Contestant {
  readonly name: string;
  /** One measurement. */
  turn(): Promise<Sample>;
  /** Its process, which sleeps between its turns. */
  readonly resident?: Resident;
}

/** Runs `warmUps` unrecorded rounds and then `rounds` recorded ones; the samples by contestant, in the order of rounds. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { rounds, warmUps = 1 }: { rounds: number; warmUps?: number },
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (const { resident } of contestants) resident?.sleep();
  for (let round = -warmUps; round < rounds; round++)
    for (const { name, resident, turn } of contestants) {
      resident?.wake();
      const sample = await turn();
      resident?.sleep();
      if (round >= 0) samples.get(name)!.push(sample);
    }
  for (const { resident } of contestants) resident?.wake();
  return samples;
}

/** Median of one figure of the samples. */
export function medianOf(samples: readonly Sample[], figure: string): number {
  return median(samples.map((sample) => sample[figure]!));
}

/** Median over the rounds of ours ÷ theirs in that round. */
export function medianRatio(ours: readonly Sample[], theirs: readonly Sample[], figure: string): number {
  return median(ours.map((sample, round) => sample[figure]! / theirs[round]![figure]!));
}

/** The middle value; the mean of the middle two of an even number. Throws on none, or on a value that isn't finite. */
export function median(values: readonly number[]): number {
  if (values.length === 0 || !values.every(Number.isFinite))
    throw new Error(`No median of [${values.join(", ")}].`);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
