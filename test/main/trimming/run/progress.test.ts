import { expect, test } from "vitest";
import { Progress } from "../../../../main/trimming/run/progress.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import type { PlannedStage } from "../../../../preload/contract/runs/schedule.ts";

const stage = (name: string, work: number): PlannedStage => ({
  name,
  work,
  phase: "heal",
  round: null,
  kind: "training",
  tokens: work,
  read: 0,
  passes: 1,
  blocks: 1,
  unitsLeft: 1,
});

/** A run of two stages, on a clock that each unit of work takes a second of. */
function started(given = Infinity) {
  let now = 0;
  const events: Extract<RunEvent, { event: "progress" }>[] = [];
  const progress = new Progress(
    [stage("heal", 100), stage("measure", 100)],
    (event) => {
      if (event.event === "progress") events.push(event);
    },
    { now: () => now, given: () => given - now / 1000 },
  );
  const advance = (work: number) => {
    now += 1000 * work;
    progress.advance(work);
    return events.at(-1)!;
  };
  return { progress, advance };
}

test("within a time, no more is left than that", () => {
  const { progress, advance } = started(150);
  progress.begin("heal");
  expect(advance(20)).toMatchObject({ secondsLeft: 130 });
});

test("the share that is done and the time left follow the planned work", () => {
  const { progress, advance } = started();
  progress.begin("heal");
  expect(advance(50)).toMatchObject({ done: 50, total: 100, fraction: 0.25, secondsLeft: 150 });
});

test("a stage that goes on for longer than planned has more to do, and one that is cut short less", () => {
  const { progress, advance } = started();
  progress.resize("heal", 3);
  progress.resize("none of that name", 2);
  progress.begin("heal");
  expect(advance(100)).toMatchObject({ done: 100, total: 300, fraction: 0.25, secondsLeft: 300 });
  progress.resize("measure", 0.5);
  expect(advance(100)).toMatchObject({ done: 200, total: 300, secondsLeft: 150 });
});
