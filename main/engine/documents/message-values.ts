/** The messages of a conversation in the formats of chat programs and datasets. */
import { Message } from "../../../preload/contract/data.ts";

/** Names of roles in datasets, in addition to our own. */
const ROLES: Record<string, Message["role"]> = {
  human: "user",
  person: "user",
  prompter: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  bot: "assistant",
  model: "assistant",
  ai: "assistant",
};

/** The messages of a value that is a list, or a cell with a JSON list; null otherwise. */
export function listOfMessages(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string" || !/^\s*\[/.test(value)) return null;
  try {
    return listOfMessages(JSON.parse(value));
  } catch {
    return null;
  }
}

/** The role and the content of a message in either form: {"role","content"} and {"from","value"}. */
export function messageParts(message: unknown): { role: Message["role"] | null; content: unknown } {
  const fields = (typeof message === "object" && message !== null ? message : {}) as Record<string, unknown>;
  const name = fields["role"] ?? fields["from"];
  const content = fields["content"] ?? fields["value"];
  const known = Message.shape.role.safeParse(name);
  if (known.success) return { role: known.data, content };
  const role = typeof name === "string" && Object.hasOwn(ROLES, name) ? ROLES[name]! : null;
  return { role, content };
}
