import { describe, expect, test } from "vitest";
import { reachedAt, resolveGoal, speedAt } from "../../../../main/trimming/plan/goals.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";
import type { Goal } from "../../../../preload/contract/plans/goal.ts";
import type { Probe } from "../../../../preload/contract/plans/probe.ts";
import { smolLm2 } from "../../../native-models/shapes.ts";
import { failureFrom } from "../../failure-from.ts";
import { probe } from "../../services/plans/clauses-plan.ts";

const model = { path: "/m", modelType: "llama", ...smolLm2 } as unknown as ModelReport;

const resolved = (goal: Goal, patch: PlanPatch = {}, measured: Probe | null = null) =>
  resolveGoal(goal, planTrim({ model }, patch), model, measured);

const unitsFor = (goal: Goal, patch: PlanPatch = {}) => {
  const keep = resolved(goal, patch).trim?.keep;
  return keep && "units" in keep ? keep.units : null;
};

describe("A goal becomes the most units that reach it", () => {
  test("of memory", () => {
    const bytes = reachedAt(model, 15).chatMemoryBytes;
    expect(unitsFor({ kind: "memory", bytes })).toBe(15);
    expect(unitsFor({ kind: "memory", bytes: bytes - 1 })).toBe(14);
    expect(unitsFor({ kind: "memory", bytes }, { trim: { unit: "sublayer" } })).toBe(30);
    expect(unitsFor({ kind: "memory", bytes: 1e12 })).toBe(30);
  });

  test("of speed", () => {
    const units = unitsFor({ kind: "speed", times: 1.5 })!;
    expect(reachedAt(model, units).times).toBeGreaterThanOrEqual(1.5);
    expect(reachedAt(model, units + 1).times).toBeLessThan(1.5);
  });

  test("of tokens per second, by what was measured", () => {
    // A token takes 6 ms of embedding and head, and 1 ms in each block.
    const [shallow, deep] = probe.chat;
    const measured: Probe = {
      ...probe,
      chat: [
        { ...shallow, tokensPerSecond: 1000 / 21 },
        { ...deep, tokensPerSecond: 1000 / 36 },
      ],
    };
    const kept = (tokensPerSecond: number, patch: PlanPatch = {}) =>
      resolved({ kind: "tokens-per-second", tokensPerSecond }, patch, measured);
    const trim = { keep: { units: 14 } }; // in proportion to depth it would be 16
    expect(kept(50)).toEqual({ trim, targetTokensPerSecond: 50 });
    expect(kept(50, { trim: { unit: "sublayer" } }).trim).toEqual({ keep: { units: 28 } });
    expect(kept(100).trim).toEqual({ keep: { units: 4 } });
    expect(kept(20).trim).toEqual({ keep: { units: 30 } });
    const missed = { code: "out-of-reach", goal: "tokens-per-second", unit: "block", wanted: 200 };
    expect(failureFrom(() => kept(200))).toEqual({ ...missed, least: expect.closeTo(1000 / 7, 6) });
    const chat = { precision: "int4" as const };
    expect(speedAt(model, 14, measured, { ...chat, raisedShare: 0.2 })).toBeLessThan(
      speedAt(model, 14, measured, chat),
    );
  });

  test("and one of tokens per second is refused where nothing was measured", () => {
    const goal = { kind: "tokens-per-second" as const, tokensPerSecond: 50 };
    expect(failureFrom(() => resolved(goal))).toMatchObject({
      code: "bad-choice",
      why: { code: "speed-not-measured", tokensPerSecond: 50 },
    });
  });

  test("with the memory and the speed that fewer tokens give", () => {
    const plan = { vocabulary: { tokens: 16_384 } };
    const [whole, trimmed] = [reachedAt(model, 15), reachedAt(model, 15, plan)];
    expect(trimmed.chatMemoryBytes).toBeLessThan(whole.chatMemoryBytes);
    expect(trimmed.times).toBeGreaterThan(whole.times);
    const goal = { kind: "speed" as const, times: whole.times };
    expect(unitsFor(goal, plan)).toBeGreaterThan(unitsFor(goal)!);
    expect(reachedAt(model, 15, { vocabulary: { tokens: 10 ** 6 } })).toEqual(whole);
  });

  test("of no loss: to a deep cut, with depths healed that rounds of two blocks end with", () => {
    const heal = { depths: [24, 22, 18, 16, 12] };
    const trim = { keep: { units: 9 } };
    expect(resolved({ kind: "no-loss" })).toEqual({ trim, heal, floor: "no-loss" });
  });

  test("of no loss: heals the depths that a person names, too", () => {
    const { heal } = resolved({ kind: "no-loss" }, { heal: { depths: [20] } });
    expect(heal).toEqual({ depths: [24, 22, 20, 18, 16, 12] });
  });

  test("and is refused with what a single unit gives where that is too much", () => {
    const { chatMemoryBytes, times } = reachedAt(model, 1);
    const missed = { code: "out-of-reach", unit: "block" };
    const memory = { ...missed, goal: "memory", wanted: 1e6, least: chatMemoryBytes };
    expect(failureFrom(() => unitsFor({ kind: "memory", bytes: 1e6 }))).toEqual(memory);
    const speed = { ...missed, goal: "speed", wanted: 99, least: times };
    expect(failureFrom(() => unitsFor({ kind: "speed", times: 99 }))).toEqual(speed);
  });
});
