/** What a fault test is: something that goes wrong in many ways, each drawn by a seed, and what must hold after each. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../native-models/random.ts";

export interface Fault {
  /** As `--only` names it. */
  readonly name: string;
  /** Its number in docs/reliability.md. */
  readonly promise: number;
  /** A sentence: what holds each time. */
  readonly title: string;
  /** How often it is tried in `npm run test:faults` ("all": each once), and in `npm test` (0: not there). */
  readonly times: { readonly long: number | "all"; readonly short: number };
  /** Why it cannot be tried on this machine; null where it can. */
  readonly missing?: () => string | null;
  /** Makes what all tries share in the new folder `folder`; the short form may wait less than the long one. */
  readonly prepare: (folder: string, form: "long" | "short") => Prepared | Promise<Prepared>;
}

export interface Prepared {
  readonly attempt: Try;
  /** How many different tries there are; without end if absent. */
  readonly all?: number;
}

/**
 * One try: number `index` where they are counted, in a new folder of its own. Gives what it did, in a few words, and throws if the
 * promise did not hold.
 */
export type Try = (random: Random, index: number, folder: string) => Promise<string>;

/** Makes try `index` in a new folder in `folder`. Its stream of random numbers is its own, so that it can be repeated alone. */
export async function tryOnce(
  { name }: Fault,
  { attempt }: Prepared,
  { seed, index, folder }: { seed: number; index: number; folder: string },
): Promise<string> {
  const own = join(folder, `try-${index}`);
  mkdirSync(own);
  return attempt(new Random(seed, `${name} ${index}`), index, own);
}
