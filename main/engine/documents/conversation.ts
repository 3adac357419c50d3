/** Conversations as examples: the model learns the last assistant turn, given everything before it. */
import { questionPrompt } from "../../../native-models/evaluation/choices.ts";
import type { ChoiceStyle, Conversation, Example, Question, Split } from "../../../preload/contract/data.ts";

/** How a model is prompted. */
export interface ChatForm {
  /** Whether the text comes from a chat template, with real special tokens; otherwise "User: … Assistant:". */
  readonly hasTemplate: boolean;
  /**
   * Whether the template has a thinking mode. Then every row goes through the template, so that none is answered in that mode.
   */
  readonly hasThinkingMode: boolean;
  /**
   * The messages as text, up to the start of the assistant's answer: after an empty thought, if the template writes one unless
   * `thinking`. Throws `template-failed`.
   */
  render(messages: Conversation, thinking?: boolean): string;
  /** A conversation with its last answer, and what the template writes after that. Throws `template-failed`. */
  whole?(messages: Conversation): string;
}

/** The messages before the last assistant turn, and that turn. Messages after it have no answer to learn and are left out. */
export function lastTurn(conversation: Conversation): { before: Conversation; answer: string } {
  let last = conversation.length - 1;
  while (last > 0 && conversation[last]!.role !== "assistant") last--;
  return { before: conversation.slice(0, last), answer: conversation[last]!.content };
}

/** The start of an answer's thought in the formats of thinking models. */
const THOUGHT = "<think>";

/** A conversation with its answer. An answer with its own thought keeps it. Throws `template-failed`. */
function answered(before: Conversation, answer: string, chat: ChatForm): Example {
  if (!chat.hasTemplate) return { prompt: chat.render(before), completion: ` ${answer}` };
  const thinks = answer.trimStart().startsWith(THOUGHT);
  const prompt = chat.render(before, thinks);
  const isOpened = thinks && prompt.trimEnd().endsWith(THOUGHT);
  const completion = isOpened
    ? answer.trimStart().slice(THOUGHT.length).trimStart()
    : spaceBefore(before, answer, prompt, chat) + answer;
  return { prompt, completion, special: true };
}

/** What a template writes between the start of an answer and the answer: the model is to write it. Mostly nothing, or a space. */
function spaceBefore(before: Conversation, answer: string, prompt: string, chat: ChatForm): string {
  const whole = chat.whole?.([...before, { role: "assistant", content: answer }]) ?? prompt;
  const written = whole.startsWith(prompt) ? whole.slice(prompt.length) : "";
  const [space = ""] = /^\s*/.exec(written)!;
  return written.slice(space.length).startsWith(answer) ? space : "";
}

/** A conversation as an example. Throws `template-failed`. */
export function conversationExample(conversation: Conversation, chat: ChatForm): Example {
  const { before, answer } = lastTurn(conversation);
  return answered(before, answer, chat);
}

/** An example in the model's form: unchanged, except for a model with a thinking mode. Throws `template-failed`. */
export function promptExample(example: Example, chat: ChatForm): Example {
  if (!chat.hasThinkingMode || example.prompt.trim() === "") return example;
  return answered(asked(example.prompt), example.completion.trimStart(), chat);
}

/** A question in the model's form: unchanged, except for a model with a thinking mode. Throws `template-failed`. */
export function renderedQuestion(question: Question, style: ChoiceStyle, chat: ChatForm): Question {
  if (!chat.hasThinkingMode) return question;
  return { ...question, rendered: chat.render(asked(questionPrompt(question, style))) };
}

const asked = (content: string): Conversation => [{ role: "user", content }];

/** A split in the model's form; unchanged without a model. Throws `template-failed`. */
export function renderedSplit(split: Split, style: ChoiceStyle, chat: ChatForm | undefined): Split {
  if (!chat) return split;
  const { examples, questions, conversations = [] } = split;
  return {
    examples: [
      ...examples.map((example) => promptExample(example, chat)),
      ...conversations.map((conversation) => conversationExample(conversation, chat)),
    ],
    questions: questions.map((question) => renderedQuestion(question, style, chat)),
  };
}
