/** Log-probabilities in the two forms that OpenAI's interface has. */
import type { ScoredToken } from "../../../../preload/contract/chat/chat.ts";

const textOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString();

/** The text that tokens make together. */
export const textOfScored = (scores: readonly ScoredToken[]): string =>
  textOf(scores.flatMap(({ bytes }) => bytes));

const token = ({ bytes, logprob }: Pick<ScoredToken, "bytes" | "logprob">) => ({
  token: textOf(bytes),
  logprob,
  bytes,
});
/** A token of a chat completion. */
export const chatScore = (scored: ScoredToken) => ({ ...token(scored), top_logprobs: scored.top.map(token) });

/** Part of a character is written as OpenAI does, so that different tokens never have the same text. */
function distinct(bytes: number[]): string {
  const text = textOf(bytes);
  if (!text.includes("\ufffd")) return text;
  return `bytes:${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}`;
}

/** The tokens of a completion, with the places where they begin in its text. */
export function completionScores(scores: readonly ScoredToken[]) {
  let at = 0;
  return {
    tokens: scores.map(({ bytes }) => distinct(bytes)),
    token_logprobs: scores.map(({ logprob }) => logprob),
    top_logprobs: scores.map(({ bytes, logprob, top }) => {
      if (logprob === null) return null;
      return Object.fromEntries(
        [{ bytes, logprob }, ...top].map((one) => [distinct(one.bytes), one.logprob]),
      );
    }),
    text_offset: scores.map(({ bytes }) => {
      const begin = at;
      at += textOf(bytes).length;
      return begin;
    }),
  };
}
