import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readOutcome } from "../../../../main/home/run-folder.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { prepareEverything } from "../../../../main/services/runs/everything.ts";
import { startTrim } from "../../../../main/services/runs/running-trim.ts";
import { prepareTrim } from "../../../../main/services/runs/trimming.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { readPlanned } from "../../../../main/trimming/run/planned-data.ts";
import { rowCount } from "../../../../preload/contract/data/data.ts";
import { AppError } from "../../../../native-models/failure.ts";
import { writeTinyData } from "../../cli/tiny-data.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { tinyRecipe } from "../../cli/tiny-trim.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";
import { figuresOf } from "./queued-run.ts";

test("a finished run is repeated on all of its rows, with its epochs, its cuts and its figures", async () => {
  const services = servicesForTest();
  const { home, runs } = services;
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const folder = temporaryFolder();
  const model = { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" };
  const sources = { data: [writeTinyData(join(folder, "data"))] };
  const { trim, ...rest } = tinyRecipe();
  const patch = { ...rest, trim: { ...trim, unitsPerRound: 1 }, threads: 1, control: true };
  const { run, dataset } = await prepareTrim(services, reading, { model, sources, patch });
  const everything = (id: string) =>
    prepareEverything(services, reading, { run: id, language: "en" }).catch((error: unknown) =>
      error instanceof AppError ? error.failure : Promise.reject(error as Error),
    );
  expect(await everything(run.id)).toMatchObject({ why: { code: "repeating-unfinished" } });

  const before = await startTrim(services, run.id).done;
  const prepared = await prepareEverything(services, reading, { run: run.id, language: "en" });
  const { id, name, plan } = prepared.run;
  expect(name).toBe(`${run.name}, from everything`);
  const { train, valid, test: tested } = dataset.report.splits;
  const all = rowCount(train) + rowCount(valid) + rowCount(tested);
  expect(readPlanned(plan).train.examples).toHaveLength(all);
  expect(plan).toMatchObject({ control: false, heal: run.plan.heal, everything: { of: run.id } });
  expect(plan.everything!.rounds.map(({ units }) => units)).toEqual(
    runs.rounds(run.id).map(({ dropped }) => dropped),
  );
  const stages = scheduleOf(plan, 4).stages.map(({ name }) => name);
  expect(stages.filter((stage) => /^(measure|judge|scores|validate|chat)/.test(stage))).toEqual([]);

  const done = await startTrim(services, id).done;
  expect(done.units).toEqual(before.units);
  const { accuracy, tokensPerSecond } = before.metrics.trimmed;
  expect(done.metrics).toMatchObject({
    base: before.metrics.base,
    trimmed: { name: "everything", accuracy, tokensPerSecond },
    depths: [{ name: "everything" }],
  });
  expect(done.metrics.control).toBeUndefined();
  expect(readOutcome(join(home.runs, id))?.metrics).toEqual(done.metrics);
  expect(existsSync(join(done.output, "model.safetensors"))).toBe(true);
  expect(figuresOf(services, run.id)).toEqual(expect.arrayContaining(figuresOf(services, id) as unknown[]));
  expect(await everything(id)).toMatchObject({ why: { code: "repeating-again" } });
});
