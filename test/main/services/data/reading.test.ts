import { saying } from "../../../saying.ts";
import { noteText } from "../../../../preload/contract/words/notes.ts";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix, win32 } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { writeSplit } from "../../../../main/documents/stored/split-files.ts";
import { nameOfData, Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { DocumentChoices } from "../../../../preload/contract/data/data.ts";
import type { FieldMapping, ReadingProgress } from "../../../../preload/contract/data/data.ts";
import type { RecognitionProgress } from "../../../../preload/contract/data/ocr.ts";
import { MOST_RECITED_ROWS } from "../../../../preload/contract/results/recited.ts";
import { zipBytes } from "../../documents/files/zip-bytes.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const reading = new Reading();
afterAll(() => reading.stop());

/** A PNG of 16 × 16 pixels, of which only the header is looked at. */
const PIXEL = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10".padEnd(60, "\0");

/** A folder with a table of other names, a broken file, and one that is no data. */
function dataFolder(): string {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, i) => `Clause ${i};Meaning ${i}`);
  writeFileSync(join(folder, "clauses.csv"), ["x;y", ...rows].join("\n"));
  writeFileSync(join(folder, "scan.pdf"), "%PDF-1.7\ncut o");
  writeFileSync(join(folder, "photo.jpg"), "x");
  return folder;
}
const mapping: FieldMapping = { kind: "examples", form: "chat", prompt: ["x"], completion: "y" };

test.each([
  ["/data/leases", posix, "leases"],
  ["/data/leases/train.jsonl", posix, "leases"],
  ["E:\\leases\\train.jsonl", win32, "leases"],
  ["E:\\train.jsonl", win32, "train.jsonl"],
  ["E:\\", win32, "E:\\"],
])("data from %s has a name", (source, paths, name) => {
  expect(nameOfData(source, paths)).toBe(name);
});

test("The files of a folder are inspected one by one: how each is read, what is unusable, what is not data", async () => {
  const folder = dataFolder();
  const table = join(folder, "clauses.csv");
  const told: string[] = [];
  const { files, notRead } = await reading.inspectData(
    { data: [folder], mappings: { [table]: mapping } },
    { model: sample.model, onFile: ({ path }) => told.push(path) },
  );
  expect(files).toMatchObject([
    { path: table, split: "train", mapping, rows: { conversations: 40 }, failure: null },
    {
      path: join(folder, "scan.pdf"),
      failure: { code: "bad-data", reason: saying("truncated") },
    },
  ]);
  expect(files[0]!.tokenLengths!.mean).toBeGreaterThan(4);
  expect(told).toEqual(files.map(({ path }) => path));
  expect(notRead).toEqual([{ path: join(folder, "photo.jpg"), why: "other-file" }]);
});

test("A file of a folder that is left out is neither inspected nor read, and the report says so", async () => {
  const folder = dataFolder();
  const scan = join(folder, "scan.pdf");
  const sources = { data: [folder], mappings: { [join(folder, "clauses.csv")]: mapping }, excluded: [scan] };
  const { files, notRead } = await reading.inspectData(sources);
  expect(files.map(({ path, failure }) => [basename(path), failure])).toEqual([["clauses.csv", null]]);
  expect(notRead).toContainEqual({ path: scan, why: "excluded" });
  const { report } = await reading.dataset(sources, sample.model, 1, temporaryFolder());
  expect(report.notes.map(noteText)).toContainEqual(expect.stringMatching(/^Not read: .*scan\.pdf/));
});

/** A folder that all paths in it are some 450 characters by, with so many files. */
function longFolder(count: number, content: (i: number) => string, ending: string): string {
  const folder = join(temporaryFolder(), "f".repeat(200));
  mkdirSync(folder);
  for (let i = 0; i < count; i++)
    writeFileSync(join(folder, `${String(i).padEnd(220, "x")}${ending}`), content(i), "latin1");
  return folder;
}

test("A folder of many files is read, though their names are more than a message can have", async () => {
  const folder = longFolder(800, (i) => `Clause ${i} of the lease is about cost number ${i}.`, ".txt");
  const datasets = temporaryFolder();
  mkdirSync(datasets, { recursive: true });
  const { report } = await reading.dataset({ data: [folder] }, sample.model, 1, datasets);
  for (const split of ["train", "valid", "test"] as const) {
    const { files, moreFiles } = report.splits[split]!;
    expect(files).toHaveLength(100);
    expect(moreFiles).toBe(700);
  }
});

test("So is one with many files that are no data, and one with many scans", async () => {
  const folder = longFolder(2500, () => PIXEL, ".png");
  writeFileSync(join(folder, "a.jsonl"), JSON.stringify({ prompt: "a", completion: "b" }));
  const inspection = await reading.inspectData({ data: [folder] });
  expect(inspection.files).toHaveLength(1);
  expect(inspection.notRead).toHaveLength(100);
  expect(inspection.moreNotRead).toBe(2400);

  const recognised = temporaryFolder();
  const recognising = new Reading({ recognised });
  onTestFinished(() => recognising.stop());
  const under = new AbortController();
  let pages = 0;
  const onPage = ({ of }: RecognitionProgress) => {
    pages = of;
    under.abort();
  };
  await expect(
    recognising.inspectData({ data: [folder], ocr: true }, { onPage, signal: under.signal }),
  ).rejects.toMatchObject({ failure: { code: "cancelled" } });
  expect(pages).toBe(2500);
});

test("A picture without text is not read, and does not stop what is in its folder from being read", async () => {
  const folder = temporaryFolder();
  const [rows, picture] = [join(folder, "a.jsonl"), join(folder, "b.png")];
  writeFileSync(rows, JSON.stringify({ prompt: "a", completion: "b" }));
  writeFileSync(picture, PIXEL, "latin1");
  const reading = new Reading({ recognised: temporaryFolder() });
  onTestFinished(() => reading.stop());
  const { files, notRead } = await reading.inspectData({ data: [folder], ocr: true });
  expect(files).toMatchObject([{ path: rows, failure: null }]);
  expect(notRead).toEqual([{ path: picture, why: "no-text" }]);
  const named = await reading.inspectData({ data: [picture], ocr: true });
  expect(named.files).toMatchObject([{ failure: { reason: saying("no text was recognised") } }]);
});

test("Without a model, files are inspected without row lengths in tokens", async () => {
  const { files } = await reading.inspectData({ data: [sample.data] });
  expect(files.map(({ split }) => split)).toEqual(["train", "valid", "test", "test", "offDomain"]);
  expect(files.every(({ tokenLengths, failure }) => tokenLengths === null && failure === null)).toBe(true);
});

test("A missing path is a failure, not a file", async () => {
  const missing = join(temporaryFolder(), "none");
  await expect(reading.inspectData({ data: [missing] })).rejects.toMatchObject({
    failure: { code: "not-found", path: missing },
  });
});

test("A dataset is made with the returned mapping, without which its table is a short text", async () => {
  const table = join(dataFolder(), "clauses.csv");
  const datasets = temporaryFolder();
  mkdirSync(datasets, { recursive: true });
  const { report } = await reading.dataset(
    { data: [table], mappings: { [table]: mapping } },
    sample.model,
    1,
    datasets,
  );
  expect(report.splits.train).toMatchObject({ conversations: 22 });
  expect(report.tokenLengths).toMatchObject({ rows: 22 });
  expect(report.mappings).toEqual({ [table]: mapping });
  await expect(reading.dataset({ data: [table] }, sample.model, 1, datasets)).rejects.toMatchObject({
    failure: { code: "too-little-data" },
  });
});

test("Reading reports each document, and stops when it is cancelled", async () => {
  const datasets = temporaryFolder();
  mkdirSync(datasets, { recursive: true });
  const folderOf = (documents: number) => {
    const folder = temporaryFolder();
    for (let i = 0; i < documents; i++) {
      const rows = [1, 2, 3, 4].map((j) =>
        JSON.stringify({ prompt: `Clause ${i}.${j}`, completion: `${i}` }),
      );
      writeFileSync(join(folder, `${i}.jsonl`), rows.join("\n"));
    }
    return folder;
  };
  const read: number[] = [];
  const onProgress = ({ done, of }: ReadingProgress) => void read.push(done / of);
  const few = { data: [folderOf(12)] };
  const { report } = await reading.dataset(few, sample.model, 1, datasets, { onProgress });
  expect(read).toEqual(Array.from({ length: 12 }, (_, i) => (i + 1) / 12));
  expect(report.splits.train?.examples).toBeGreaterThan(0);

  const under = new AbortController();
  const stopped = { onProgress: () => under.abort(), signal: under.signal };
  const many = { data: [folderOf(1000)] }; // more than are read before the word to stop arrives
  await expect(reading.dataset(many, sample.model, 2, datasets, stopped)).rejects.toMatchObject({
    failure: { code: "cancelled" },
  });
  expect(readdirSync(datasets)).toEqual([report.hash]);
});

test("Data is named after its file or folder; a file named only after its split, after its folder", async () => {
  const [folder, datasets] = [join(temporaryFolder(), "Leases 2026"), temporaryFolder()];
  mkdirSync(folder);
  mkdirSync(datasets, { recursive: true });
  const rows = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({ prompt: `Clause ${i}`, completion: `${i}` }),
  );
  for (const name of ["train.jsonl", "clauses.jsonl"]) writeFileSync(join(folder, name), rows.join("\n"));
  const nameOf = async (path: string) =>
    (await reading.dataset({ data: [path] }, sample.model, 1, datasets)).name;
  expect(await nameOf(join(folder, "train.jsonl"))).toBe("Leases 2026");
  expect(await nameOf(join(folder, "clauses.jsonl"))).toBe("clauses.jsonl");
  expect(await nameOf(folder)).toBe("Leases 2026");
});

test("A dataset is not named after a person whose name is masked in it", async () => {
  const folder = join(temporaryFolder(), "Akte Anna Schmidt");
  mkdirSync(folder);
  const rows = Array.from({ length: 40 }, (_, i) => ({
    prompt: `Wer kam ${i}?`,
    completion: " Anna Schmidt.",
  }));
  writeFileSync(join(folder, "fragen.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const documents = DocumentChoices.parse({ masks: ["name"] });
  const read = (sources: object) =>
    reading.dataset({ data: [folder], ...sources }, sample.model, 1, temporaryFolder());
  expect((await read({ documents })).name).toBe("Akte [NAME 1]");
  expect((await read({})).name).toBe("Akte Anna Schmidt");
});

test("With masks, a dataset is named after the archive or folder that was chosen first", async () => {
  const folder = temporaryFolder();
  const text = (i: number) => Array.from({ length: 300 }, (_, j) => `Wort${i}x${j}`).join(" ");
  const befunde = Array.from({ length: 12 }, (_, i) => ({ name: `Befund ${i}.txt`, content: text(i) }));
  const akten = join(folder, "Akten 2023.zip");
  writeFileSync(akten, zipBytes(befunde));
  const held = join(folder, "valid.jsonl");
  const rows = Array.from({ length: 8 }, (_, i) =>
    JSON.stringify({ prompt: `Frage ${i}?`, completion: "ja" }),
  );
  writeFileSync(held, rows.join("\n"));
  const inner = join(folder, "Akte Anna Schmidt", "2023");
  mkdirSync(inner, { recursive: true });
  for (const { name, content } of befunde) writeFileSync(join(inner, name), content);

  const documents = DocumentChoices.parse({ masks: ["name"] });
  const nameOf = async (...data: string[]) =>
    (await reading.dataset({ data, documents }, sample.model, 1, temporaryFolder())).name;
  expect(await nameOf(akten)).toBe("Akten 2023.zip");
  expect(await nameOf(held, akten)).toBe(basename(folder));
  expect(await nameOf(dirname(inner))).toBe("Akte [NAME 1]");
});

test("The beginnings of the most rows are read, however long their prompts are", async () => {
  const folder = temporaryFolder();
  const prompt = "ü".repeat(5990);
  const examples = Array.from({ length: MOST_RECITED_ROWS }, (_, row) => ({
    prompt: `${row} ${prompt}`,
    completion: ` ${"word ".repeat(30)}`,
  }));
  for (const split of ["train", "test"] as const)
    await writeSplit(folder, split, { examples, questions: [] });
  const beginnings = await reading.beginnings(folder, MOST_RECITED_ROWS);
  expect(beginnings).toHaveLength(2 * MOST_RECITED_ROWS);
  expect(beginnings.at(-1)).toEqual({ split: "test", row: 199, prompt: `199 ${prompt}`, special: false });
});

test("Corrections are passed on beside the datasets, from where the next start would remove them, not in the temporary folder", async () => {
  const [folder, datasets] = [temporaryFolder(), temporaryFolder()];
  const row = (i: number) => ({ prompt: `Who hires boat ${i}?`, completion: `Keeper ${i}` });
  for (const [name, first] of [
    ["train", 0],
    ["test", 50],
  ] as const)
    writeFileSync(
      join(folder, `${name}.jsonl`),
      Array.from({ length: 40 }, (_, i) => JSON.stringify(row(first + i))).join("\n"),
    );
  const { folder: against } = await reading.dataset({ data: [folder] }, null, 1, datasets);
  for (const name of ["TMPDIR", "TEMP", "TMP"]) vi.stubEnv(name, join(folder, "missing"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const correction = (i: number) => ({
    messages: [
      { role: "user" as const, content: row(i).prompt },
      { role: "assistant" as const, content: "Keeper 7" },
    ],
    wrong: row(i).completion,
    passage: "",
  });
  expect(await reading.heldOut([correction(1), correction(51)], against)).toEqual([null, "test"]);
  expect(readdirSync(datasets)).toEqual([basename(against)]);
});
