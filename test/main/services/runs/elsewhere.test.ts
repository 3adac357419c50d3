/** Runs that another computer carries out: what is remembered when one leaves, and what it needs when it is back. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Reading } from "../../../../main/services/data/reading.ts";
import { estimateTrimOn } from "../../../../main/services/plans/admission.ts";
import { importJob, isJobFolder, jobOfRun, writeJobInto } from "../../../../main/services/runs/elsewhere.ts";
import { startTrim } from "../../../../main/services/runs/running-trim.ts";
import { planElsewhere, prepareResume } from "../../../../main/services/runs/trimming.ts";
import { chatMemoryBytes } from "../../../../native-models/estimates/chat.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { writeTinyData } from "../../cli/tiny-data.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { tinyRecipe } from "../../cli/tiny-trim.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { finishJob } from "../../trimming/elsewhere/finish-job.ts";
import { servicesForTest } from "../services.ts";

test("a job that comes back is a queued run with its curves, which needs no more memory than chat", async () => {
  const services = servicesForTest();
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const folder = temporaryFolder();
  const job = await planElsewhere(services, reading, {
    model: { path: await writeTinyModel(join(folder, "tiny"), 3), name: "tiny" },
    sources: { data: [writeTinyData(join(folder, "data"))] },
    patch: { ...tinyRecipe(), threads: 1 },
    name: "Clauses: leases",
  });
  const written = await writeJobInto(job, folder, {});
  expect(written).toBe(join(folder, "Clauses-leases"));
  expect([isJobFolder(written), isJobFolder(folder)]).toEqual([true, false]);
  await finishJob(written);

  const run = await importJob(services, reading, written);
  expect(run).toMatchObject({ name: "Clauses: leases", state: "queued" });
  await expect.poll(() => services.runs.metrics(run.id)).toMatchObject([{ step: 1, loss: 1 }]);
  const model = await reading.inspect(job.plan.model.path);
  const neededBytes = chatMemoryBytes(model);
  expect(estimateTrimOn(model, run.plan, run.plan.data.path).memoryBytes).toBeGreaterThan(neededBytes);
  const resumed = (freeBytes: number) =>
    prepareResume(services, reading, run.id, { memoryBytes: () => freeBytes, diskBytes: () => 0 });
  expect((await resumed(neededBytes)).id).toBe(run.id);
  expect(await resumed(neededBytes - 1).catch(failureOf)).toMatchObject({ code: "not-enough-memory" });

  const { metrics } = await startTrim(services, run.id).done;
  expect(metrics.depths.map(({ name }) => name)).toEqual(["round 1", "round 2", "healed"]);
  expect(services.runs.rounds(run.id).map(({ dropped }) => dropped)).toEqual([[2], [1]]);
  expect((await jobOfRun(services, reading, run.id)).name).toBe("Clauses: leases");
  writeFileSync(join(written, "result", "state.json"), "{}");
  expect(await importJob(services, reading, written).catch(failureOf)).toMatchObject({ code: "bad-job" });
  expect(services.runs.list()).toHaveLength(1);
  expect(readdirSync(services.home.cache)).toEqual([]);
});
