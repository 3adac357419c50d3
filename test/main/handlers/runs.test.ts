import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Application } from "../../../main/application.ts";
import { runsHandlers } from "../../../main/handlers/runs.ts";
import { wizardHandlers } from "../../../main/handlers/wizard.ts";
import { readOutcome, writeOutcome } from "../../../main/home/run-folder.ts";
import { PermittedPaths } from "../../../main/permitted-paths.ts";
import { Reading } from "../../../main/services/data/reading.ts";
import { RunRequest } from "../../../preload/contract/calls/runs.ts";
import { writeTinyData } from "../cli/tiny-data.ts";
import { writeTinyModel } from "../cli/tiny-model.ts";
import { tinyRecipe } from "../cli/tiny-trim.ts";
import { planWithSeed } from "../services/plan.ts";
import { probe } from "../services/plans/clauses-plan.ts";
import { finishedRun } from "../services/runs/finished-run.ts";
import { servicesForTest } from "../services/services.ts";
import { temporaryFolder } from "../temporary-folder.ts";

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

test("a run for some tokens per second is planned by what its wizard measured, and refused without that", async () => {
  const services = servicesForTest();
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const folder = temporaryFolder();
  const paths = new PermittedPaths(services);
  paths.permit([folder]);
  const queue = { add: () => {} };
  const application = { services, paths, reading, queue, engine: {} } as unknown as Application;
  const goal = { kind: "tokens-per-second", tokensPerSecond: 50 } as const;
  const request = RunRequest.parse({
    model: { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" },
    sources: { data: [writeTinyData(join(folder, "data"))] },
    patch: { ...tinyRecipe(), threads: 1 },
    goal,
  });
  const { start } = runsHandlers(application);
  const failure = { code: "bad-choice", why: { code: "speed-not-measured", tokensPerSecond: 50 } };
  await expect(start(request)).rejects.toMatchObject({ failure });

  const { path } = request.model;
  const model = await reading.inspect(path);
  const { folder: dataset } = await reading.dataset(request.sources, path, 1, services.home.datasets);
  const { estimate } = wizardHandlers(application);
  const { probeKey } = await estimate({ model, dataset, patch: request.patch, goal, probe: null });
  const chat: typeof probe.chat = [
    { ...probe.chat[0], blocks: 2, tokensPerSecond: 60 },
    { ...probe.chat[1], blocks: 4, tokensPerSecond: 30 },
  ];
  const { id } = await start({ ...request, probe: { key: probeKey, probe: { ...probe, blocks: 4, chat } } });
  const { plan } = services.runs.get(id);
  expect([plan.trim.keep, plan.targetTokensPerSecond]).toEqual([{ units: 2 }, 50]);
});
