/** What clients of OpenAI's interface send. */
import { z } from "zod";
import { parsedJson } from "../../../../native-models/formats/parsed-json.ts";
import { Tool } from "../../../../preload/contract/chat/chat.ts";
import type { ChatTurn } from "../../../../preload/contract/chat/chat.ts";
import type { Asked } from "../answering.ts";
import { DEFAULT_TOKENS, samplingOf, Stop, Temperature, TopP } from "../sampling.ts";

const MOST_CHOICES = 8;
const MOST_PROMPTS = 64;
const MOST_SCORED = 20;
/** As at OpenAI: clients send as many together. */
export const MOST_EMBEDDED = 2048;

/** Absent and null mean the same. */
const or = <Schema extends z.ZodType>(schema: Schema, otherwise: z.output<Schema>) =>
  schema.nullish().transform((value) => value ?? otherwise);

/** Fields that would change what is answered, and that would otherwise be ignored in silence: only their absence is accepted. */
const absent = z.literal([0, "", false], "is not supported").nullish();
const REFUSED = Object.fromEntries(
  [
    ...["grammar", "json_schema", "structured_outputs", "functions", "function_call", "audio", "suffix"],
    "continue_final_message",
    ...[
      "guided_json",
      "guided_regex",
      "guided_choice",
      "guided_grammar",
      "frequency_penalty",
      "presence_penalty",
    ],
  ].map((name) => [name, absent]),
);

const Sampled = z.object({
  ...REFUSED,
  model: z.string().max(500),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: Temperature,
  top_p: TopP,
  seed: z.number().int().nonnegative().nullish(),
  stop: Stop,
  n: or(z.number().int().min(1).max(MOST_CHOICES), 1),
  logit_bias: z.record(z.string(), z.never("is not supported")).nullish(),
});

const Content = z
  .union([
    z.string(),
    z.array(z.object({ type: z.literal("text", "only text is supported"), text: z.string() })),
  ])
  .transform((content) => (typeof content === "string" ? content : content.map(({ text }) => text).join("")));

const CalledTool = z
  .object({ function: z.object({ name: z.string(), arguments: z.string() }) })
  .transform(({ function: { name, arguments: json } }, context) => {
    const given = z.record(z.string(), z.unknown()).safeParse(parsedJson(json));
    if (!given.success) context.addIssue("arguments are not a JSON object");
    return { name, arguments: given.data ?? {} };
  });

const Turn = z
  .object({
    role: z.enum(["system", "developer", "user", "assistant", "tool"]),
    content: Content.nullish(),
    tool_calls: z.array(CalledTool).nullish(),
  })
  .transform(({ role, content, tool_calls }): ChatTurn => ({
    role: role === "developer" ? "system" : role,
    content: content ?? "",
    ...(tool_calls && { tool_calls }),
  }));

const ResponseFormat = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.literal("text") }),
    z.object({ type: z.literal("json_object"), schema: absent }),
    z.object({
      type: z.literal("json_schema"),
      json_schema: z.object({ schema: z.record(z.string(), z.unknown()) }),
    }),
  ],
  'response_format must be of type "text", "json_object" or "json_schema"',
);

export const ChatRequest = Sampled.extend({
  messages: z.array(Turn).min(1).max(2000),
  max_tokens: or(z.number().int().min(1), DEFAULT_TOKENS),
  max_completion_tokens: z.number().int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: or(z.number().int().min(0).max(MOST_SCORED), 0),
  response_format: ResponseFormat.nullish(),
  tools: or(z.array(Tool).max(128), []),
  tool_choice: or(
    z.union([z.enum(["none", "auto", "required"]), z.object({ function: z.object({ name: z.string() }) })]),
    "auto",
  ),
});

const Ids = z.array(z.number().int().nonnegative()).min(1);
const texts = (most: number) =>
  z.union([z.string(), Ids, z.array(z.string()).min(1).max(most), z.array(Ids).min(1).max(most)]);

export const CompletionRequest = Sampled.extend({
  prompt: texts(MOST_PROMPTS),
  max_tokens: or(z.number().int().min(0), 16),
  logprobs: or(z.number().int().min(0).max(MOST_SCORED).nullable(), null),
  echo: or(z.boolean(), false),
  best_of: z.literal(1, "is not supported").nullish(),
});

export const EmbeddingRequest = z.object({
  model: z.string().max(500),
  input: texts(MOST_EMBEDDED),
  encoding_format: or(z.enum(["float", "base64"]), "float"),
  dimensions: z.number().int().positive().nullish(),
});

/** The texts of a request, or ids, in order. */
export function listed(texts: string | number[] | string[] | number[][]): (string | number[])[] {
  if (typeof texts === "string") return [texts];
  return typeof texts[0] === "number" ? [texts as number[]] : (texts as (string | number[])[]);
}

export function sampledAs(request: z.output<typeof Sampled>, maxTokens: number): Asked["sampling"] {
  const { temperature, top_p: topP, seed, stop } = request;
  return samplingOf({ temperature, topP, seed, stop, maxTokens });
}
