/** How well a depth still writes compared with the fine-tuned model at full depth: what paired intervals support, and no more. */
import type { Estimate, TextComparison } from "../runs/measures.ts";
import { PLANNED } from "./versus.ts";

/** A measure that got clearly worse. `text`: the held-out texts are less likely. */
export type WritingLoss = "overlap" | "repetition" | "stops" | "text";

export interface Writing {
  /**
   * `worse`: something got clearly worse; `asWell`: a large loss is ruled out; `undecided`: too few answers to tell;
   * `textsUndecided`: enough answers, but too few texts.
   */
  readonly verdict: "worse" | "asWell" | "undecided" | "textsUndecided";
  readonly losses: readonly WritingLoss[];
}

/** Fewer rows than this decide nothing: their bootstrap intervals are too narrow. */
export const LEAST_ROWS = 10;

/** Smaller changes of the share of repeated 4-grams, and of the perplexity (as a ratio), are not reported, however certain. */
const LEAST_REPETITION = 0.02;
const LEAST_RATIO = 1.05;

/** "As well" is stated only if a larger loss of ROUGE-L is outside the interval. */
const LARGEST_UNSEEN_LOSS = 0.05;

/** Judges each measure by the end of its 95% interval that is closer to no change. Null without anything to compare. */
export function writingOf(compared: TextComparison | undefined): Writing | null {
  if (!compared) return null;
  const [rougeL, repetition, stops, nll] = [
    enough(compared.rougeL),
    enough(compared.repetition),
    enough(compared.stops),
    enough(compared.nll),
  ];
  if (!rougeL && !nll) return null;
  const losses: WritingLoss[] = [
    ...(rougeL && rougeL.high < 0 ? (["overlap"] as const) : []),
    ...(repetition && repetition.low > LEAST_REPETITION ? (["repetition"] as const) : []),
    ...(stops && stops.high < 0 ? (["stops"] as const) : []),
    ...(nll && Math.exp(nll.low) > LEAST_RATIO ? (["text"] as const) : []),
  ];
  if (losses.length > 0) return { verdict: "worse", losses };
  if (rougeL === null || rougeL.low <= -LARGEST_UNSEEN_LOSS) return { verdict: "undecided", losses };
  return { verdict: !nll || textsAsWell(nll) ? "asWell" : "textsUndecided", losses };
}

/** Whether the texts rule out that perplexity rose by more than `LEAST_RATIO`. */
export const textsAsWell = (nll: Estimate): boolean =>
  nll.n >= LEAST_ROWS && Math.exp(nll.high) < LEAST_RATIO;

/** About how many texts would rule that out with 80% probability, if the true difference is zero and the texts vary as these do. */
export const textsFor = ({ value, high, n }: Estimate): number =>
  Math.max(LEAST_ROWS, Math.ceil(n * ((PLANNED * (high - value)) / Math.log(LEAST_RATIO)) ** 2));

const enough = (estimate: Estimate | null): Estimate | null =>
  estimate && estimate.n >= LEAST_ROWS ? estimate : null;
