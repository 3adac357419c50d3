/** Conversations as examples: the model learns each answer, given everything before it (docs/decisions/0053-answers-of-conversations.md). */
import { questionPrompt } from "../../../native-models/evaluation/choices.ts";
import type {
  ChoiceStyle,
  Conversation,
  Example,
  Question,
  Split,
  Turn,
} from "../../../preload/contract/data/data.ts";

/** How a model is prompted. */
export interface ChatForm {
  /** Whether the text comes from a chat template, with real special tokens; otherwise "User: … Assistant:". */
  readonly hasTemplate: boolean;
  /**
   * Whether the template has a thinking mode. Then every row goes through the template, so that none is answered in that mode.
   */
  readonly hasThinkingMode: boolean;
  /**
   * The messages as text, up to the start of the assistant's answer; with an empty thought if the template writes one and `thinking` is not
   * set. Throws `template-failed`.
   */
  render(messages: Conversation, thinking?: boolean): string;
  /** A conversation with its last answer, and what the template writes after that. Throws `template-failed`. */
  whole?(messages: Conversation): string;
}

export const isAnswer = ({ role }: Pick<Turn, "role">): boolean => role === "assistant";
export const isLearnt = (turn: Turn): boolean => isAnswer(turn) && turn.weight !== 0;

/** An answer, and the messages before it. */
export interface AnsweredTurn {
  readonly before: Conversation;
  readonly answer: string;
}

/** The answers of a conversation that are learnt, in order. */
export function learntTurns(conversation: Conversation): AnsweredTurn[] {
  return conversation.flatMap((turn, place) =>
    isLearnt(turn) ? [{ before: conversation.slice(0, place), answer: turn.content }] : [],
  );
}

/** The last answer that is learnt. Messages after it have no answer to learn and are left out. */
export function lastTurn(conversation: Conversation): AnsweredTurn {
  let last = conversation.length - 1;
  while (last > 0 && !isLearnt(conversation[last]!)) last--;
  return { before: conversation.slice(0, last), answer: conversation[last]!.content };
}

/** The conversation with only its last answer to learn. */
export function withLastAnswerOnly(conversation: Conversation): Conversation {
  const last = lastTurn(conversation).before.length;
  return conversation.map((turn, place) =>
    isLearnt(turn) && place !== last ? { ...turn, weight: 0 as const } : turn,
  );
}

/** The start of an answer's thought in the formats of thinking models. */
const THOUGHT = "<think>";

/** The prompt for an answer, and what the model has to write of the answer: without a thought's opening tag if the prompt ends with it. */
interface AskedTurn extends AnsweredTurn {
  readonly prompt: string;
  readonly written: string;
}

/** An answer with its own thought keeps it. Throws `template-failed`. */
function askedTurn({ before, answer }: AnsweredTurn, chat: ChatForm): AskedTurn {
  if (!chat.hasTemplate) return { before, answer, prompt: chat.render(before), written: ` ${answer}` };
  const thinks = answer.trimStart().startsWith(THOUGHT);
  const prompt = chat.render(before, thinks);
  const isOpened = thinks && prompt.trimEnd().endsWith(THOUGHT);
  const written = isOpened ? answer.trimStart().slice(THOUGHT.length).trimStart() : answer;
  return { before, answer, prompt, written };
}

/** A turn as an example. Throws `template-failed`. */
function answered({ before, answer, prompt, written }: AskedTurn, chat: ChatForm): Example {
  if (!chat.hasTemplate) return { prompt, completion: written };
  const space = written === answer ? spaceBefore(before, answer, prompt, chat) : "";
  return { prompt, completion: space + written, special: true };
}

/** White space that a template writes between the prompt and the answer, which the model has to write too: usually none, or a space. */
function spaceBefore(before: Conversation, answer: string, prompt: string, chat: ChatForm): string {
  const whole = chat.whole?.([...before, { role: "assistant", content: answer }]) ?? prompt;
  const written = whole.startsWith(prompt) ? whole.slice(prompt.length) : "";
  const [space = ""] = /^\s*/.exec(written)!;
  return written.slice(space.length).startsWith(answer) ? space : "";
}

/**
 * The range of an earlier turn's answer within a prompt, with white space that the template writes before it; null unless the prompt up to
 * the answer is exactly that turn's own prompt. Templates may trim the white space around an answer.
 */
function rangeIn(prompt: string, turn: AskedTurn): [start: number, end: number] | null {
  if (!prompt.startsWith(turn.prompt)) return null;
  const start = turn.prompt.length;
  const space = /^\s*/.exec(prompt.slice(start))![0].length;
  for (const text of [turn.written, turn.written.trimEnd()])
    if (prompt.startsWith(text, start)) return [start, start + text.length];
  for (const text of [turn.written.trimStart(), turn.written.trim()])
    if (prompt.startsWith(text, start + space)) return [start, start + space + text.length];
  return null;
}

/** A conversation as an example of which only the last answer is learnt. Throws `template-failed`. */
export function conversationExample(conversation: Conversation, chat: ChatForm): Example {
  return answered(askedTurn(lastTurn(conversation), chat), chat);
}

/**
 * A conversation as examples, in order. Earlier answers that the template renders right after their own prompts share the example of a
 * later answer, as ranges in it. An answer that the template renders differently, because it omits thoughts or writes an empty one, ends an
 * example of its own. Throws `template-failed`.
 */
export function conversationExamples(conversation: Conversation, chat: ChatForm): Example[] {
  const examples: Example[] = [];
  let left = learntTurns(conversation).map((turn) => askedTurn(turn, chat));
  while (left.length > 0) {
    const example = answered(left.pop()!, chat);
    const ranges = left.map((turn) => rangeIn(example.prompt, turn));
    const answers = ranges.filter((range) => range !== null);
    examples.unshift({ ...example, ...(answers.length > 0 && { answers }) });
    left = left.filter((_, index) => ranges[index] === null);
  }
  return examples;
}

/** An example in the model's form: unchanged, except for a model with a thinking mode. Throws `template-failed`. */
export function promptExample(example: Example, chat: ChatForm): Example {
  if (!chat.hasThinkingMode || example.prompt.trim() === "") return example;
  const turn = { before: asked(example.prompt), answer: example.completion.trimStart() };
  return answered(askedTurn(turn, chat), chat);
}

/** A question in the model's form: unchanged, except for a model with a thinking mode. Throws `template-failed`. */
function renderedQuestion(question: Question, style: ChoiceStyle, chat: ChatForm): Question {
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
      ...conversations.flatMap((conversation) => conversationExamples(conversation, chat)),
    ],
    questions: questions.map((question) => renderedQuestion(question, style, chat)),
  };
}
