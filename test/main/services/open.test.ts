import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../../main/services/open.ts";
import { stoppedRunIn } from "../trimming/journal/stopped-run.ts";
import { planWithSeed } from "./plan.ts";
import { clauses } from "./runs/clauses.ts";
import { finishedRun } from "./runs/finished-run.ts";
import { servicesForTest } from "./services.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a home is opened without the teachers that finished runs left, and with those of the others", async () => {
  const folder = temporaryFolder();
  const services = openServices(folder);
  const done = await finishedRun(services, clauses);
  const paused = services.runs.create(planWithSeed(1), { name: "paused" }).id;
  for (const id of [done, paused]) stoppedRunIn(join(services.home.runs, id));
  services.close();

  const { home } = servicesForTest(folder);
  const teachers = (id: string) =>
    readdirSync(join(home.runs, id)).filter((name) => name.startsWith("teacher"));
  expect(teachers(done)).toEqual([]);
  expect(teachers(paused)).toHaveLength(2);
});
