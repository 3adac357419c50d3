/** What both kinds of completions have in common. */
import type { Generated, ScoredToken } from "../../../../preload/contract/chat/chat.ts";
import type { Asked, Listening } from "../answering.ts";
import type { Exchange } from "../exchange.ts";

/** An answer, and the scores of all tokens that were asked for, the one that ended it too. */
export async function answered(
  { answering, signal }: Exchange,
  asked: Asked,
  { onText, onScores }: Partial<Omit<Listening, "signal">> = {},
): Promise<{ generated: Generated; scores: readonly ScoredToken[] }> {
  const scores: ScoredToken[] = [];
  const generated = await answering.answer(asked, {
    signal,
    onText: (text) => onText?.(text),
    onScores: (some) => {
      scores.push(...some);
      onScores?.(some);
    },
  });
  return { generated, scores };
}

/** One of several choices for the same prompt: each has its own seed. */
export const choiceOf = (asked: Asked, choice: number): Asked => ({
  ...asked,
  sampling: { ...asked.sampling, seed: asked.sampling.seed! + choice },
});

export const finishReason = ({ reason }: Generated): string => (reason === "length" ? "length" : "stop");

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/** Counts tokens: those of a prompt once, however many choices it has. */
export class Usage {
  #prompt = 0;
  #answer = 0;

  add({ promptTokens, tokens }: Generated, choice: number): void {
    if (choice === 0) this.#prompt += promptTokens;
    this.#answer += tokens;
  }

  get sum() {
    const [prompt_tokens, completion_tokens] = [this.#prompt, this.#answer];
    return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  }
}
