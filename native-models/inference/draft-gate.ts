/**
 * Decides how long a draft may be, by what was measured while answering: a draft of d tokens pays if the tokens that it is expected to yield,
 * (1 − α^(d+1)) / (1 − α), take less time with it than one after another.
 */
import type { Draft } from "./lookup.ts";

/** With the token before them, they fill the kernels' tiles. */
const LENGTHS = [3, 7];
/** What a draft must gain, since both estimates may be wrong. */
const LEAST_GAIN = 1.1;
/** The share of a new measurement in an average. */
const NEWS = 0.1;
/** What is assumed until it is measured: how much longer a pass takes with one more token; that drafts are too seldom right to be checked. */
const FIRST_COST = 0.15;
const FIRST_RATE = 0.3;

export const LONGEST_DRAFT = Math.max(...LENGTHS);

export class DraftGate {
  /** The time of a pass by its number of tokens, in ms. */
  readonly #ms = new Map<number, number>();
  /** How often the next token is a draft's, by its source and how many tokens it had in common. */
  readonly #rates = new Map<string, number>();

  /** How many tokens of a draft are worth checking; 0: none. */
  lengthOf({ ids, ...draft }: Draft): number {
    const rate = Math.min(0.99, this.#rates.get(kindOf(draft)) ?? FIRST_RATE);
    const one = this.#ms.get(1);
    let [best, length] = [LEAST_GAIN, 0];
    for (const count of LENGTHS) {
      if (count > ids.length) break;
      const expected = (1 - rate ** (count + 1)) / (1 - rate);
      const known = this.#ms.get(count + 1);
      const cost = one !== undefined && known !== undefined ? known / one : 1 + FIRST_COST * count;
      if (expected / cost <= best) continue;
      [best, length] = [expected / cost, count];
    }
    return length;
  }

  /** A pass over a single text took `ms`. */
  measured(tokens: number, ms: number): void {
    this.#ms.set(tokens, averaged(this.#ms.get(tokens), ms));
  }

  /** Whether the token after a draft's tokens so far was the draft's; also of drafts that were not checked. */
  saw(draft: Draft, isRight: boolean): void {
    const kind = kindOf(draft);
    this.#rates.set(kind, averaged(this.#rates.get(kind) ?? FIRST_RATE, isRight ? 1 : 0));
  }
}

const kindOf = ({ source, match }: Omit<Draft, "ids">) => `${source} ${match}`;

const averaged = (before: number | undefined, value: number): number =>
  before === undefined ? value : before + NEWS * (value - before);
