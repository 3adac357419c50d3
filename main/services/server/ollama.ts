/** Ollama's interface, as far as it asks models: none is made, fetched or removed here. */
import { statSync } from "node:fs";
import { z } from "zod";
import { Tool } from "../../../preload/contract/chat/chat.ts";
import type { AnswerShape, ChatTurn, Generated } from "../../../preload/contract/chat/chat.ts";
import { sizeOf } from "../models/found-models.ts";
import { version } from "../../version.ts";
import { toolCallsIn } from "./tool-calls.ts";
import type { AskedPrompt } from "./answering.ts";
import type { Exchange } from "./exchange.ts";
import { MOST_EMBEDDED } from "./openai/requests.ts";
import type { Refused } from "./refused.ts";
import { ANY_OBJECT, DEFAULT_TOKENS, samplingOf, Stop, Temperature, TopP } from "./sampling.ts";

const noPictures = z.array(z.never("only text is supported")).nullish();

const Options = z
  .object({
    temperature: Temperature,
    top_p: TopP,
    top_k: z.number().int().min(0).nullish(),
    repeat_penalty: z.number().min(0.1).max(10).nullish(),
    /** −1: a random one. */
    seed: z.number().int().min(-1).nullish(),
    stop: Stop,
    /** −1 and −2: as long as the answer becomes. */
    num_predict: z.number().int().min(-2).nullish(),
  })
  .prefault({});

const Asked = z.object({
  model: z.string().max(500),
  stream: z.boolean().default(true),
  options: Options.nullish().transform((options) => options ?? Options.parse({})),
  format: z
    .union(
      [z.literal(["", "json"]), z.record(z.string(), z.unknown())],
      'format must be "json" or a JSON schema',
    )
    .nullish(),
});

const Turn = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string().default(""),
  images: noPictures,
  tool_calls: z
    .array(
      z
        .object({ function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }) })
        .transform((call) => call.function),
    )
    .nullish()
    .transform((calls) => calls ?? undefined),
});

const ChatRequest = Asked.extend({
  messages: z.array(Turn).max(2000).default([]),
  tools: z.array(Tool).max(128).nullish(),
});
const GenerateRequest = Asked.extend({
  prompt: z.string().default(""),
  system: z.string().nullish(),
  raw: z.boolean().nullish(),
  suffix: z.literal("", "is not supported").nullish(),
  template: z.literal("", "is not supported").nullish(),
  images: noPictures,
});

const EmbedRequest = z.object({
  model: z.string().max(500),
  input: z.union([z.string(), z.array(z.string()).min(1).max(MOST_EMBEDDED)]),
  dimensions: z.number().int().positive().nullish(),
});

/** Ollama's form of a failure. */
export const ollamaFailure = ({ message }: Refused) => ({ error: message });

export function showVersion(exchange: Exchange): void {
  exchange.send({ version });
}

export function listTags(exchange: Exchange): void {
  const models = exchange.offered.map(({ name, path }) => ({
    ...{ name, model: name, size: sizeOf(path), digest: "", details: details("") },
    modified_at: statSync(path).mtime.toISOString(),
  }));
  exchange.send({ models });
}

export async function showModel(exchange: Exchange): Promise<void> {
  const { model: name } = await exchange.body(z.object({ model: z.string() }));
  const model = exchange.model(name);
  const { modelType, maxPositions, hiddenSize, layers, parameters, fileType } = await exchange.inspect(model);
  exchange.send({
    ...{ modelfile: "", parameters: "", template: "" },
    modified_at: statSync(model.path).mtime.toISOString(),
    details: details(modelType, fileType),
    model_info: {
      "general.architecture": modelType,
      "general.parameter_count": parameters,
      [`${modelType}.context_length`]: maxPositions,
      [`${modelType}.embedding_length`]: hiddenSize,
      [`${modelType}.block_count`]: layers,
    },
    capabilities: ["completion"],
  });
}

const details = (family: string, fileType = "") => ({
  ...{ parent_model: "", format: "gguf", family, families: [family] },
  ...{ parameter_size: "", quantization_level: fileType },
});

export async function chat(exchange: Exchange): Promise<void> {
  const request = await exchange.body(ChatRequest);
  const { messages } = request;
  const tools = request.tools?.length ? request.tools : undefined;
  const turns: ChatTurn[] = messages.map(({ images: _, tool_calls, ...turn }) => ({
    ...turn,
    ...(tool_calls && { tool_calls }),
  }));
  const said = (content: string, tool_calls?: object[]) => ({
    message: { role: "assistant", content, ...(tool_calls && { tool_calls }) },
  });
  const prompt = turns.length === 0 ? null : { messages: turns, tools };
  await answer(exchange, request, prompt, (text, isWhole) => {
    if (!tools) return said(text);
    if (!isWhole) return null; // a call can be told from text only when it is whole
    const calls = toolCallsIn(text, tools);
    return calls
      ? said(
          "",
          calls.map((call) => ({ function: call })),
        )
      : said(text);
  });
}

export async function generate(exchange: Exchange): Promise<void> {
  const request = await exchange.body(GenerateRequest);
  const { prompt: content, system, raw } = request;
  const system_ = system ? [{ role: "system" as const, content: system }] : [];
  const messages = [...system_, { role: "user" as const, content }];
  const prompt = content === "" ? null : raw ? { text: content } : { messages };
  await answer(exchange, request, prompt, (text) => ({ response: text }));
}

/** Unlike Ollama's, a text beyond the context is refused, not cut. */
export async function embed(exchange: Exchange): Promise<void> {
  const { model: name, input, dimensions } = await exchange.body(EmbedRequest);
  const asked = { model: exchange.model(name), texts: [input].flat(), dimensions };
  const { vectors, tokens } = await exchange.answering.embed(asked, exchange.signal);
  exchange.send({ model: name, embeddings: vectors, prompt_eval_count: tokens });
}

/** Answers, in lines or whole; without a prompt, only loads the model. `said`: a piece of text, or all of it, in the interface's form. */
async function answer(
  exchange: Exchange,
  { model: name, stream, options, format }: z.output<typeof Asked>,
  prompt: AskedPrompt | null,
  said: (text: string, isWhole: boolean) => object | null,
): Promise<void> {
  const model = exchange.model(name);
  const about = () => ({ model: name, created_at: new Date().toISOString() });
  if (prompt === null) {
    await exchange.answering.load(model, exchange.signal);
    return exchange.send({ ...about(), ...said("", true), done: true, done_reason: "load" });
  }
  const { temperature, top_p: topP, top_k: topK, repeat_penalty: repetitionPenalty, stop } = options;
  const seed = options.seed === -1 ? null : options.seed;
  const most = options.num_predict ?? -1;
  const shape: AnswerShape | undefined =
    format === "json" ? ANY_OBJECT : format ? { kind: "json-schema", schema: format } : undefined;
  const sampling = samplingOf({
    ...{ temperature, topP, topK, repetitionPenalty, seed, stop },
    maxTokens: most > 0 ? most : DEFAULT_TOKENS,
  });
  const started = performance.now();
  let sent = "";
  const generated = await exchange.answering.answer(
    { model, prompt, sampling, shape },
    {
      signal: exchange.signal,
      onText: (text) => {
        const piece = stream ? said(text, false) : null;
        if (!piece) return;
        sent += text;
        exchange.push({ ...about(), ...piece, done: false }, "lines");
      },
    },
  );
  const last = {
    ...about(),
    ...said(generated.text.slice(sent.length), true),
    done: true,
    done_reason: generated.reason === "length" ? "length" : "stop",
    ...durations(generated, performance.now() - started),
  };
  if (!stream) return exchange.send(last);
  exchange.push(last, "lines");
  exchange.end();
}

/** Nanoseconds. */
function durations({ promptTokens, tokens, tokensPerSecond }: Generated, totalMs: number) {
  return {
    total_duration: Math.round(totalMs * 1e6),
    prompt_eval_count: promptTokens,
    eval_count: tokens,
    eval_duration: tokensPerSecond === null ? 0 : Math.round((tokens / tokensPerSecond) * 1e9),
  };
}
