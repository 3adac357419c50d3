import { join } from "node:path";
import { expect, test } from "vitest";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { thisComputer } from "../../../../main/services/plans/admission.ts";
import { handedCommands } from "../../../../main/services/runs/handed-commands.ts";
import { RunRequest } from "../../../../preload/contract/calls/runs.ts";
import { writeTinyData } from "../../cli/tiny-data.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { tinyRecipe } from "../../cli/tiny-trim.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { probe } from "../plans/clauses-plan.ts";
import { queueForTest } from "./queued-run.ts";

test("A command that is to be done by a time of day is planned for what is left, by what it measured", async () => {
  const folder = temporaryFolder();
  const { services, reading, queue } = await queueForTest();
  const doneBy = new Date(Date.now() + 36_000_000).toISOString();
  const request = RunRequest.parse({
    model: { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" },
    sources: { data: [writeTinyData(join(folder, "data"))] },
    patch: { ...tinyRecipe(), threads: 1 },
    limit: { doneBy },
  });
  const id = await handedCommands({ services, reading, queue, free: thisComputer })({
    command: "trim",
    request: { ...request, probe },
  });
  queue.pause(id);
  const { asked, ...timing } = services.runs.timing(id)!;
  expect(timing).toEqual({ doneBy, probe });
  const { plan } = services.runs.get(id);
  expect(plan).toEqual(fitted(asked, probe, plan.budget!.seconds)!.plan);
  expect(plan.budget!.seconds).toBeLessThanOrEqual(36_000);
});

test("A command does not get the folder that a queued run will write its model to", async () => {
  const folder = temporaryFolder();
  const { services, reading, queue } = await queueForTest();
  const letStart = queue.hold();
  const request = RunRequest.parse({
    model: { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" },
    sources: { data: [writeTinyData(join(folder, "data"))] },
    patch: { ...tinyRecipe(), threads: 1 },
    name: "first",
  });
  const output = join(folder, "model");
  const hand = () =>
    handedCommands({ services, reading, queue, free: thisComputer })({
      command: "trim",
      request: { ...request, probe: null, output },
    });
  const first = await hand();
  await expect(hand()).rejects.toMatchObject({
    failure: {
      code: "bad-choice",
      why: { code: "folder-taken", folder: output, run: "first" },
    },
  });
  queue.pause(first);
  const second = await hand();
  queue.pause(second);
  letStart();
});
