import { describe, expect, test } from "vitest";
import { DraftGate } from "../../../native-models/inference/draft-gate.ts";
import { Lookup } from "../../../native-models/inference/lookup.ts";

const source = "text";
const text = (...ids: number[]) => {
  const lookup = new Lookup("text");
  lookup.add(ids);
  return { lookup, draft: (most = 3) => lookup.draft(ids, most) };
};

describe("a draft", () => {
  test("is what followed the last tokens before", () => {
    expect(text(1, 2, 3, 4, 5, 1, 2).draft()).toEqual({ ids: [3, 4, 5], match: 2, source });
    expect(text(7, 1, 2, 3, 9, 1, 2, 4, 7, 1, 2).draft(2)).toEqual({ ids: [3, 9], match: 3, source }); // more in common than the last place
    expect(text(1, 2, 3, 9, 1, 2, 4, 8, 1, 2).draft(2)).toEqual({ ids: [4, 8], match: 2, source }); // the last of equals
    expect(text(1, 2, 1, 2).draft()).toEqual({ ids: [1, 2], match: 2, source });
  });

  test("is none after tokens that did not stand together before, nor of too short a text", () => {
    expect(text(1, 2, 3, 1, 3).draft()).toBeNull();
    expect(text(1).draft()).toBeNull();
    expect(text().draft()).toBeNull();
  });

  test("may come from another text", () => {
    const { lookup } = text(5, 6, 7, 8, 9);
    expect(lookup.draft([1, 6, 7], 7)).toEqual({ ids: [8, 9], match: 2, source });
    expect(lookup.draft([8, 9], 7)).toBeNull();
  });
});

describe("the gate", () => {
  const draft = { ids: [1, 2, 3, 4, 5, 6, 7], match: 4, source } as const;
  const gateWith = (rate: number, costs: Record<number, number>) => {
    const gate = new DraftGate();
    for (let index = 0; index < 200; index++) {
      gate.saw(draft, index % 100 < 100 * rate);
      for (const [tokens, ms] of Object.entries(costs)) gate.measured(Number(tokens), ms);
    }
    return gate;
  };

  test("lets drafts be checked that are right often enough for what a check costs here", () => {
    const costs = { 1: 10, 4: 16, 8: 25 };
    expect(gateWith(1, costs).lengthOf(draft)).toBe(7);
    expect(gateWith(1, costs).lengthOf({ ...draft, ids: [1, 2, 3] })).toBe(3);
    expect(gateWith(1, costs).lengthOf({ ...draft, ids: [1, 2] })).toBe(0);
    expect(gateWith(0, costs).lengthOf(draft)).toBe(0);
    expect(gateWith(1, { 1: 10, 4: 40, 8: 80 }).lengthOf(draft)).toBe(0);
  });

  test("checks none before some were seen to be right", () => {
    const gate = new DraftGate();
    expect(gate.lengthOf(draft)).toBe(0);
    for (let index = 0; index < 20; index++) gate.saw(draft, true);
    expect(gate.lengthOf(draft)).toBe(7);
  });

  test("judges drafts with less in common, and from elsewhere, apart", () => {
    const gate = gateWith(0, { 1: 10, 4: 16, 8: 25 });
    for (let index = 0; index < 50; index++) gate.saw({ ...draft, match: 8 }, true);
    expect(gate.lengthOf({ ...draft, match: 8 })).toBe(7);
    expect(gate.lengthOf(draft)).toBe(0);
    expect(gate.lengthOf({ ...draft, match: 8, source: "learnt" })).toBe(0);
  });
});
