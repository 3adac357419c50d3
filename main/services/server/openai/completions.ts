/** POST /v1/completions: a text or ids continued; with `echo` and `logprobs`, the prompt is scored too, as evaluation harnesses need it. */
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Asked, AskedPrompt } from "../answering.ts";
import type { Exchange } from "../exchange.ts";
import { answered, choiceOf, finishReason, nowInSeconds, Usage } from "./answered.ts";
import { CompletionRequest, listed, sampledAs } from "./requests.ts";
import { completionScores, textOfScored } from "./scores.ts";

type Request = z.output<typeof CompletionRequest>;

export async function completions(exchange: Exchange): Promise<void> {
  const request = await exchange.body(CompletionRequest);
  const { stream, stream_options, logprobs, echo } = request;
  const model = exchange.model(request.model);
  const about = {
    ...{ id: `cmpl-${randomUUID()}`, object: "text_completion", created: nowInSeconds() },
    model: request.model,
  };
  // The text and the scores of a prompt are known together, so a stream with them has a part for each choice.
  const isInPieces = stream === true && !echo && logprobs === null;
  const usage = new Usage();
  const choices: object[] = [];
  for (const [at, prompt] of promptsOf(request.prompt).entries())
    for (let choice = 0; choice < request.n; choice++) {
      const index = at * request.n + choice;
      const piece = (text: string, finish_reason: string | null) =>
        exchange.push({ ...about, choices: [{ index, text, logprobs: null, finish_reason }] });
      const asked: Asked = {
        model,
        prompt,
        sampling: sampledAs(request, Math.max(1, request.max_tokens)),
        scores:
          logprobs !== null || (echo && "ids" in prompt) ? { top: logprobs ?? 0, prompt: echo } : undefined,
      };
      const all = await answered(exchange, choiceOf(asked, choice), {
        onText: (text) => isInPieces && piece(text, null),
      });
      usage.add(all.generated, choice);
      if (isInPieces) piece("", finishReason(all.generated));
      else choices.push({ index, ...whole(request, prompt, all) });
    }
  if (!stream) return exchange.send({ ...about, choices, usage: usage.sum });
  if (!isInPieces) exchange.push({ ...about, choices });
  if (stream_options?.include_usage) exchange.push({ ...about, choices: [], usage: usage.sum });
  exchange.end("data: [DONE]\n\n");
}

/** A choice in one piece. With `max_tokens` 0, the model has written a token, which is left out. */
function whole(
  { echo, logprobs, max_tokens: most }: Request,
  prompt: AskedPrompt,
  { generated, scores }: Awaited<ReturnType<typeof answered>>,
): object {
  const asked = "text" in prompt ? prompt.text : textOfScored(scores.slice(0, generated.promptTokens));
  const kept = most === 0 ? scores.slice(0, echo ? generated.promptTokens : 0) : scores;
  return {
    text: (echo ? asked : "") + (most === 0 ? "" : generated.text),
    logprobs: logprobs === null ? null : completionScores(kept),
    finish_reason: most === 0 ? "length" : finishReason(generated),
  };
}

const promptsOf = (prompt: Request["prompt"]): AskedPrompt[] =>
  listed(prompt).map((one) => (typeof one === "string" ? { text: one } : { ids: one }));
