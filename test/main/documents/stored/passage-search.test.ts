import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { findPassages, likeliest } from "../../../../main/documents/stored/passage-search.ts";
import type { PassageSource } from "../../../../preload/contract/chat/found-passage.ts";
import { failureOf, scratch } from "../scratch.ts";

const sections = Array.from({ length: 48 }, (_, i) => {
  const thing = `${["roof", "gutter", "stairs", "cellar", "window", "heating"][i % 6]!}${String.fromCharCode(97 + (i >> 1))}`;
  return `## The ${thing}\n\n${`The landlord looks after the ${thing} in year ${i}, and pays for ${thing} ${i + 50}. `.repeat(14)}`;
});
const lease = ["# Lease", ...sections].join("\n\n");
const animals = "## Animals\n\nDogs need the landlord's consent. Small animals in cages need none.";

const searched = (source: PassageSource, question: string, most: number) =>
  findPassages({ source, question, most });

test("the passages of a document that have words of a question are found, in a file and in what was read of it", async () => {
  const paths = scratch({ "lease.md": `${lease}\n\n${animals}\n` });
  const path = paths("lease.md");
  const folder = paths("read");
  await readDataset({ data: [path], out: folder, seed: 1 });
  for (const source of [
    { kind: "file", path },
    { kind: "data-set", folder },
  ] as const) {
    const { passages, of } = await searched(source, "May I keep a dog in a cage?", 5);
    expect(of).toBeGreaterThan(20); // what is nearly the same is left out of data sets
    expect(passages).toEqual([
      { text: `Lease\n\n${animals}`, document: expect.stringMatching(/lease\.md$/) as string, place: 195 },
    ]);
    expect((await searched(source, "landlord", 2)).passages).toHaveLength(2);
  }
});

test("rare words count more than frequent ones, inflection and short words not at all", () => {
  const texts = [
    "The tenant pays the rent. The tenant pays the tenant's deposit.",
    "The tenant gives notices in writing.",
    "Dogs need consent.",
  ].map((text) => ({ text }));
  const found = (question: string) =>
    likeliest(texts, question, 2).map(({ text }) => texts.findIndex((one) => one.text === text));
  expect(found("How does the tenant give notice?")).toEqual([1, 0]);
  expect(found("Are dogs allowed?")).toEqual([2]);
  expect(found("Is it so?")).toEqual([]);
  expect(found("Parking")).toEqual([]);
});

test("if no passage has words of a question, none is found, and how many there are is known", async () => {
  const source = { kind: "file", path: scratch({ "a.txt": "Dogs need consent." })("a.txt") } as const;
  expect(await searched(source, "Parking", 2)).toEqual({ passages: [], of: 1 });
});

test("folders and archives are searched, rows with questions are no passages", async () => {
  const paths = scratch({
    "all/train/a.txt": "Rent is paid monthly.",
    "all/b.jsonl":
      '{"prompt": "When is rent paid?", "completion": "Monthly."}\n{"prompt": "Who pays?", "completion": "She."}\n',
    "all/test-c.md": "# Dogs\n\nDogs need consent.",
  });
  const { passages, of } = await searched({ kind: "file", path: paths("all") }, "dogs", 5);
  expect(of).toBe(2);
  expect(passages.map(({ text }) => text)).toEqual(["# Dogs\n\nDogs need consent."]);
});

test("a document that was searched before is not read again", async () => {
  const path = scratch({ "lease.md": "# Lease\n\nDogs need consent." })("lease.md");
  const then = new Date(2026, 0, 1);
  utimesSync(path, then, then);
  await searched({ kind: "file", path }, "dogs", 5);
  writeFileSync(path, "# Lease\n\nCats need consent."); // as long, and as if at the same time
  utimesSync(path, then, then);
  const { passages } = await searched({ kind: "file", path }, "consent", 5);
  expect(passages.map(({ text }) => text)).toEqual(["# Lease\n\nDogs need consent."]);
});

test("a data set that was searched before is not read again until it is written anew", async () => {
  const paths = scratch({ "lease.md": `${lease}\n\n${animals}\n` });
  const folder = paths("read");
  const rows = join(folder, "rows", "train.jsonl");
  const again = async () => (await searched({ kind: "data-set", folder }, "landlord", 50)).passages;
  const then = new Date(2026, 0, 1);
  await readDataset({ data: [paths("lease.md")], out: folder, seed: 1 });
  utimesSync(rows, then, then);
  const before = await again();
  writeFileSync(rows, readFileSync(rows, "utf8").replaceAll("landlord looks", "landlord peers"));
  utimesSync(rows, then, then);
  expect(await again()).toEqual(before);
  utimesSync(rows, then, new Date(2026, 0, 2));
  expect(await again()).not.toEqual(before);
});

test("a file that is no document is refused", async () => {
  const path = scratch({ "a.exe": "MZ" })("a.exe");
  expect(await failureOf(() => searched({ kind: "file", path }, "", 5))).toMatchObject({
    code: "unsupported-format",
  });
});
