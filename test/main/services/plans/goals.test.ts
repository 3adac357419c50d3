import { describe, expect, test } from "vitest";
import { reachedAt, speedAt, withDepthOf } from "../../../../main/services/plans/goals.ts";
import type { TrimChoices } from "../../../../main/services/plans/planning.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import type { Probe } from "../../../../preload/contract/plans/probe.ts";
import { smolLm2 } from "../../../native-models/shapes.ts";
import { failureFrom } from "../../failure-from.ts";
import { probe } from "./clauses-plan.ts";

const model = { path: "/m", modelType: "llama", ...smolLm2 } as unknown as ModelReport;

const unitsFor = (choices: Parameters<typeof withDepthOf>[0]) => {
  const { keep } = withDepthOf(choices, model);
  return keep && "units" in keep ? keep.units : null;
};

describe("A goal becomes the most units that reach it", () => {
  test("of memory", () => {
    const bytes = reachedAt(model, 15).chatMemoryBytes;
    expect(unitsFor({ goal: { kind: "memory", bytes } })).toBe(15);
    expect(unitsFor({ goal: { kind: "memory", bytes: bytes - 1 } })).toBe(14);
    expect(unitsFor({ goal: { kind: "memory", bytes }, unit: "sublayer" })).toBe(30);
    expect(unitsFor({ goal: { kind: "memory", bytes: 1e12 } })).toBe(30);
  });

  test("of speed", () => {
    const units = unitsFor({ goal: { kind: "speed", times: 1.5 } })!;
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
    const kept = (tokensPerSecond: number, others: TrimChoices = {}) => {
      const goal = { kind: "tokens-per-second" as const, tokensPerSecond };
      return withDepthOf({ ...others, goal }, model, measured);
    };
    const settings = { targetTokensPerSecond: 50 };
    expect(kept(50)).toEqual({ keep: { units: 14 }, settings }); // in proportion to depth it would be 16
    expect(kept(50, { settings: { seed: 3 } }).settings).toEqual({ seed: 3, ...settings });
    expect(kept(50, { unit: "sublayer" }).keep).toEqual({ units: 28 });
    expect(kept(100).keep).toEqual({ units: 4 });
    expect(kept(20).keep).toEqual({ units: 30 });
    const missed = { code: "out-of-reach", goal: "tokens-per-second", unit: "block", wanted: 200 };
    expect(failureFrom(() => kept(200))).toEqual({ ...missed, least: expect.closeTo(1000 / 7, 6) });
    const chat = { precision: "int4" as const };
    expect(speedAt(model, 14, measured, { ...chat, raisedShare: 0.2 })).toBeLessThan(
      speedAt(model, 14, measured, chat),
    );
  });

  test("and one of tokens per second is refused where nothing was measured", () => {
    const goal = { kind: "tokens-per-second" as const, tokensPerSecond: 50 };
    expect(failureFrom(() => withDepthOf({ goal }, model))).toMatchObject({
      code: "bad-choice",
      option: "A speed of 50 tokens/s",
      reason: "this computer has not been measured for this plan yet",
    });
  });

  test("with the memory and the speed that fewer tokens give", () => {
    const plan = { vocabulary: { tokens: 16_384 } };
    const [whole, trimmed] = [reachedAt(model, 15), reachedAt(model, 15, plan)];
    expect(trimmed.chatMemoryBytes).toBeLessThan(whole.chatMemoryBytes);
    expect(trimmed.times).toBeGreaterThan(whole.times);
    const goal = { kind: "speed" as const, times: whole.times };
    expect(unitsFor({ goal, ...plan })).toBeGreaterThan(unitsFor({ goal })!);
    expect(reachedAt(model, 15, { vocabulary: { tokens: 10 ** 6 } })).toEqual(whole);
  });

  test("of no loss: to a deep cut, with depths healed that rounds of two blocks end with", () => {
    const choices = withDepthOf({ goal: { kind: "no-loss" } }, model);
    const settings = { result: "recommended" };
    expect(choices).toEqual({ keep: { units: 9 }, healDepths: [24, 22, 18, 16, 12], settings });
  });

  test("of no loss: heals the depths that a person names, too", () => {
    const goal = { kind: "no-loss" as const };
    const healed = [24, 22, 20, 18, 16, 12];
    expect(withDepthOf({ goal, healDepths: [20] }, model).healDepths).toEqual(healed);
    const settings = { heal: { depths: [20] } };
    expect(withDepthOf({ goal, settings }, model)).toMatchObject({ healDepths: healed, settings });
  });

  test("and is refused with what a single unit gives where that is too much", () => {
    const { chatMemoryBytes, times } = reachedAt(model, 1);
    const missed = { code: "out-of-reach", unit: "block" };
    const memory = { ...missed, goal: "memory", wanted: 1e6, least: chatMemoryBytes };
    expect(failureFrom(() => unitsFor({ goal: { kind: "memory", bytes: 1e6 } }))).toEqual(memory);
    const speed = { ...missed, goal: "speed", wanted: 99, least: times };
    expect(failureFrom(() => unitsFor({ goal: { kind: "speed", times: 99 } }))).toEqual(speed);
  });

  test("and without one nothing changes", () => {
    const choices = { keep: { fraction: 0.5 } };
    expect(withDepthOf(choices, model)).toBe(choices);
  });
});
