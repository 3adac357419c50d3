/** Conversations as examples: what is learnt is the last assistant turn, after everything before it. */
import type { Conversation, Example, Split } from "../../../preload/contract/data.ts";

/** How a model is talked to. */
export interface ChatForm {
  /** Whether the text comes from a chat template, with special tokens of its own; "User: … Assistant:" otherwise. */
  readonly hasTemplate: boolean;
  /** The messages as text, up to where the assistant's answer begins. Throws `template-failed`. */
  render(messages: Conversation): string;
}

/** What comes before the last assistant turn, and that turn. What follows it has no answer to learn and is left out. */
export function lastTurn(conversation: Conversation): { before: Conversation; answer: string } {
  let last = conversation.length - 1;
  while (last > 0 && conversation[last]!.role !== "assistant") last--;
  return { before: conversation.slice(0, last), answer: conversation[last]!.content };
}

/** All examples of a split, its conversations in the model's form. Throws `template-failed`. */
export function examplesOf({ examples, conversations = [] }: Split, chat: ChatForm): Example[] {
  const rendered = conversations.map((conversation): Example => {
    const { before, answer } = lastTurn(conversation);
    const prompt = chat.render(before);
    return chat.hasTemplate
      ? { prompt, completion: answer, special: true }
      : { prompt, completion: ` ${answer}` };
  });
  return [...examples, ...rendered];
}

/** A split whose conversations have become examples; as it is where there is no form to give them. */
export function renderedSplit(split: Split, chat: ChatForm | undefined): Split {
  if (!chat || !split.conversations?.length) return split;
  return { examples: examplesOf(split, chat), questions: split.questions };
}
