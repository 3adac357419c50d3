import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Application } from "../../../main/application.ts";
import { runsHandlers } from "../../../main/handlers/runs.ts";
import { readOutcome, writeOutcome } from "../../../main/run-folder.ts";
import { finishedRun } from "../services/runs/finished-run.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";

const measured = (units: number) => ({
  units,
  right: (question: number) => question % 2 === 0,
  tokensPerSecond: 50,
});

test("a run without a record of its model gets its schedule from its outcome, and has none before", async () => {
  const services = servicesForTest();
  const { get } = runsHandlers({ services } as Application);
  const named = { name: "known", base: measured(8), tuned: measured(8), depths: [measured(4)] };
  const known = await finishedRun(services, named);
  const { id } = services.runs.create(planWithSeed(7), { name: "without a record" });
  expect(await get({ id })).toMatchObject({ model: null, schedule: null, outcome: null });
  const folder = join(services.home.runs, id);
  mkdirSync(folder, { recursive: true });
  await writeOutcome(folder, readOutcome(join(services.home.runs, known))!);
  const { schedule } = await get({ id: known });
  expect(schedule!.units.total).toBe(8);
  expect(await get({ id })).toMatchObject({ model: null, schedule });
});
