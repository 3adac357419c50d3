/**
 * The shape of a chat template, found by running it: what it writes before and after each turn. From it, templates in other languages
 * are made for programs that do not run Jinja. A template whose conversations cannot be assembled from such parts has no shape.
 */
import { renderChat } from "../chat-template.ts";
import type { ChatMessage, ChatTemplate } from "../chat-template.ts";
import { commonLength } from "../common-length.ts";

/** The text around the content of a turn. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

export interface TurnShape {
  /** Before everything; without the beginning-of-sequence token that the tokenizer adds. */
  readonly start: string;
  /** A system message, in its own turn or at the start of the first user turn. */
  readonly system: Around;
  readonly systemInUser: boolean;
  /** Written in place of a system message where there is none. */
  readonly defaultSystem: string;
  readonly user: Around;
  readonly assistant: Around;
  /** Before an answer, without and with a thought before it; the same where the template has no such choice. */
  readonly answer: string;
  readonly thoughtfulAnswer: string;
}

const [SYSTEM, FIRST, REPLY, SECOND, LAST] = ["S§y§s", "U§o§n§e", "A§o§n§e", "U§t§w§o", "A§t§w§o"] as const;

/**
 * The shape of a template; null if it has none. `addsBos`: the tokenizer adds the beginning-of-sequence token to a prompt, so the one
 * with which the template begins is left out; whatever follows stays, even if it is the same token.
 */
export function turnShape(
  template: ChatTemplate,
  { addsBos, now = new Date() }: { addsBos: boolean; now?: Date },
): TurnShape | null {
  const render = (messages: readonly ChatMessage[], addGenerationPrompt: boolean, thinking = false) => {
    const text = renderChat(template, { messages, addGenerationPrompt, thinking, now });
    return addsBos && template.bosToken !== null && text.startsWith(template.bosToken)
      ? text.slice(template.bosToken.length)
      : text;
  };
  try {
    const shape = guessed(render);
    return shape && conversations.every((messages) => agrees(shape, render, messages)) ? shape : null;
  } catch {
    return null; // a template that refuses one of these conversations
  }
}

type Render = (messages: readonly ChatMessage[], addGenerationPrompt: boolean, thinking?: boolean) => string;

const of = (role: string, content: string): ChatMessage => ({ role, content });

function guessed(render: Render): TurnShape | null {
  const one = [of("user", FIRST)];
  const two = [...one, of("assistant", REPLY), of("user", SECOND)];
  const plain = render(two, false);
  const [head, afterFirst, afterReply, tail] = cut(plain, [FIRST, REPLY, SECOND]) ?? [];
  if (head === undefined || afterFirst === undefined || afterReply === undefined || tail === undefined)
    return null;
  // The last turn ends as the first does; what is left before the reply opens the assistant's turn.
  if (!afterFirst.startsWith(tail)) return null;
  const user = { before: "", after: tail };
  const openReply = afterFirst.slice(tail.length);
  const openUser = commonEnd(head, afterReply);
  const assistant = { before: openReply, after: afterReply.slice(0, afterReply.length - openUser.length) };
  const start = head.slice(0, head.length - openUser.length);

  const withSystem = cut(render([of("system", SYSTEM), ...one], false), [SYSTEM, FIRST]);
  if (!withSystem) return null;
  const [beforeSystem, between] = withSystem as [string, string, string];
  const answers = [false, true].map((thinking) =>
    render(one, true, thinking).slice(render(one, false).length),
  );
  const rest = {
    user: { ...user, before: openUser },
    assistant,
    answer: answers[0]!,
    thoughtfulAnswer: answers[1]!,
  };
  if (between.endsWith(openUser) && openUser !== "") {
    const fixed = commonStart(beforeSystem, start);
    return {
      ...rest,
      start: fixed,
      systemInUser: false,
      system: {
        before: beforeSystem.slice(fixed.length),
        after: between.slice(0, between.length - openUser.length),
      },
      defaultSystem: start.slice(fixed.length),
    };
  }
  if (!beforeSystem.endsWith(openUser)) return null;
  return {
    ...rest,
    start,
    systemInUser: true,
    system: { before: "", after: between },
    defaultSystem: "",
  };
}

/** The conversations that a shape must write as its template does. */
const conversations: readonly (readonly ChatMessage[])[] = [
  [of("user", "Hello")],
  [of("system", "Be brief."), of("user", "Hello")],
  [of("user", "Hello"), of("assistant", "Good day."), of("user", "How are you?\nWell?")],
  [
    of("system", "Be brief."),
    of("user", "One"),
    of("assistant", "1"),
    of("user", "Two"),
    of("assistant", LAST),
    of("user", "Three"),
  ],
];

const agrees = (shape: TurnShape, render: Render, messages: readonly ChatMessage[]): boolean =>
  [false, true].every((thinking) => written(shape, messages, thinking) === render(messages, true, thinking));

/** A conversation put together from a shape, up to the start of an answer. */
function written(shape: TurnShape, messages: readonly ChatMessage[], thinking: boolean): string {
  const { start, system, systemInUser, defaultSystem, user, assistant, answer, thoughtfulAnswer } = shape;
  let text = start;
  let pending = "";
  if (messages[0]?.role !== "system") text += defaultSystem;
  for (const { role, content } of messages) {
    if (role === "system") {
      if (systemInUser) pending = `${system.before}${content}${system.after}`;
      else text += `${system.before}${content}${system.after}`;
    } else if (role === "user") {
      text += `${user.before}${pending}${content}${user.after}`;
      pending = "";
    } else text += `${assistant.before}${content}${assistant.after}`;
  }
  return text + (thinking ? thoughtfulAnswer : answer);
}

/** The texts between marks that occur once each, in order; null otherwise. */
function cut(text: string, marks: readonly string[]): string[] | null {
  const parts: string[] = [];
  let rest = text;
  for (const mark of marks) {
    const [before, after, ...more] = rest.split(mark);
    if (before === undefined || after === undefined || more.length > 0) return null;
    parts.push(before);
    rest = after;
  }
  return [...parts, rest];
}

function commonStart(a: string, b: string): string {
  return a.slice(0, commonLength(a, b));
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  return a.slice(a.length - length);
}
