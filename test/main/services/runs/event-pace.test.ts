import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EventPace } from "../../../../main/services/runs/event-pace.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";

const step = (number: number): RunEvent => ({
  event: "step",
  step: number,
  loss: 1,
  distillationLoss: null,
  learningRate: 1,
  gradientNorm: 1,
  tokensPerSecond: 1,
  tokens: 1,
});
const phase: RunEvent = { event: "phase", phase: "tune" };

describe("the pace of events", () => {
  const passed: RunEvent[] = [];
  const pace = new EventPace((event) => passed.push(event));
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    passed.length = 0;
  });

  test("passes only the newest of many steps in an interval", () => {
    for (let number = 1; number <= 100; number++) pace.add(step(number));
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(passed).toEqual([step(100)]);
    vi.advanceTimersByTime(10_000);
    expect(passed).toHaveLength(1);
  });

  test("passes everything else at once, after what was waiting", () => {
    pace.add(step(1));
    pace.add(phase);
    expect(passed).toEqual([step(1), phase]);
  });

  test("passes at most four of a kind per second", () => {
    for (let time = 0; time < 1000; time += 10) {
      pace.add(step(time));
      vi.advanceTimersByTime(10);
    }
    expect(passed.length).toBeLessThanOrEqual(4);
    expect(passed.at(-1)).toEqual(step(990));
  });
});
