import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exportDataSet, newFolderFor } from "../../../../main/services/data/exporting-data.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { DocumentChoices } from "../../../../preload/contract/data/data.ts";
import type { PersonalKind } from "../../../../preload/contract/data/personal.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ prompt: `Clause ${from + i} says`, completion: ` number ${from + i}.` }),
  ).join("\n");

const reading = new Reading();
afterAll(() => reading.stop());

/** A home on which the data of a folder "leases" can be read again and again. */
function dataHome() {
  const services = servicesForTest();
  const folder = join(temporaryFolder(), "leases");
  mkdirSync(folder);
  const { datasets, dataSets, home, models, runs } = services;
  const model = {
    path: "/m.gguf",
    name: "m",
    format: "gguf",
    architecture: "llama",
    summary: {},
    sizeBytes: 1,
    sha256: null,
  };
  const modelId = models.remember(model).id;
  const read = async (sources: readonly string[]) =>
    datasets.named(await reading.dataset({ data: sources }, sample.model, 1, home.datasets), sources);
  return {
    services,
    reading,
    dataSets,
    /** Reads the folder with so many rows, as a run would. */
    async read(count: number): Promise<number> {
      writeFileSync(join(folder, "clauses.jsonl"), rows(count));
      return datasets.remember(await read([folder])).id;
    },
    readAgain: read,
    run(datasetId: number, name: string, model = "/models/small.gguf"): string {
      const data = { path: datasets.get(datasetId).folder };
      const plan = { ...planWithSeed(datasetId), data, model: { path: model, sha256: null } };
      return runs.create(plan, { name, modelId, datasetId }).id;
    },
  };
}

test("other rows under the same name are another version; the same rows are the same data set", async () => {
  const { dataSets, read } = dataHome();
  const [first, again, second] = [await read(30), await read(30), await read(40)];
  expect(again).toBe(first);
  const told = dataSets
    .list()
    .map(({ id, name, version, versions, rows }) => [id, name, version, versions, rows.train]);
  expect(told).toEqual([
    [second, "leases", 2, 2, 22],
    [first, "leases", 1, 2, 16],
  ]);
});

test("a version keeps its number when others are deleted, and no number is given twice", async () => {
  const { dataSets, read } = dataHome();
  const numbers = () =>
    dataSets
      .list()
      .map(({ id, version, versions }) => [id, version, versions])
      .sort();
  const [first, second] = [await read(30), await read(40)];
  await dataSets.erase(first);
  expect(numbers()).toEqual([[second, 2, 2]]);
  const third = await read(50);
  expect(numbers()).toEqual([
    [second, 2, 3],
    [third, 3, 3],
  ]);
  await dataSets.erase(third);
  expect(await read(40)).toBe(second);
  const fourth = await read(60);
  expect(numbers()).toEqual([
    [second, 2, 4],
    [fourth, 4, 4],
  ]);
});

test("a new name counts its own versions", async () => {
  const { dataSets, read } = dataHome();
  const [first, second] = [await read(30), await read(40)];
  dataSets.rename(second, "Leases of 2026");
  dataSets.rename(second, "Leases of 2026");
  expect(dataSets.find(second)).toMatchObject({ version: 1, versions: 1 });
  expect(dataSets.find(first)).toMatchObject({ version: 1, versions: 1 });
  dataSets.rename(first, "Leases of 2026");
  expect(dataSets.find(first)).toMatchObject({ version: 2, versions: 2 });
  expect(dataSets.find(await read(50))).toMatchObject({ name: "leases", version: 1 });
});

test("its rows, used again for a run, keep its name and where they came from", async () => {
  const { dataSets, read, readAgain, services } = dataHome();
  const id = await read(30);
  dataSets.rename(id, "Leases of 2026");
  const { source, report } = await dataSets.get(id);
  const again = await readAgain([source]);
  expect(again).toMatchObject({
    name: "Leases of 2026",
    report: { splits: report.splits, notes: report.notes },
  });
  services.datasets.remember({ ...again, name: "rows" });
  expect(dataSets.list()).toMatchObject([
    { id, name: "Leases of 2026", version: 1, versions: 1, kept: true },
  ]);
});

test("data that was read is kept under a name; other folders are not", async () => {
  const { dataSets, readAgain, services } = dataHome();
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.jsonl"), rows(30));
  const { folder: read } = await readAgain([folder]);
  const id = dataSets.keep(read, "Mine");
  expect(dataSets.list()).toMatchObject([{ id, name: "Mine", kept: true }]);
  for (const wrong of [folder, join(services.home.datasets, ".reading-x"), services.home.datasets])
    for (const asked of [() => dataSets.keep(wrong, "No"), () => dataSets.folderRead(wrong)])
      expect(failureOf(caught(asked))).toMatchObject({ code: "not-found" });
});

test("what is kept already keeps a person's own name when it is kept again, for another model too", async () => {
  const { dataSets, readAgain, services } = dataHome();
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.jsonl"), rows(30));
  const read = await readAgain([folder]);
  const id = dataSets.keep(read.folder, "Letters");
  dataSets.rename(id, "Letters of 2025");
  expect(dataSets.keep(read.folder, "Letters")).toBe(id);
  expect(dataSets.list()).toMatchObject([{ id, name: "Letters of 2025", version: 1, versions: 1 }]);

  // The same rows in another model's form, with a name masked in them that the first reading kept.
  const other = join(services.home.datasets, "0".repeat(64));
  cpSync(read.folder, other, { recursive: true });
  const masked = [{ kind: "name", places: 1, different: 1 }] as const;
  writeFileSync(join(other, "report.json"), JSON.stringify({ ...read.report, masked }));
  expect(dataSets.keep(other, "Letters")).toBe(id); // by which the window finds it
  expect(dataSets.list()).toMatchObject([{ id, name: "Letters of 2025", version: 1, versions: 1 }]);
});

test("a page of its rows, by a word", async () => {
  const { reading, dataSets, read } = dataHome();
  const folder = dataSets.folderOf(await read(30));
  const asked = { folder, split: "train", offset: 0, limit: 5 } as const;
  const all = await reading.rows({ ...asked, search: "" });
  expect([all.found, all.rows.length]).toEqual([16, 5]);
  const words = all.rows.map((row) => row.kind === "example" && row.completion);
  const found = await reading.rows({ ...asked, search: ` ${String(words[0])}` });
  expect(found.rows).toEqual(
    all.rows.filter((row) => row.kind === "example" && ` ${row.completion}`.includes(` ${String(words[0])}`)),
  );
});

test("exported with a card that names its sources, counts and hashes, beside nothing half written", async () => {
  const { reading, dataSets, read } = dataHome();
  const id = await read(30);
  const into = temporaryFolder();
  const output = newFolderFor(dataSets, id, into);
  expect(output).toBe(join(into, "leases"));
  const { files } = await exportDataSet(dataSets, reading, { id, format: "parquet", output });
  expect(readdirSync(into)).toEqual(["leases"]);
  expect(readdirSync(output).sort()).toEqual(["README.md", "test.parquet", "train.parquet", "valid.parquet"]);
  const card = readFileSync(join(output, "README.md"), "utf8");
  expect(card).toContain("# leases, version 1");
  expect(card).toContain("clauses.jsonl");
  for (const { file, rows, sha256 } of files) expect(card).toContain(`| ${file} | ${rows} | ${sha256} |`);
  expect(newFolderFor(dataSets, id, into)).toBe(join(into, "leases-2"));
});

test("deleted with its rows and what a cancelled run made of them, unless an unfinished run needs it, whose name is said", async () => {
  const { services, dataSets, read, run } = dataHome();
  const id = await read(30);
  const { folder } = services.datasets.get(id);
  const waiting = run(id, "Autumn");
  expect(dataSets.list()).toMatchObject([{ runs: [{ id: waiting, name: "Autumn" }] }]);
  const failure = failureOf(await dataSets.erase(id).catch((error: unknown) => error));
  expect(failure).toMatchObject({ code: "bad-choice", why: { run: "Autumn" } });
  expect(existsSync(folder)).toBe(true);
  services.runs.cancel(waiting);
  const rewritten = join(services.home.runs, waiting, "methods", "rewriting");
  mkdirSync(rewritten, { recursive: true });
  writeFileSync(join(rewritten, "answers.jsonl"), "Clause 1 is number 1.");
  expect(await dataSets.erase(id)).toBeGreaterThan(1000);
  expect([existsSync(folder), existsSync(rewritten), dataSets.list()]).toEqual([false, false, []]);
  expect(services.runs.get(waiting).datasetId).toBeNull();
});

test("lists the runs that started from the model of a run that was trained on it, but does not wait for them", async () => {
  const { dataSets, services, read, run } = dataHome();
  const [leases, others] = [await read(30), await read(40)];
  const { models } = services.home;
  const autumn = run(leases, "Autumn");
  const winter = run(others, "Winter", join(models, autumn)); // its result
  const spring = run(others, "Spring", join(models, `${winter}-round-2`)); // another depth
  run(others, "Summer");
  run(leases, "Autumn again", join(models, autumn));
  services.runs.cancel(autumn);
  const { runs } = dataSets.find(leases);
  expect(runs.map(({ name }) => name).sort()).toEqual(["Autumn", "Autumn again"]);
  expect(dataSets.descendants(leases).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { id: spring, name: "Spring", from: "Winter" },
    { id: winter, name: "Winter", from: "Autumn" },
  ]);
  expect(dataSets.descendants(others)).toEqual([]);
  expect(await dataSets.erase(leases).catch(failureOf)).toMatchObject({
    why: { code: "data-set-needed", run: "Autumn again" },
  });
  services.runs.cancel(runs.find(({ name }) => name === "Autumn again")!.id);
  await dataSets.erase(leases);
  expect(dataSets.list().map(({ id }) => id)).toEqual([others]);
});

test("a data set that a run begins to need while its deletion is under way stays whole", async () => {
  const { services, dataSets, read, run } = dataHome();
  const id = await read(30);
  const { folder } = services.datasets.get(id);
  const deleting = dataSets.erase(id).catch(failureOf);
  run(id, "Autumn");
  expect(await deleting).toMatchObject({ code: "bad-choice", why: { run: "Autumn" } });
  expect([existsSync(folder), dataSets.list().length]).toEqual([true, 1]);
});

test("data that no run used and nobody kept is removed a week after it was read", async () => {
  const { services, dataSets, read, readAgain } = dataHome();
  const used = services.datasets.get(await read(30)).folder;
  const other = join(temporaryFolder(), "clauses.jsonl");
  writeFileSync(other, rows(40));
  const { folder } = await readAgain([other]);
  const age = (days: number) => {
    const then = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    for (const path of [used, folder]) utimesSync(path, then, then);
  };
  const left = () => {
    dataSets.removeUnused();
    return [used, folder].map((path) => existsSync(path));
  };
  age(6);
  expect(left()).toEqual([true, true]);
  age(8);
  await readAgain([other]);
  expect(left()).toEqual([true, true]);
  age(8);
  expect(left()).toEqual([true, false]);
  expect(readdirSync(services.home.datasets)).toEqual([basename(used)]);
});

test("data that a restored, older database does not know stays", () => {
  const { home, dataSets } = servicesForTest();
  const data = join(home.datasets, "0".repeat(64));
  const run = join(home.runs, "leases-7f3k2");
  for (const folder of [data, run]) mkdirSync(folder);
  writeFileSync(join(run, "journal.json"), "{}");
  utimesSync(data, 1, 1);
  dataSets.removeUnused();
  expect(existsSync(data)).toBe(true);
  rmSync(run, { recursive: true });
  dataSets.removeUnused();
  expect(existsSync(data)).toBe(false);
});

test("a data set with a name stays when its last run is deleted, another goes with it", async () => {
  const { services, dataSets, read, run } = dataHome();
  const [kept, other] = [await read(30), await read(40)];
  dataSets.rename(kept, "Kept");
  const ids = [kept, other].map((id) => run(id, `run ${id}`));
  const { stays, parts } = await services.eraser.look(ids);
  expect(stays).toMatchObject([{ what: "data", why: "kept" }]);
  expect(parts.filter(({ what }) => what === "data")).toHaveLength(1);
  await services.eraser.erase(ids);
  expect(dataSets.list().map(({ name }) => name)).toEqual(["Kept"]);
});

describe("Documents whose names are masked, or other ones, after they were read", () => {
  const names = ["Aufsatz Anna Schmidt.txt", "Brief.txt"];
  const paragraph = (i: number) => `Absatz ${i} ${"über die Miete der Halle ".repeat(40)} endet hier ${i}.`;

  /** Documents whose texts name nobody, in a home. */
  function documents() {
    const { services, reading, dataSets, readAgain } = dataHome();
    const folder = join(temporaryFolder(), "Akten");
    mkdirSync(folder);
    for (const [i, name] of names.entries()) {
      const text = Array.from({ length: 20 }, (_, j) => paragraph(20 * i + j)).join("\n\n");
      writeFileSync(join(folder, name), text);
    }
    const read = async (masks: readonly PersonalKind[]) => {
      const choices = DocumentChoices.parse({ masks });
      const sources = { data: [folder], documents: choices };
      const found = await reading.dataset(sources, sample.model, 1, services.home.datasets);
      return { ...found, id: services.datasets.remember(found).id };
    };
    return { services, reading, dataSets, readAgain, folder, read };
  }
  const textOf = (folder: string) =>
    [...readdirSync(join(folder, "rows")).map((file) => join("rows", file)), "report.json"]
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");

  test("are read into a folder of their own, and the same ones again into the same", async () => {
    const { read, services } = documents();
    const [plain, masked] = [await read([]), await read(["name"])];
    expect(masked.report).toMatchObject({ hash: plain.report.hash, rowsHash: plain.report.rowsHash });
    expect(textOf(plain.folder)).toContain("Anna Schmidt");
    expect(textOf(masked.folder)).not.toContain("Schmidt");
    expect(textOf(masked.folder)).toContain("Aufsatz [NAME 1].txt");
    expect([(await read([])).folder, (await read(["name"])).folder]).toEqual([plain.folder, masked.folder]);
    expect(readdirSync(services.home.datasets)).toHaveLength(2);
  });

  test("are one data set, which is shown and exported with the masks", async () => {
    const { read, dataSets, reading } = documents();
    const [plain, masked] = [await read([]), await read(["name"])];
    expect(dataSets.list()).toHaveLength(1);
    for (const { id } of [plain, masked]) {
      expect(dataSets.folderOf(id)).toBe(masked.folder);
      expect(JSON.stringify(await dataSets.get(id))).not.toContain("Schmidt");
    }
    const output = join(temporaryFolder(), "out");
    await exportDataSet(dataSets, reading, { id: plain.id, format: "jsonl", output });
    const written = readdirSync(output).map((file) => readFileSync(join(output, file), "utf8"));
    expect(written.join("\n")).toContain("Aufsatz [NAME 1].txt");
    expect(written.join("\n")).not.toContain("Schmidt");
    expect(await dataSets.erase(plain.id)).toBeGreaterThan(1000);
    expect([plain, masked].map(({ folder }) => existsSync(folder))).toEqual([false, false]);
  });

  test("are used again from the masked rows into the same folder", async () => {
    const { read, readAgain, dataSets } = documents();
    const [plain, masked] = [await read([]), await read(["name"])];
    const { source, report } = await dataSets.get(plain.id);
    expect(await readAgain([source])).toMatchObject({ folder: masked.folder, report });
    expect(await readAgain([join(plain.folder, "rows")])).toMatchObject({ folder: plain.folder });
  });

  test("have the new names once files were renamed", async () => {
    const { read, folder } = documents();
    await read([]);
    renameSync(join(folder, names[0]!), join(folder, "Aufsatz.txt"));
    const renamed = await read([]);
    expect(textOf(renamed.folder)).toContain("Aufsatz.txt");
    expect(textOf(renamed.folder)).not.toContain("Schmidt");
  });

  test("are shown with masks also where only the folder is named after a person", async () => {
    const { read, folder } = documents();
    const own = join(folder, "Berta Maier");
    mkdirSync(own);
    for (const [i, name] of names.entries()) renameSync(join(folder, name), join(own, `${i}.txt`));
    await read([]);
    const masked = await read(["name"]);
    expect(textOf(masked.folder)).not.toContain("Maier");
    expect(textOf(masked.folder)).toContain("[NAME 1]");
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("It ended well.");
}
