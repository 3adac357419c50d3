import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DatasetReport, SplitName } from "../../../preload/contract/data/data.ts";
import type { PreviewRow } from "../../../preload/contract/data/inspection.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";
import { tinyTrim } from "./tiny-trim.ts";

/** The command that trims on a file in place of its data, as a person reads it. */
async function trimOn(name: string, content: string | Uint8Array) {
  const { home, trim, folder } = await tinyTrim(temporaryFolder());
  const file = join(folder, name);
  writeFileSync(file, content);
  const args = trim.filter((argument) => argument !== "--json");
  return coppice(
    home,
    args.map((argument) => (argument === join(folder, "data") ? file : argument)),
  );
}

/** Multiple-choice questions as a spreadsheet has them, one without an answer. */
const rows = Array.from(
  { length: 60 },
  (_, i) => `"Is item ${i}, the ${["barn", "boat"][i % 2]}, hired?";Yes;No;${"AB"[i % 2]}`,
);
const csv = ["Frage;A;B;Richtig", ...rows, "Is it?;Yes;No;", ""].join("\r\n");

test("coppice trim learns from a spreadsheet, and says what it did not use", async () => {
  const ended = await trimOn("clauses.csv", Buffer.from(`\ufeff${csv}`, "utf16le"));
  expect(ended.code).toBe(0);
  expect(ended.output).toContain("37 training rows, 8 validation rows, 15 test rows");
  expect(ended.output).toContain(
    "1 row of clauses.csv is not used: the line has a question without an answer (line 62).",
  );
});

test("coppice trim names the columns of records that it does not recognise", async () => {
  const ended = await trimOn("prices.jsonl", '{"Symbol":"MMM","Price":178.96}\n');
  expect(ended.code).toBe(1);
  expect(ended.errors).toContain('the file has unknown columns ("Symbol", "Price")');
});

test("coppice inspect shows how data is read, as the wizard does", async () => {
  const home = temporaryFolder();
  const file = join(home, "clauses.csv");
  writeFileSync(file, `${csv}\r\n`);
  const shown = await coppice(home, ["inspect", file]);
  expect(shown.code).toBe(0);
  for (const line of [
    /format +CSV, .*, utf-8, separated by ";"/,
    /rows +60 questions; /,
    /column +Frage: question /,
    /column +A: choices /,
    /left out +1: the line has a question without an answer \(62\)/,
    /→ Yes/,
  ])
    expect(shown.output).toMatch(line);

  const { events } = await coppice(home, ["inspect", file, "--model", "sample", "--json"]);
  expect(events).toMatchObject([
    {
      event: "done",
      data: { files: [{ path: file, tokenLengths: { rows: 60 } }] },
    },
  ]);
});

test("coppice inspect leaves files out, and reads columns as they are named", async () => {
  const home = temporaryFolder();
  const data = join(home, "data");
  mkdirSync(data);
  writeFileSync(join(data, "broken.jsonl"), "{");
  writeFileSync(join(data, "faq.csv"), "Nr;Anliegen;Auskunft\n1;Wie lange?;Drei Monate\n");
  const shown = await coppice(home, [
    ...["inspect", data, "--exclude", join(data, "broken.jsonl")],
    ...["--map", join(data, "faq.csv"), "prompt=Anliegen", "completion=Auskunft"],
  ]);
  expect(shown.code).toBe(0);
  expect(shown.output).toMatch(/column +Auskunft: completion /);
  expect(shown.output).toContain("assistant: Drei Monate");
  expect(shown.output).not.toContain("unusable");
  expect(shown.output).toContain("broken.jsonl (you left it out)");
});

/** Letters that differ in their sentences alone. */
function writeLetters(folder: string, count: number): string {
  mkdirSync(folder);
  const things = ["ladder", "cart", "drum", "barn", "press", "boat", "lamp", "bell"];
  const words = (i: number, by: number) =>
    Array.from({ length: 12 }, (_, place) => things[(i * by + place * (i + 3)) % things.length]).join(" ");
  for (let i = 0; i < count; i++) {
    const sentences = [5, 7, 11].map((by) => `Item ${i * by + 100} has ${words(i, by)}.`).join(" ");
    const letter = `Lindner & Partner, Fine Tools for Hire\n\nDear Ms Anna Weber,\n\n${sentences}\n`;
    writeFileSync(join(folder, `letter-${i}.txt`), letter);
  }
  return folder;
}

interface Used {
  report: DatasetReport;
  rows: Record<SplitName, PreviewRow[]>;
}

test("coppice inspect shows data as a run would use it: cleaned, masked, in its splits", async () => {
  const home = temporaryFolder();
  const data = writeLetters(join(home, "letters"), 40);
  const again = join(data, "letter-5 again.txt");
  writeFileSync(again, readFileSync(join(data, "letter-5.txt"), "utf8").replace("Item", "Items"));
  const test = join(home, "test.jsonl");
  const held = Array.from({ length: 5 }, (_, i) => `{"text":"The river has ${i} bridges of stone."}\n`);
  writeFileSync(test, held.join(""));

  const list = join(home, "list.txt");
  writeFileSync(list, "river\r\n\n");
  const inspect = ["inspect", data, "--test", test, "--mask", "name", "--mask-list", list];
  const shown = await coppice(home, inspect);
  expect(shown.code).toBe(0);
  for (const line of [
    /\n {2}training +\d+ examples\n {2}validation +\d+ examples\n {2}test +5 examples\n/,
    /Personal data was masked: 46 names/,
    /Text that several of the 46 documents have is used once: .*Lindner & Partner/,
    /nearly the same text/,
    /First rows, training\n {2}letter-0\.txt, line 1\n/,
    /First rows, test\n {2}test\.jsonl, line 1\n {4}→ The \[NAME \d+\] has 0 bridges of stone\.\n/,
  ])
    expect(shown.output).toMatch(line);
  expect(shown.output.split("As it would be used")[1]).not.toContain("Anna Weber");

  const { events } = await coppice(home, [...inspect, "--json"]);
  const { report, rows } = events[0]!["used"] as Used;
  expect(report.splits.test).toMatchObject({ examples: 5 });
  const texts = [...rows.train, ...rows.valid].map((row) => (row.kind === "example" ? row.completion : ""));
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => text.includes("Lindner & Partner"))).toHaveLength(1);

  const kept = await coppice(home, [...inspect, "--keep-boilerplate"]);
  expect(kept.output).not.toContain("is used once");
});

test("coppice inspect says why data cannot be used as a whole, and shows its texts as they were read", async () => {
  const home = temporaryFolder();
  const data = writeLetters(join(home, "letters"), 3);
  const few = await coppice(home, ["inspect", data]);
  expect(few.code).toBe(0);
  expect(few.output).toContain("There are too few passages");
  expect(few.output).toMatch(/as they were read.*\n.*letter-0\.txt\n {2}line 1\n {4}→ Lindner & Partner/);

  writeFileSync(join(data, "broken.jsonl"), "{");
  const broken = await coppice(home, ["inspect", data]);
  expect(broken.output).toContain("fix the unusable file, remove it, or leave it out (--exclude)");
});

test.each([
  [["--exclude", "nowhere.csv"], /nowhere\.csv/],
  [["--exclude", "package.json"], /it is not in a folder or an archive of the data/],
  [["--map", "nowhere.csv", "prompt=Frage", "completion=Antwort"], /nowhere\.csv/],
  [["--map", "package.json", "prompt=Frage", "completion=Antwort"], /it is not in the data/],
  [["--map", "prompt=Frage"], /name the file before its columns/],
  [["--map", "faq.csv", "question=Frage", "choices=A"], /no column was named for answer/],
  [
    ["--map", "faq.csv", "choices=A", "answer=B", "answer-form=roman"],
    /the answer-form is one of text, letter/,
  ],
])("%j is refused, with the reason", async (options, reason) => {
  const home = temporaryFolder();
  const file = join(home, "faq.csv");
  writeFileSync(file, "Frage;Antwort\nWie?;So.\n");
  const ended = await coppice(home, ["inspect", file, ...options]);
  expect(ended.code).not.toBe(0);
  expect(ended.errors).toMatch(reason);
});
