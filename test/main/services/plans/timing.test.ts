import { describe, expect, test } from "vitest";
import { fitted } from "../../../../main/services/plans/budget.ts";
import { probeKeyOf } from "../../../../main/services/plans/target.ts";
import { replanned, timed } from "../../../../main/services/plans/timing.ts";
import { plan, probe } from "./clauses-plan.ts";

const kept = { key: probeKeyOf(plan), probe };
const at = (time: string) => new Date(`2026-11-28T${time}:00Z`);

describe("a plan within a time", () => {
  test("remembers what it was made from only if it is to end at a time of day", () => {
    expect(timed(plan, {}, null, at("17:00"))).toEqual({ plan });
    const within = timed(plan, { minutes: 60 }, kept, at("17:00"));
    expect(within).toEqual({ plan: fitted(plan, probe, 3600)!.plan });
    const by = timed(plan, { minutes: 60, waitingCounts: true }, kept, at("17:00"));
    expect(by).toEqual({
      plan: within.plan,
      timing: { asked: plan, probe, doneBy: "2026-11-28T18:00:00.000Z" },
    });
  });
});

describe("a run that is to be done by a time of day", () => {
  const { plan: planned, timing } = timed(plan, { minutes: 60, waitingCounts: true }, kept, at("17:00"));

  test("keeps its plan if it starts at once", () => {
    expect(replanned(planned, timing!, at("17:00"))).toBeNull();
  });

  test("is planned for what is left if it had to wait", () => {
    const found = replanned(planned, timing!, at("17:40"))!;
    expect(found.plan).toEqual(fitted(plan, probe, 20 * 60)!.plan);
    expect(found.log).toMatch(
      /^The run had to wait. Until \d\d:\d\d there is time for \d+% of its training.$/,
    );
  });

  test.each(["17:58", "19:00"])("keeps its plan, and will be late, if it starts at %s", (time) => {
    const found = replanned(planned, timing!, at(time))!;
    expect(found.plan).toBe(planned);
    expect(found.log).toMatch(/^The run had to wait. It will be done later than \d\d:\d\d, since/);
  });
});
