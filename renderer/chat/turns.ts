/** The paths of one or two models as rows: shared messages once, different ones side by side. */
import type { ShownMessage } from "../../preload/contract/calls/conversations.ts";

/** `key` stays the same while an answer is being generated. */
export type Turn =
  | { key: string; kind: "question"; message: ShownMessage; lane: number }
  | { key: string; kind: "answers"; answers: { lane: number; message: ShownMessage | null }[] };

export function turnsOf(lanes: readonly (readonly ShownMessage[])[]): Turn[] {
  const turns: Turn[] = [];
  const length = Math.max(...lanes.map((lane) => lane.length));
  for (let place = 0; place < length; place++) {
    const messages = lanes.map((lane) => lane[place] ?? null);
    const first = messages.find((message) => message !== null)!;
    const lane = messages.indexOf(first);
    if (first.role !== "assistant") {
      turns.push({ key: `${place}`, kind: "question", message: first, lane });
      // A question that is waiting for its answers already has a row for them.
      if (place === length - 1)
        turns.push({
          key: `${place + 1}`,
          kind: "answers",
          answers: lanes.map((_, lane) => ({ lane, message: null })),
        });
    } else {
      const shared = messages.every((message) => message?.id === first.id);
      const ids = messages.map((message) => message?.id);
      const answers = messages.map((message, lane) => ({
        lane,
        message: message && withoutOthers(message, ids),
      }));
      turns.push({ key: `${place}`, kind: "answers", answers: shared ? answers.slice(0, 1) : answers });
    }
  }
  return turns;
}

/** The message without alternatives that are already shown in the other lane. */
function withoutOthers(message: ShownMessage, shown: readonly (number | undefined)[]): ShownMessage {
  const alternatives = message.alternatives.filter((id) => id === message.id || !shown.includes(id));
  return { ...message, alternatives };
}
