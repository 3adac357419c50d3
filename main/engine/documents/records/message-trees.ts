/** The messages of a conversation with several courses, as ChatGPT exports it (conversations.json): a tree, of which the latest course is read. */
import { isObject } from "../row.ts";

interface Node {
  readonly parent?: unknown;
  readonly children: readonly unknown[];
  readonly message?: unknown;
}

/** Contents that a person sees; others are thoughts of a model or instructions of the program. */
const SEEN: ReadonlySet<unknown> = new Set(["text", "multimodal_text", "code"]);

/** The messages from the root to the latest leaf, each as {"role","content"}; null for another value. */
export function messagesOfTree(value: unknown): unknown[] | null {
  if (!isTree(value)) return null;
  const messages: unknown[] = [];
  const passed = new Set<string>();
  let id = Object.keys(value).find((key) => !isIn(value, value[key]!.parent));
  while (id !== undefined && !passed.has(id)) {
    passed.add(id);
    const { message, children }: Node = value[id]!;
    messages.push(...seenIn(message));
    id = children.findLast((child): child is string => isIn(value, child));
  }
  return messages;
}

function isTree(value: unknown): value is Readonly<Record<string, Node>> {
  if (!isObject(value)) return false;
  const nodes = Object.values(value);
  return nodes.length > 0 && nodes.every((node) => isObject(node) && Array.isArray(node["children"]));
}

const isIn = (tree: Readonly<Record<string, Node>>, id: unknown): id is string =>
  typeof id === "string" && Object.hasOwn(tree, id);

/** A node's message if a person sees it; calls of tools, which are addressed to them, are marked as such. */
function seenIn(message: unknown): { role: unknown; content: unknown }[] {
  if (!isObject(message)) return [];
  const { author, content, metadata, recipient } = message;
  const isHidden = isObject(metadata) && metadata["is_visually_hidden_from_conversation"] === true;
  if (isHidden || !isObject(author) || !isObject(content) || !SEEN.has(content["content_type"])) return [];
  const isCall = typeof recipient === "string" && recipient !== "all";
  const parts = content["parts"] ?? [content["text"]];
  const isEmpty = Array.isArray(parts) && parts.every((part) => part === "");
  return isEmpty ? [] : [{ role: isCall ? "tool" : author["role"], content: parts }];
}
