import { describe, expect, test } from "vitest";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { endsInTime, fitsInTime, secondsInTime } from "../../../../main/trimming/schedule/deadline.ts";
import { plan, probe } from "../../services/plans/clauses-plan.ts";

/** How long a run takes, how many rounds it makes, and what share of its planned healing, on a computer that `slows` down at times. */
function simulated(minutes: number, slows: (share: number) => number, control = false) {
  const budget = fitted({ ...plan, control }, probe, 60 * minutes)!.plan.budget!;
  const names = Object.keys(budget.ends);
  const expected = (name: string) => budget.ends[name]! - (budget.ends[names[names.indexOf(name) - 1]!] ?? 0);
  let [now, rounds, healed] = [0, 0, 0];
  const pass = (seconds: number) => {
    for (let left = seconds; left > 0; left--) now += Math.min(1, left) * slows(now / budget.seconds);
  };
  let [isTuning, isCutting] = [true, true];
  for (const name of names.slice(0, -1)) {
    const isRound = name.startsWith("round");
    if (isRound && !isCutting) continue;
    if (isRound || /^tune [23]$/.test(name)) {
      if (!isTuning && !isRound) continue;
      if (!fitsInTime(budget, name, now)) {
        if (isRound) isCutting = false;
        else isTuning = false;
        continue;
      }
      if (isRound) rounds++;
    }
    const isLast = /^(heal|control)/.test(name);
    // a run knows how long its last steps took
    const slow = () => slows(now / budget.seconds);
    /** Trains for as long as planned, or until it is over. */
    const train = (seconds: number) => {
      let share = 0;
      for (; share < 1; share += 0.02) {
        const at = { active: now, share, seconds: expected(name) * slow() };
        if (share > 0 && endsInTime(budget, name, at)) break;
        pass(0.02 * seconds);
      }
      return share * seconds;
    };
    if (name.startsWith("tune")) {
      isTuning = train(expected(name)) >= expected(name);
      continue;
    }
    const at = { active: now, seconds: expected(name) * slow() };
    const seconds = isLast ? secondsInTime(budget, name, at) / slow() : expected(name);
    if (isLast) {
      const parts = 4 - Number(/part (\d)/.exec(name)?.[1] ?? 1) + 1;
      const most = name.startsWith("heal") ? (4 * (4 - healed)) / parts : 4;
      const done = train(Math.min(seconds, most * expected(name)));
      if (name.startsWith("heal")) healed += done / expected(name) / 4;
    } else pass(seconds);
  }
  pass(expected("done"));
  return {
    used: now / budget.seconds,
    rounds,
    healed,
    isTuned: isTuning,
    planned: names.filter((name) => /^round/.test(name)).length,
  };
}

const between = (from: number, to: number, factor: number) => (share: number) =>
  share >= from && share < to ? factor : 1;

describe("A run with a deadline", () => {
  test.each([
    ["undisturbed", () => 1],
    ["half as fast in the first third", between(0, 0.33, 2)],
    ["half as fast in the second third", between(0.33, 0.66, 2)],
    ["half as fast from the middle of its healing", between(0.8, 1, 2)],
    ["half as fast as soon as it is planned", () => 2],
    ["a third slower than measured", () => 1.33],
    ["a quarter faster than measured", () => 0.75],
  ])("on a computer that is %s ends in time and uses it", (_name, slows) => {
    for (const minutes of [12, 15, 20, 25, 30, 45, 60])
      for (const control of [false, true]) {
        const { used, healed } = simulated(minutes, slows, control);
        expect(used, `${minutes} minutes`).toBeLessThanOrEqual(1);
        const hasAll = healed > 3.9; // no run heals longer
        if (!hasAll) expect(used, `${minutes} minutes`).toBeGreaterThan(0.9);
      }
  });

  test("of too little for its tuning is used for it, also on a computer that is faster than measured", () => {
    for (const slows of [() => 1, () => 0.75, between(0, 0.33, 2)]) {
      const { used, rounds, isTuned } = simulated(5, slows);
      expect([rounds, isTuned]).toEqual([0, false]);
      expect(used).toBeGreaterThan(0.9);
      expect(used).toBeLessThanOrEqual(1);
    }
  });

  test("cuts less on a slower computer, and heals what it cuts", () => {
    const [as, slow] = [simulated(30, () => 1), simulated(30, () => 1.5)];
    expect(as.rounds).toBe(as.planned);
    expect(slow.rounds).toBeLessThan(as.rounds);
    expect(slow.rounds).toBeGreaterThan(0);
    expect(slow.healed).toBeGreaterThan(slow.rounds / slow.planned - 0.25);
  });
});
