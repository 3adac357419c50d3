/** Calls of tools: as the shape that an answer must have, and found in an answer. */
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import type { AnswerShape, Tool } from "../../../preload/contract/chat/chat.ts";

/** A call of a tool in an answer. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: object;
}

/** The shape of an answer that calls one of these tools. */
export function callOf(tools: readonly Tool[]): AnswerShape {
  const calls = tools.map(({ function: { name, parameters = { type: "object", properties: {} } } }) => ({
    type: "object",
    properties: { name: { const: name }, arguments: parameters },
    required: ["name", "arguments"],
  }));
  return { kind: "json-schema", schema: calls.length === 1 ? calls[0] : { anyOf: calls } };
}

/**
 * The calls in an answer: JSON objects with a tool's name and its arguments, each between <tool_call> tags, or the whole
 * answer, one or a list: these are the forms that models were trained on. Null if it is no such answer.
 */
export function toolCallsIn(answer: string, tools: readonly Tool[]): ToolCall[] | null {
  const tagged = [...answer.matchAll(/<tool_call>(.*?)(?:<\/tool_call>|$)/gs)].map(([, json]) => json!);
  const values = (tagged.length > 0 ? tagged : [answer]).flatMap((json) => parsedJson(json.trim()));
  const calls = values.map((value) => {
    if (typeof value !== "object" || value === null) return null;
    const { name, arguments: given, parameters = given } = value as Record<string, unknown>;
    const isKnown = tools.some((tool) => tool.function.name === name);
    return isKnown && typeof parameters === "object" && parameters !== null
      ? { name: name as string, arguments: parameters }
      : null;
  });
  return calls.every((call) => call !== null) && calls.length > 0 ? calls : null;
}
