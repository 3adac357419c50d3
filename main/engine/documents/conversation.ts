/** Conversations as examples: what is learnt is the last assistant turn, after everything before it. */
import type { Conversation, Example, Split } from "../../../preload/contract/data.ts";

/** A model's chat template: messages → the text up to where the assistant's answer begins. Throws `template-failed`. */
export type RenderChat = (messages: Conversation) => string;

/** What comes before the last assistant turn, and that turn. What follows it has no answer to learn and is left out. */
export function lastTurn(conversation: Conversation): { before: Conversation; answer: string } {
  let last = conversation.length - 1;
  while (last > 0 && conversation[last]!.role !== "assistant") last--;
  return { before: conversation.slice(0, last), answer: conversation[last]!.content };
}

/** All examples of a split, its conversations rendered by the model's chat template. Throws `template-failed`. */
export function examplesOf({ examples, conversations = [] }: Split, renderChat: RenderChat): Example[] {
  const rendered = conversations.map((conversation) => {
    const { before, answer } = lastTurn(conversation);
    return { prompt: renderChat(before), completion: answer };
  });
  return [...examples, ...rendered];
}
