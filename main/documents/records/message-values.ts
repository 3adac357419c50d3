/** The messages of a conversation in the formats of chat programs and datasets. */
import type { Message } from "../../../preload/contract/data/data.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";

/** Names of roles in datasets, in lower case; `tool`: calls of tools and their results, which are not trained on. */
const ROLES: Readonly<Record<string, Message["role"] | "tool">> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  person: "user",
  prompter: "user",
  assistant: "assistant",
  gpt: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bot: "assistant",
  chatbot: "assistant",
  model: "assistant",
  ai: "assistant",
  tool: "tool",
  function: "tool",
  function_call: "tool",
  function_response: "tool",
  "function-call": "tool",
  "function-response": "tool",
  observation: "tool",
  tool_call: "tool",
  tool_response: "tool",
  ipython: "tool",
};

/** The messages of a value: a list, or a cell with a JSON list; null otherwise. */
export function listOfMessages(value: unknown): unknown[] | null {
  const list = typeof value === "string" && /^\s*\[/.test(value) ? parsedJson(value) : value;
  return Array.isArray(list) ? list : null;
}

/** Whether a value is a list of messages. */
export function isMessages(value: unknown): value is unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((message) => messageParts(message).role !== null)
  );
}

/** Whether a value lists pairs of a question and its answer. */
export function isPairs(value: unknown): value is [string, string][] {
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string");
  return Array.isArray(value) && value.every(isPair);
}

interface MessageParts {
  readonly role: Message["role"] | "tool" | null;
  readonly content: unknown;
  /** Whether it is an answer that is not to be learnt. */
  readonly isUnlearnt: boolean;
}

/**
 * The role and the content of a message: {"role","content"}, {"from","value"}, Gemini's {"role","parts"} or Claude's {"sender","text"}. The
 * texts of a content in parts are joined; if a part is not text, such as a picture, the content stays a list.
 */
export function messageParts(message: unknown): MessageParts {
  const fields = (typeof message === "object" && message !== null ? message : {}) as Record<string, unknown>;
  const name = fields["role"] ?? fields["from"] ?? fields["speaker"] ?? fields["sender"];
  const content = contentOf(fields);
  const key = typeof name === "string" ? name.trim().toLowerCase() : "";
  const role = Object.hasOwn(ROLES, key) ? ROLES[key]! : null;
  const calls = role === "assistant" && (isFilled(fields["tool_calls"]) || isFilled(fields["function_call"]));
  return {
    role: calls ? "tool" : role,
    content,
    isUnlearnt: role === "assistant" && isMarkedUnlearnt(fields),
  };
}

/** Fields that Axolotl and ms-swift set to false in messages that are not trained on. */
const TRAINED_FIELDS = ["train", "training", "loss"];

/** OpenAI's format has a weight of 0 instead, which is read from Parquet as a bigint. */
function isMarkedUnlearnt(fields: Record<string, unknown>): boolean {
  const { weight } = fields;
  return weight === 0 || weight === 0n || TRAINED_FIELDS.some((field) => fields[field] === false);
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === "object" && value !== null;
}

function contentOf(message: Record<string, unknown>): unknown {
  return joinedParts(message["content"] ?? message["value"] ?? message["text"] ?? message["parts"]);
}

/** A system message that is in a column of its own: a text, or its parts as Gemini and Bedrock have them. */
export function systemText(value: unknown): unknown {
  if (Array.isArray(value)) return joinedParts(value);
  return typeof value === "object" && value !== null ? contentOf(value as Record<string, unknown>) : value;
}

function joinedParts(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const texts = content.map((part) =>
    typeof part === "string" ? part : ((part as { text?: unknown } | null)?.text ?? null),
  );
  return texts.every((text) => typeof text === "string") ? texts.join("\n") : content;
}
