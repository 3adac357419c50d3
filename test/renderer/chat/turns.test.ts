import { describe, expect, test } from "vitest";
import type { ShownMessage } from "../../../preload/contract/calls/conversations.ts";
import { turnsOf } from "../../../renderer/chat/turns.ts";

function message(
  id: number,
  role: "user" | "assistant",
  alternatives = [id],
  content = String(id),
): ShownMessage {
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
    leftOut: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    content,
    passages: null,
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
      [...shared, message(4, "assistant"), message(6, "user", [6], "Why?")],
      [...shared, message(5, "assistant"), message(7, "user", [7], "Why?")],
    ];
    expect(places([left, right])).toEqual([1, [2], 3, [4, 5], 6, [null, null]]);
  });

  test("of two models leave a place for the one that has not answered yet", () => {
    const question = message(1, "user");
    expect(places([[question, message(2, "assistant")], [question]])).toEqual([1, [2, null]]);
    expect(places([[question], [question, message(2, "assistant")]])).toEqual([1, [null, 2]]);
  });

  test("of two models keep each answer with its question after one of them did not answer", () => {
    // The first question was stopped before the second model answered; the next one is a copy in its path.
    const lanes = [
      [message(1, "user"), message(2, "assistant"), message(3, "user", [3], "Why?"), message(5, "assistant")],
      [message(4, "user", [4], "Why?"), message(6, "assistant")],
    ];
    expect(places(lanes)).toEqual([1, [2, null], 3, [5, 6]]);
    expect(places([...lanes].reverse())).toEqual([1, [null, 2], 4, [6, 5]]);
    const other = [message(7, "user", [7], "Another version?"), message(8, "assistant")];
    expect(places([other, lanes[0]!.slice(0, 2)])).toEqual([1, [null, 2], 7, [8, null]]);
  });

  test("can be asked again of a model that was asked and did not answer", () => {
    const asked = (lanes: ShownMessage[][]) =>
      turnsOf(lanes).flatMap((turn) =>
        turn.kind === "question" ? [] : turn.answers.map((answer) => (answer.message ? "-" : answer.asked)),
      );
    const question = message(1, "user");
    expect(asked([[question]])).toEqual([1]);
    expect(asked([[question, message(2, "assistant")], [question]])).toEqual(["-", 1]);
    expect(asked([[question, message(2, "assistant")], []])).toEqual(["-", null]);
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
