import { describe, expect, test } from "vitest";
import { nextPass, nextToBegin } from "../../../native-models/inference/turns.ts";

const claim = (tokens: number, isUrgent = false, since = 0) => ({ tokens, isUrgent, since });
const room = { rows: 4, tokens: 100 };

describe("the next text to begin", () => {
  test("is the first that came, an urgent one before all others", () => {
    const waiting = [claim(10), claim(20), claim(30, true)];
    expect(nextToBegin(waiting, [], room, 1)).toBe(waiting[2]);
    expect(nextToBegin(waiting.slice(0, 2), [], room, 1)).toBe(waiting[0]);
  });

  test("waits for room, and a smaller one does not go past it", () => {
    expect(nextToBegin([claim(60), claim(10)], [claim(50)], room, 1)).toBeNull();
    expect(nextToBegin([claim(37)], [claim(50)], room, 1)).not.toBeNull();
  });

  test("may be larger than all room when it is alone", () => {
    expect(nextToBegin([claim(1000)], [], room, 1)).not.toBeNull();
    expect(nextToBegin([claim(1000)], [claim(1)], room, 1)).toBeNull();
  });

  test("leaves the last row and an eighth of the tokens to urgent ones", () => {
    expect(nextToBegin([claim(38)], [claim(50)], room, 1)).toBeNull();
    expect(nextToBegin([claim(50, true)], [claim(50)], room, 1)).not.toBeNull();
    const open = [claim(1), claim(1), claim(1)];
    expect(nextToBegin([claim(1)], open, room, 1)).toBeNull();
    expect(nextToBegin([claim(1, true)], open, room, 1)).not.toBeNull();
    expect(nextToBegin([claim(1)], [], { rows: 1, tokens: 100 }, 1)).not.toBeNull();
  });

  test("is one that has waited for long, although urgent ones keep coming", () => {
    const waiting = [claim(1, false, 0), claim(1, true, 30_000)];
    expect(nextToBegin(waiting, [], room, 30_000)).toBe(waiting[1]);
    expect(nextToBegin(waiting, [], room, 30_001)).toBe(waiting[0]);
    expect(nextToBegin(waiting, [claim(1, true)], room, 30_001)).toBe(waiting[0]);
  });

  test("is an urgent one beside one that is not, however long others have waited", () => {
    const waiting = [claim(1, false, 0), claim(1, true, 30_000)];
    expect(nextToBegin(waiting, [claim(1)], room, 60_000)).toBe(waiting[1]);
    expect(nextToBegin(waiting.slice(0, 1), [claim(1), claim(1), claim(1)], room, 60_000)).toBeNull();
  });
});

describe("a pass", () => {
  const row = (unread: number, isUrgent = false) => ({ unread, isUrgent });

  test("reads a token of each text, and prompts in the order in which they came, as far as a piece goes", () => {
    expect(nextPass([row(1), row(40), row(1), row(40)]).map(({ count }) => count)).toEqual([1, 29, 1, 1]);
    expect(nextPass([row(1000)])[0]!.count).toBe(256);
  });

  test("beside an urgent text reads only few others, each in its turn", () => {
    let rows = [row(1, true), ...Array.from({ length: 8 }, () => row(1))];
    const [urgent, ...others] = rows;
    const read = Array.from({ length: 16 }, () => {
      const chosen = nextPass(rows).map(({ row }) => row);
      rows = [...rows.filter((one) => !chosen.includes(one)), ...chosen];
      return chosen;
    });
    for (const chosen of read) expect(chosen).toHaveLength(4);
    for (const chosen of read) expect(chosen[0]).toBe(urgent);
    for (const other of others) expect(read.filter((chosen) => chosen.includes(other))).toHaveLength(6);
  });
});
