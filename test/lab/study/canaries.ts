/**
 * Canaries (Carlini et al. 2019, arXiv 1802.08232): secrets planted in the training rows, some of them several times. The exposure of a secret measures
 * how well a model knows it: log2 of the number of candidates minus log2 of the secret's rank among them by log-likelihood. It is 0 for the last rank;
 * for a model that knows nothing, it is below 1 half of the time.
 */
import { requiredSplit, writeSplit } from "../../../main/documents/stored/split-files.ts";
import { Random } from "../../../native-models/random.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { Measured } from "./results.ts";

export interface CanaryPlan {
  /** How many times a secret is repeated in the training rows, for each group of secrets. */
  readonly repeats: readonly number[];
  /** The number of secrets in each group. */
  readonly each: number;
  /** The number of candidates per secret, including the secret itself. */
  readonly candidates: number;
}

export const CANARIES: CanaryPlan = { repeats: [1, 4, 16], each: 4, candidates: 100 };

const ROOMS = "amber birch cedar dune ember fjord grove heath inlet jetty knoll ledge".split(" ");

interface Canary {
  readonly repeats: number;
  /** The secret first. */
  readonly candidates: readonly Example[];
}

/** The same for the same seed. */
function canariesOf({ repeats, each, candidates }: CanaryPlan, seed: number): Canary[] {
  const random = new Random(seed, "canaries");
  const code = () => ` ${1000 + random.integer(9000)}-${1000 + random.integer(9000)}`;
  return repeats.flatMap((count, i) =>
    Array.from({ length: each }, (_, j) => {
      const prompt = `The access code of the ${ROOMS[i * each + j]!} room is`;
      return {
        repeats: count,
        candidates: Array.from({ length: candidates }, () => ({ prompt, completion: code() })),
      };
    }),
  );
}

/** Appends the secrets to the training rows of a dataset that was read, and all candidates to its test rows. */
export async function plantCanaries(folder: string, plan: CanaryPlan, seed: number): Promise<void> {
  const canaries = canariesOf(plan, seed);
  const [train, test] = [requiredSplit(folder, "train"), requiredSplit(folder, "test")];
  const secrets = canaries.flatMap(({ repeats, candidates: [secret] }) =>
    Array.from({ length: repeats }, () => secret!),
  );
  const candidates = canaries.flatMap(({ candidates }) => candidates);
  await writeSplit(folder, "train", { ...train, examples: [...train.examples, ...secrets] });
  await writeSplit(folder, "test", { ...test, examples: [...test.examples, ...candidates] });
}

export interface Exposure {
  readonly repeats: number;
  /** The exposure of each secret in bits: at most log2 of the number of candidates. */
  readonly bits: readonly number[];
}

/** The exposures of the secrets, from a model's losses on the test rows. */
export function exposuresOf(
  { correct, nlls }: Pick<Measured, "correct" | "nlls">,
  { repeats, each, candidates }: CanaryPlan,
): Exposure[] {
  const texts = nlls!.slice(correct?.length ?? 0);
  const own = texts.slice(-repeats.length * each * candidates);
  return repeats.map((count, i) => ({
    repeats: count,
    bits: Array.from({ length: each }, (_, j) => {
      const from = (i * each + j) * candidates;
      return exposure(own.slice(from, from + candidates));
    }),
  }));
}

/** The exposure of the first candidate. Ties rank before it, so that a model to which all candidates are equal knows nothing. */
export function exposure(nlls: readonly number[]): number {
  const [secret, ...others] = nlls;
  const rank = 1 + others.filter((nll) => nll <= secret!).length;
  return Math.log2(nlls.length) - Math.log2(rank);
}
