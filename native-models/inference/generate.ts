/** Generation: from a prompt's ids to text, piece by piece. */
import { commonLength } from "../common-length.ts";
import type { TokenText } from "../tokenizer.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { AnswerOptions, Reason } from "./answer-writer.ts";
import type { Decoder } from "./decoder.ts";
import { logitsAfterEach, tokenScore } from "./token-scores.ts";
import type { TokenScore } from "./token-scores.ts";

/** Checked before each piece of a prompt and each token: stop here? */
type Cancelled = () => boolean | Promise<boolean>;

/** How tokens are scored while an answer is written. */
export interface Scoring {
  /** How many of the most likely tokens are reported beside each. */
  readonly top: number;
  /** Whether the prompt's tokens are scored, too: it is read from its beginning then. */
  readonly prompt: boolean;
  /** Receives the scores of all tokens in order; the last may be one that ended the answer. */
  readonly onScores: (scores: readonly TokenScore[]) => void;
}

export interface GenerateOptions extends AnswerOptions {
  readonly cancelled?: Cancelled;
  readonly scoring?: Scoring | undefined;
}

export interface Generation {
  readonly reason: Reason;
  readonly promptTokens: number;
  readonly tokens: number;
  readonly promptTokensPerSecond: number | null;
  readonly tokensPerSecond: number | null;
}

/**
 * Answers a prompt; `onText` receives each piece of text once it is final. Tokens that the decoder has already read are not read
 * again. Reaching the context limit ends the answer with "length". Throws `context-full` for a prompt that is too long.
 */
export async function generate(
  decoder: Decoder,
  tokenizer: TokenText,
  prompt: readonly number[],
  options: GenerateOptions,
  onText: (text: string) => void,
): Promise<Generation> {
  const { scoring, cancelled } = options;
  const answer = new AnswerWriter(tokenizer, prompt, options, decoder.description.contextLength);
  const shared = keepCommon(decoder, scoring?.prompt ? [] : beforeEnd(decoder, prompt));
  const started = performance.now();
  if (scoring?.prompt) await score(decoder, prompt, null, scoring, cancelled);
  // The end is read separately, so that a snapshot of the recurrent tensors before it is there for another answer.
  else if (decoder.isRecurrent) await readOn(decoder, beforeEnd(decoder, prompt), cancelled);
  let logits = await readOn(decoder, prompt, cancelled);
  const prefilled = performance.now();
  for (;;) {
    const isCancelled = logits === null || (await cancelled?.());
    const before = scoring && logits?.slice(); // choosing changes them
    const { text, reason, ids } = isCancelled ? answer.end("cancelled") : answer.next(logits!);
    if (before && !isCancelled) await score(decoder, answer.chosen, before, scoring!);
    if (text) onText(text);
    if (reason) {
      const perSecond = (count: number, ms: number) => (count > 0 && ms > 0 ? (count * 1000) / ms : null);
      const { tokens } = answer;
      return {
        reason,
        promptTokens: prompt.length,
        tokens,
        promptTokensPerSecond: logits && perSecond(prompt.length - shared, prefilled - started),
        tokensPerSecond: perSecond(tokens - 1, performance.now() - prefilled),
      };
    }
    logits = await decoder.read(before ? ids.slice(-1) : ids);
  }
}

/** How many scores are reported together. */
const SCORES_TOGETHER = 32;

/** Reports the scores of ids, the first by the logits `before` it, and reads all but the last. Throws `context-full`. */
async function score(
  decoder: Decoder,
  ids: readonly number[],
  before: Float32Array | null,
  { top, onScores }: Scoring,
  cancelled?: Cancelled,
): Promise<void> {
  const [first] = ids as [number];
  let scores: TokenScore[] = [
    before ? tokenScore(before, first, top) : { id: first, logprob: null, top: [] },
  ];
  for await (const { index, logits } of logitsAfterEach(decoder, ids.slice(0, -1))) {
    scores.push(tokenScore(logits, ids[index + 1]!, top));
    if (scores.length < SCORES_TOGETHER) continue;
    onScores(scores);
    scores = [];
    if (await cancelled?.()) return;
  }
  if (scores.length > 0) onScores(scores);
}

/** Reads a prompt ahead of `generate`, which then only has to read its end. Throws `context-full`. */
export async function readAhead(
  decoder: Decoder,
  prompt: readonly number[],
  cancelled: Cancelled,
): Promise<void> {
  const ids = beforeEnd(decoder, prompt);
  const kept = keepCommon(decoder, ids);
  // A remainder too short for the prompt graph is left to be read with the end, which uses that graph.
  if (ids.length - kept >= decoder.promptEnd) await readOn(decoder, ids, cancelled);
}

/** The part that may have been read before: the end is read again, because its logits are needed. */
function beforeEnd({ promptEnd }: Decoder, prompt: readonly number[]): readonly number[] {
  return prompt.slice(0, -promptEnd);
}

/** Drops everything in the decoder after the common prefix with `ids`; returns the length of what is left. */
export function keepCommon(decoder: Decoder, ids: readonly number[]): number {
  decoder.truncate(commonLength(decoder.ids, ids));
  return decoder.ids.length;
}

/** Reads the rest of `ids`. Returns the logits after the last, or null if it was cancelled before. [V] */
async function readOn(
  decoder: Decoder,
  ids: readonly number[],
  cancelled: Cancelled | undefined,
): Promise<Float32Array | null> {
  let logits: Float32Array | null = null;
  for (const piece of decoder.pieces(ids.slice(decoder.ids.length))) {
    if (await cancelled?.()) return null;
    logits = await decoder.read(piece);
  }
  return logits;
}
