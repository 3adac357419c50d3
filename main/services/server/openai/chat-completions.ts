/** POST /v1/chat/completions. */
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { AnswerShape, Generated, ScoredToken, Tool } from "../../../../preload/contract/chat/chat.ts";
import type { Asked } from "../answering.ts";
import type { Exchange } from "../exchange.ts";
import { refuseRequest } from "../refused.ts";
import { ANY_OBJECT } from "../sampling.ts";
import { callOf, toolCallsIn } from "../tool-calls.ts";
import type { ToolCall } from "../tool-calls.ts";
import { answered, choiceOf, finishReason, nowInSeconds, Usage } from "./answered.ts";
import { ChatRequest, sampledAs } from "./requests.ts";
import { chatScore } from "./scores.ts";

type Request = z.output<typeof ChatRequest>;

export async function chatCompletions(exchange: Exchange): Promise<void> {
  const request = await exchange.body(ChatRequest);
  const tools = request.tool_choice === "none" || request.tools.length === 0 ? undefined : request.tools;
  const asked: Asked = {
    model: exchange.model(request.model),
    prompt: { messages: request.messages, tools },
    sampling: sampledAs(request, request.max_completion_tokens ?? request.max_tokens),
    shape: shapeOf(request, tools),
    scores: request.logprobs ? { top: request.top_logprobs, prompt: false } : undefined,
  };
  const about = { id: `chatcmpl-${randomUUID()}`, created: nowInSeconds(), model: request.model };
  const usage = new Usage();
  if (request.stream) return stream(exchange, { request, asked, tools, about, usage });
  const choices: object[] = [];
  for (let index = 0; index < request.n; index++) {
    const { generated, scores } = await answered(exchange, choiceOf(asked, index));
    usage.add(generated, index);
    const calls = tools && toolCallsIn(generated.text, tools);
    const said = calls ? { content: null, tool_calls: called(calls) } : { content: generated.text };
    choices.push({
      index,
      message: { role: "assistant", ...said, refusal: null },
      logprobs: request.logprobs ? inContent(scores.slice(0, generated.tokens)) : null,
      finish_reason: endOf(generated, calls),
    });
  }
  exchange.send({ ...about, object: "chat.completion", choices, usage: usage.sum });
}

interface Streamed {
  readonly request: Request;
  readonly asked: Asked;
  readonly tools: readonly Tool[] | undefined;
  readonly about: object;
  readonly usage: Usage;
}

/** The choices one after another, piece by piece; with tools in one piece, since only a whole answer shows whether it calls one. */
async function stream(exchange: Exchange, { request, asked, tools, about, usage }: Streamed): Promise<void> {
  const isCounted = request.stream_options?.include_usage === true;
  const push = (choices: object[], counted: object | null = null) =>
    exchange.push({
      ...about,
      object: "chat.completion.chunk",
      choices,
      ...(isCounted && { usage: counted }),
    });
  for (let index = 0; index < request.n; index++) {
    /** Scores that came before the text of their tokens. */
    let waiting: ScoredToken[] = [];
    let scored = 0;
    const piece = (delta: object, finish_reason: string | null = null) => {
      push([{ index, delta, logprobs: waiting.length > 0 ? inContent(waiting) : null, finish_reason }]);
      scored += waiting.length;
      waiting = [];
    };
    let role: object = { role: "assistant" };
    const say = (delta: object) => {
      piece({ ...role, ...delta });
      role = {};
    };
    const { generated } = await answered(exchange, choiceOf(asked, index), {
      onText: (content) => tools || say({ content }),
      onScores: (scores) => waiting.push(...scores),
    });
    usage.add(generated, index);
    waiting = waiting.slice(0, generated.tokens - scored); // without one that ended the answer
    const calls = tools && toolCallsIn(generated.text, tools);
    if (calls) say({ tool_calls: called(calls).map((call, at) => ({ index: at, ...call })) });
    else if (tools || generated.text === "" || waiting.length > 0)
      say({ content: tools ? generated.text : "" });
    piece({}, endOf(generated, calls));
  }
  if (isCounted) push([], usage.sum);
  exchange.end("data: [DONE]\n\n");
}

/** What the answer must be. Throws `Refused`. */
function shapeOf(
  { response_format: format, tool_choice: choice }: Request,
  tools: readonly Tool[] | undefined,
): AnswerShape | undefined {
  if (choice === "required" || typeof choice === "object") {
    const callable = tools?.filter(
      (tool) => choice === "required" || tool.function.name === choice.function.name,
    );
    return callable?.length ? callOf(callable) : refuseRequest("tool_choice: there is no such tool");
  }
  if (format?.type === "json_object") return ANY_OBJECT;
  return format?.type === "json_schema"
    ? { kind: "json-schema", schema: format.json_schema.schema }
    : undefined;
}

const called = (calls: readonly ToolCall[]) =>
  calls.map(({ name, arguments: given }) => ({
    id: `call_${randomUUID()}`,
    type: "function",
    function: { name, arguments: JSON.stringify(given) },
  }));

const inContent = (scores: readonly ScoredToken[]) => ({ content: scores.map(chatScore), refusal: null });

const endOf = (generated: Generated, calls: unknown): string =>
  calls ? "tool_calls" : finishReason(generated);
