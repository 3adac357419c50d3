/** How likely a model finds tokens: log-probabilities of its logits as they are, before a penalty, a temperature or a constraint. */
import type { Decoder } from "./decoder.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { largest } from "./sampler.ts";

/** A token and its log-probability, in nats. */
export interface LikelyToken {
  readonly id: number;
  readonly logprob: number;
}

/** A token with its log-probability, null for one that nothing precedes, and the most likely tokens in its place, the likeliest first. */
export interface TokenScore {
  readonly id: number;
  readonly logprob: number | null;
  readonly top: readonly LikelyToken[];
}

/** Logits of this many tokens are in memory at a time. */
const LOGITS_TOKENS = 32;

/** The score of a token by the logits before it [V], with `top` most likely tokens. */
export function tokenScore(logits: Float32Array, id: number, top: number): TokenScore {
  const normaliser = logSumExp(logits);
  const likely = (other: number) => ({ id: other, logprob: logits[other]! - normaliser });
  return { ...likely(id), top: top > 0 ? largest(logits, top).map(likely) : [] };
}

/** Reads further ids; for each in turn, the logits after it, valid until the next [V]. Throws `context-full`. */
export async function* logitsAfterEach(
  decoder: Decoder,
  ids: readonly number[],
): AsyncGenerator<{ index: number; logits: Float32Array }> {
  const { vocabularySize } = decoder.description;
  decoder.pieces(ids).next(); // throws before anything is read
  for (let first = 0; first < ids.length; first += LOGITS_TOKENS) {
    const piece = ids.slice(first, first + LOGITS_TOKENS);
    const logits = await decoder.readAll(piece); // [piece, V]
    for (const index of piece.keys())
      yield {
        index: first + index,
        logits: logits.subarray(index * vocabularySize, (index + 1) * vocabularySize),
      };
  }
}
