import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readDataset } from "../../../main/documents/dataset.ts";
import { openServices } from "../../../main/services/open.ts";
import { isUnfinished } from "../../../native-models/formats/atomic.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { planWithSeed } from "../services/plan.ts";
import { start } from "./command.ts";
import { coppice } from "./in-process.ts";

/**
 * A home with one data set, "leases", read from `count` rows (of 30, 16 are for training), and a cancelled run on it for each name; each of
 * `heirs` is a run on other data that started from the model of the first of these.
 */
async function homeWithData({
  count = 30,
  runs = [] as string[],
  heirs = [] as string[],
} = {}): Promise<string> {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const services = openServices(home);
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ prompt: `Clause ${i}:`, completion: ` ${i}.` }),
  );
  mkdirSync(join(folder, "in"));
  writeFileSync(join(folder, "in", "clauses.jsonl"), rows.join("\n"));
  const out = join(services.home.datasets, "abc");
  const report = await readDataset({ data: [join(folder, "in")], out, seed: 1 });
  const { id: datasetId } = services.datasets.remember({ folder: out, name: "leases", report });
  const made = runs.map((name) => {
    const run = services.runs.create({ ...planWithSeed(1), data: { path: out } }, { name, datasetId });
    services.runs.cancel(run.id);
    return run;
  });
  for (const name of heirs) {
    const model = { path: join(services.home.models, made[0]!.id), sha256: null };
    services.runs.create({ ...planWithSeed(2), model }, { name });
  }
  services.close();
  return home;
}

test("coppice runs lists runs by their ids, with the names that they have now", async () => {
  const home = await homeWithData({ runs: ["Autumn"] });
  const services = openServices(home);
  const [run] = services.runs.list();
  services.runs.describe(run!.id, { name: "Leases of autumn", note: "", tags: [] });
  services.close();
  const { output } = await coppice(home, ["runs"]);
  expect(output).toMatch(new RegExp(`${run!.id} +Leases of autumn +\\d{4}-.* +cancelled`));
});

test("coppice data reads files with their options into a data set that stays, and reads nothing else", async () => {
  const folder = temporaryFolder();
  const [home, file] = [join(folder, "home"), join(folder, "clauses.jsonl")];
  const rows = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ prompt: `Clause ${i}:`, completion: ` ${i}.` }),
  );
  writeFileSync(file, rows.join("\n"));
  const read = await coppice(home, ["data", file, "--sample-rows", "20", "--name", "Leases"]);
  expect(read.output).toMatch(/^Leases, version 1, /);
  expect(read.output).toMatch(/training: 10 rows/);
  expect((await coppice(home, ["data"])).output).toMatch(/1 +Leases +1 +10 +5 +5 /);
  const refused = await coppice(home, ["data", "Leases", "--sample-rows", "10"]);
  expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("only those are read")]);
});

test("coppice data lists, exports, names and deletes data sets", async () => {
  const home = await homeWithData();
  const listed = await coppice(home, ["data"]);
  expect(listed.output).toMatch(/1 +leases +1 +16 +7 +7 +0 /);
  const output = join(temporaryFolder(), "out");
  const exported = await coppice(home, ["data", "leases", "--export", output, "--format", "parquet"]);
  expect(exported.output).toContain("train.parquet: 16 rows");
  expect(readdirSync(output)).toContain("README.md");
  const again = await coppice(home, ["data", "leases", "--export", output]);
  expect([again.code, again.errors]).toEqual([1, expect.stringContaining("is not empty")]);
  const shown = await coppice(home, ["data", "1"]);
  expect(shown.output).toMatch(/ {2}training: 16 rows from .*clauses\.jsonl\n {2}validation: 7 rows/);
  await coppice(home, ["data", "leases", "--name", "Leases 2026"]);
  const deleted = await coppice(home, ["data", "Leases 2026", "--delete"]);
  expect(deleted.output).toContain("freed");
  expect((await coppice(home, ["data", "Leases 2026"])).code).toBe(1);
  expect(readdirSync(join(home, "datasets"))).toEqual([]);
});

test("coppice data --delete lists the runs that were trained on the data set", async () => {
  const one = await coppice(await homeWithData({ runs: ["Autumn"] }), ["data", "leases", "--delete"]);
  expect(one.output).toContain("1 run was trained on it and keeps its figures: Autumn.");
  const two = await coppice(await homeWithData({ runs: ["Autumn", "Winter"] }), ["data", "1", "--delete"]);
  expect(two.output).toContain("2 runs were trained on it and keep their figures: Winter, Autumn.");
});

test("coppice data --delete lists the runs that carry the data set in the model they started from", async () => {
  const home = await homeWithData({ runs: ["Autumn"], heirs: ["Winter"] });
  const { output } = await coppice(home, ["data", "leases", "--delete"]);
  expect(output).toContain("1 run was trained on it and keeps its figures: Autumn.\n");
  expect(output).toContain("1 other run carries its data: Winter (started from the model of Autumn).\n");
});

test.skipIf(process.platform === "win32")("Ctrl-C ends an export, and nothing of it is left", async () => {
  const home = await homeWithData({ count: 20_000 });
  const folder = temporaryFolder();
  const output = join(folder, "out");
  const exporting = start(home, ["data", "leases", "--export", output]);
  await vi.waitFor(() => expect(readdirSync(folder).filter(isUnfinished)).toHaveLength(1), {
    timeout: 60_000,
    interval: 2,
  });
  exporting.process.kill("SIGINT");
  const { code, errors } = await exporting.ended;
  expect([code, errors]).toEqual([130, "Stopped. Nothing was exported.\n"]);
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]));
});
