import { describe, expect, test } from "vitest";
import type { ShownMessage } from "../../../preload/contract/calls/conversations.ts";
import { turnsOf } from "../../../renderer/chat/turns.ts";

function message(id: number, role: "user" | "assistant", alternatives = [id]): ShownMessage {
  return {
    id,
    parentId: null,
    role,
    state: "done",
    model: null,
    promptTokens: null,
    tokens: null,
    tokensPerSecond: null,
    reason: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    content: String(id),
    alternatives,
    correctable: false,
    correction: null,
  };
}

/** What stands where: the question's id, or the ids of the answers. */
const places = (lanes: ShownMessage[][]) =>
  turnsOf(lanes).map((turn) =>
    turn.kind === "question" ? turn.message.id : turn.answers.map(({ message }) => message?.id ?? null),
  );

describe("turns", () => {
  test("of one model are its questions and answers", () => {
    expect(places([[message(1, "user"), message(2, "assistant")]])).toEqual([1, [2]]);
    expect(places([[]])).toEqual([]);
  });

  test("that end with a question have a place for the answer", () => {
    expect(places([[message(1, "user")]])).toEqual([1, [null]]);
  });

  test("of two models show shared messages once, and their own answers side by side", () => {
    const shared = [message(1, "user"), message(2, "assistant"), message(3, "user")];
    const [left, right] = [
      [...shared, message(4, "assistant"), message(6, "user")],
      [...shared, message(5, "assistant"), message(7, "user")],
    ];
    expect(places([left, right])).toEqual([1, [2], 3, [4, 5], 6, [null, null]]);
  });

  test("of two models leave a place for the one that has not answered yet", () => {
    const question = message(1, "user");
    expect(places([[question, message(2, "assistant")], [question]])).toEqual([1, [2, null]]);
    expect(places([[question], [question, message(2, "assistant")]])).toEqual([1, [null, 2]]);
  });

  test("do not offer the answer beside as another answer", () => {
    const question = message(1, "user");
    const lanes = [
      [question, message(2, "assistant", [2, 3, 4])],
      [question, message(3, "assistant", [2, 3, 4])],
    ];
    const answers = turnsOf(lanes).flatMap((turn) => (turn.kind === "answers" ? turn.answers : []));
    expect(answers.map(({ message }) => message?.alternatives)).toEqual([
      [2, 4],
      [3, 4],
    ]);
  });
});
