/** The paths of one or two models as rows: what was asked of both once, their answers side by side. */
import type { ShownMessage } from "../../preload/contract/calls/conversations.ts";

/** A model's answer; null: there is none, and `asked` is the question that it can still answer, if it was asked. */
export type TurnAnswer =
  { lane: number; message: ShownMessage } | { lane: number; message: null; asked: number | null };

/** `key` stays the same while an answer is being generated. */
export type Turn =
  | { key: string; kind: "question"; message: ShownMessage; lane: number }
  | { key: string; kind: "answers"; answers: TurnAnswer[] };

export function turnsOf(lanes: readonly (readonly ShownMessage[])[]): Turn[] {
  const turns: Turn[] = [];
  const rest = lanes.map((lane) => [...lane]);
  const key = () => `${turns.length}`;
  while (rest.some(({ length }) => length > 0)) {
    const asked = questionsOf(rest);
    const lane = asked.findIndex((question) => question !== null);
    if (lane >= 0) turns.push({ key: key(), kind: "question", message: asked[lane]!, lane });
    // A path that begins with an answer has no question to it.
    const isNext = (of: number) => (lane < 0 || asked[of]) && rest[of]![0]?.role === "assistant";
    const messages = rest.map((messages, of) => (isNext(of) ? messages.shift()! : null));
    turns.push({ key: key(), kind: "answers", answers: answersOf(messages, asked) });
  }
  return turns;
}

/**
 * Takes the next question from each path that has it; null for a path that has not. A model that did not answer a question is asked the next
 * one as if the former had not been asked, so its path is shorter.
 */
function questionsOf(rest: readonly ShownMessage[][]): (ShownMessage | null)[] {
  const next = rest.map(([message]) => (message && message.role !== "assistant" ? message : null));
  const [oldest] = next.flatMap((question) => question ?? []).sort((a, b) => a.id - b.id);
  return next.map((question, lane) =>
    question && oldest && isAskedWith(oldest, question) ? rest[lane]!.shift()! : null,
  );
}

/** Whether a message is this question, or its copy for the other model, which has the next id. */
const isAskedWith = (oldest: ShownMessage, { id, content }: ShownMessage): boolean =>
  id === oldest.id || (id === oldest.id + 1 && content === oldest.content);

function answersOf(
  messages: readonly (ShownMessage | null)[],
  asked: readonly (ShownMessage | null)[],
): TurnAnswer[] {
  const ids = messages.map((message) => message?.id);
  const answers = messages.map((message, lane): TurnAnswer =>
    message
      ? { lane, message: withoutOthers(message, ids) }
      : { lane, message, asked: asked[lane]?.id ?? null },
  );
  const isShared = ids[0] !== undefined && ids.every((id) => id === ids[0]);
  return isShared ? answers.slice(0, 1) : answers;
}

/** The message without alternatives that are already shown in the other lane. */
function withoutOthers(message: ShownMessage, shown: readonly (number | undefined)[]): ShownMessage {
  const alternatives = message.alternatives.filter((id) => id === message.id || !shown.includes(id));
  return { ...message, alternatives };
}
