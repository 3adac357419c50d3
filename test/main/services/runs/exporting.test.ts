import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { writeFolderAtomic } from "../../../../main/trimming/export/write-folder.ts";
import type { Services } from "../../../../main/services/open.ts";
import { exportInto, useDepth } from "../../../../main/services/runs/exporting.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";
import { clauses } from "./clauses.ts";
import { finishedRun } from "./finished-run.ts";
import { simulatedTrainer } from "./simulated-trainer.ts";

/** A trainer whose exports take a moment, and which says how many there were, and how many at once. */
function slowExports() {
  const made = { all: 0, atOnce: 0 };
  let now = 0;
  const launch = simulatedTrainer(({ tell }) => (request) => {
    if (request.type !== "run") return;
    const { id, input } = request;
    const { output } = input as { output: string };
    made.all++;
    made.atOnce = Math.max(made.atOnce, ++now);
    const check = {
      prompts: 1,
      divergence: 0,
      largestDifference: 0,
      sameTop: 1,
      perplexity: null,
      roundedBefore: null,
    };
    const value = { output, units: 4, sizeBytes: 7, files: [], check, notes: [] };
    writeFolderAtomic(output, async (partial) => {
      await wait(50);
      writeFileSync(join(partial, "weights"), "weights");
    })
      .then(
        () => tell({ type: "done", id, result: { ok: true, value } }),
        (error: unknown) => tell({ type: "done", id, result: { ok: false, failure: failureOf(error) } }),
      )
      .finally(() => now--);
  });
  return { made, engine: { launch } };
}

const reading = {
  inspect: (path: string) =>
    Promise.resolve({ path, format: "safetensors", modelType: "llama", sizeBytes: 7 } as ModelReport),
  hash: () => Promise.resolve(""),
};

/** A finished run whose model is there. */
async function runOf(services: Services, finished = clauses): Promise<string> {
  const run = await finishedRun(services, finished);
  const model = join(temporaryFolder(), "small.gguf");
  writeFileSync(model, "");
  services.models.move(services.runs.get(run).plan.model.path, model);
  return run;
}

test("a depth that is asked for twice is made once", async () => {
  const services = servicesForTest();
  const run = await runOf(services, clauses);
  const { made, engine } = slowExports();
  const use = () => useDepth(services, reading, { run, depth: "tuned" }, { engine });
  const [first, second] = await Promise.all([use(), use()]);
  expect(second).toEqual(first);
  expect(made).toEqual({ all: 1, atOnce: 1 });
});

test("exports of a depth to the same folder at the same time get folders of their own", async () => {
  const services = servicesForTest();
  const id = await runOf(services, clauses);
  const { made, engine } = slowExports();
  const folder = temporaryFolder();
  const into = () =>
    exportInto(services, reading, { run: id, depth: "tuned", folder, format: "hf" }, { engine });
  const [first, second] = await Promise.all([into(), into()]);
  expect(second.output).toBe(`${first.output}-2`);
  expect(made).toEqual({ all: 2, atOnce: 1 });
});

test("an export of a run with a long name in any script has a name that a file system takes", async () => {
  const services = servicesForTest();
  const id = await runOf(services, {
    ...clauses,
    name: `${"Klauseln über Vermietung ".repeat(6)}租赁`.repeat(2),
  });
  const { engine } = slowExports();
  const folder = temporaryFolder();
  const { output } = await exportInto(
    services,
    reading,
    { run: id, depth: "tuned", folder, format: "hf" },
    { engine },
  );
  const name = basename(output);
  expect(name).toMatch(/^Klauseln-über-Vermietung-.*-tuned$/);
  expect(Buffer.byteLength(name)).toBeLessThan(160);
});
