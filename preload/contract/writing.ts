/** How well a depth still writes, beside the fine-tuned model at full depth: what paired intervals support, and no more. */
import type { Estimate, TextComparison } from "./measures.ts";
import { PLANNED } from "./versus.ts";

/** What got clearly worse. `text`: the held-out texts are less likely. */
export type WritingLoss = "overlap" | "repetition" | "stops" | "text";

export interface Writing {
  /**
   * `worse`: something got clearly worse; `asWell`: a large loss is ruled out; `undecided`: too few answers to tell;
   * `textsUndecided`: enough answers, and too few texts.
   */
  readonly verdict: "worse" | "asWell" | "undecided" | "textsUndecided";
  readonly losses: readonly WritingLoss[];
}

/** Fewer rows decide nothing: their bootstrap intervals are too narrow. */
export const LEAST_ROWS = 10;

/** Smaller changes are not worth a word, however certain: of the share of repeated 4-grams, and of the perplexity. */
const LEAST_REPETITION = 0.02;
const LEAST_RATIO = 1.05;

/** "As well" is said only if a larger loss of ROUGE-L is outside the interval. */
const LARGEST_UNSEEN_LOSS = 0.05;

/** Each measure by the end of its 95% interval that is nearer to no change. Null without anything to compare. */
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

/** Whether texts exclude that their perplexity got worse by more than a little. */
export const textsAsWell = (nll: Estimate): boolean =>
  nll.n >= LEAST_ROWS && Math.exp(nll.high) < LEAST_RATIO;

/** About how many texts it takes for that, four times of five, of a model whose texts are as likely and vary as these do. */
export const textsFor = ({ value, high, n }: Estimate): number =>
  Math.max(LEAST_ROWS, Math.ceil(n * ((PLANNED * (high - value)) / Math.log(LEAST_RATIO)) ** 2));

const enough = (estimate: Estimate | null): Estimate | null =>
  estimate && estimate.n >= LEAST_ROWS ? estimate : null;
