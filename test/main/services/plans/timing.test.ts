import { describe, expect, test } from "vitest";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { probeKeyOf } from "../../../../main/services/plans/target.ts";
import { replanned, resumed, timed } from "../../../../main/services/plans/timing.ts";
import { secondsUntil } from "../../../../preload/contract/plans/time-of-day.ts";
import { failureFrom } from "../../failure-from.ts";
import { plan, probe } from "./clauses-plan.ts";
import { logText } from "../../../../preload/contract/words/run-log.ts";

const kept = { key: probeKeyOf(plan), probe };
const at = (time: string) => new Date(`2026-11-28T${time}:00Z`);

const doneBy = "2026-11-28T18:00:00.000Z";

describe("a plan within a time", () => {
  test("does less than without, and is refused where not even the least fits or nothing was measured", () => {
    expect(timed(plan, null, null, at("17:00"))).toEqual({ plan });
    expect(timed(plan, { minutes: 60 }, kept, at("17:00"))).toEqual({
      plan: fitted(plan, probe, 3600)!.plan,
    });
    const refused = (minutes: number, measured: typeof kept | null) =>
      failureFrom(() => timed(plan, { minutes }, measured, at("17:00")));
    expect(refused(60, null)).toMatchObject({ code: "bad-choice" });
    expect(refused(60, { ...kept, key: "another plan" })).toMatchObject({ code: "bad-choice" });
    expect(refused(1 / 60, kept)).toMatchObject({ code: "too-little-time", seconds: 1 });
  });

  test("ends at a time of day however long the data was read before, and remembers what it was made from", () => {
    for (const now of ["17:00", "17:20"]) {
      const { plan: planned, timing } = timed(plan, { doneBy }, kept, at(now));
      expect(planned).toEqual(fitted(plan, probe, secondsUntil(doneBy, at(now)))!.plan);
      expect(timing).toEqual({ asked: plan, probe, doneBy });
    }
    expect(failureFrom(() => timed(plan, { doneBy }, kept, at("18:01")))).toMatchObject({
      code: "too-little-time",
      seconds: 0,
    });
  });
});

describe("a run that is to be done by a time of day", () => {
  const { plan: planned, timing } = timed(plan, { doneBy }, kept, at("17:00"));
  const { budget } = planned;

  test("keeps its plan if it starts at once", () => {
    expect(replanned(planned, timing!, at("17:00"))).toBeNull();
  });

  test("is planned for what is left if it had to wait", () => {
    const found = replanned(planned, timing!, at("17:40"))!;
    expect(found.plan).toEqual(fitted(plan, probe, 20 * 60)!.plan);
    expect(logText(found.said)).toMatch(
      /^The run had to wait. Until \d\d:\d\d there is time for \d+% of its training.$/,
    );
  });

  test.each(["17:58", "19:00"])("keeps its plan, and will be late, if it starts at %s", (time) => {
    const found = replanned(planned, timing!, at(time))!;
    expect(found.plan).toBe(planned);
    expect(logText(found.said)).toMatch(/^The run had to wait. It will be done later than \d\d:\d\d, since/);
  });

  test("goes on as planned after a pause that took none of its time", () => {
    expect(resumed(planned, timing!, 600, at("17:10"))).toBeNull();
    expect(resumed(plan, timing!, 600, at("17:50"))).toBeNull(); // its plan has no time
  });

  test("has less time after a pause, and the same stages", () => {
    const found = resumed(planned, timing!, 600, at("17:30"))!; // twenty minutes of pause
    expect(found.plan.budget!.seconds).toBe(2400);
    expect({ ...found.plan, budget }).toEqual(planned);
    expect(logText(found.said)).toMatch(
      /^The run was paused. Until \d\d:\d\d there is time for \d+% of the training that is left.$/,
    );
  });

  test.each([
    [600, "18:00"],
    [600, "19:00"],
    [3500, "18:30"], // when it only measures
  ])("after %i s keeps its plan, and will be late, if it goes on at %s", (active, time) => {
    const found = resumed(planned, timing!, active, at(time))!;
    expect(found.plan).toBe(planned);
    expect(logText(found.said)).toMatch(/^The run was paused. It will be done later than \d\d:\d\d, since/);
  });
});
