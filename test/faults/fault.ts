/** What a fault test is: something that goes wrong in many ways, each drawn by a seed, and what must hold after each. */
import type { Random } from "../../native-models/random.ts";

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
  readonly prepare: (folder: string, form: "long" | "short") => Promise<Prepared>;
}

export interface Prepared {
  readonly attempt: Try;
  /** How many different tries there are; without end if absent. */
  readonly all?: number;
}

/**
 * One try: number `index` where they are counted; `random` has its own stream for each, so that it can be repeated alone. Gives what it did, in a few
 * words, and throws if the promise did not hold.
 */
export type Try = (random: Random, index: number, folder: string) => Promise<string>;
