import { expect, test } from "vitest";
import { findPassages, likeliest } from "../../../../main/engine/documents/passage-search.ts";
import { failureOf, scratch } from "./scratch.ts";

const lease = `# Lease

## Rent

The tenant pays a rent of 900 euros on the third working day of each month.

## Notice

The tenant may give notice of three months at the end of any month.

## Pets

Dogs need the landlord's consent. Small animals in cages need none.
`;

test("the passages of a document that have words of a question are found, the likeliest first", async () => {
  const path = scratch({ "lease.md": lease.replaceAll("\n\n", `\n\n${"\n"}`) })("lease.md");
  const find = (question: string, most = 5) => findPassages({ kind: "file", path }, question, most);
  const whole = await find("");
  expect(whole).toMatchObject({ of: 1, passages: [{ document: path, place: 1 }] });
  expect(whole.passages[0]!.text).toContain("## Pets");
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
  expect(found("Is it so?")).toEqual([0, 1]);
  expect(found("Parking")).toEqual([0, 1]);
});

test("folders and archives are searched, rows with questions are no passages", async () => {
  const paths = scratch({
    "all/train/a.txt": "Rent is paid monthly.",
    "all/b.jsonl":
      '{"prompt": "When is rent paid?", "completion": "Monthly."}\n{"prompt": "Who pays?", "completion": "She."}\n',
    "all/test-c.md": "# Dogs\n\nDogs need consent.",
  });
  const { passages, of } = await findPassages({ kind: "file", path: paths("all") }, "dogs", 5);
  expect(of).toBe(2);
  expect(passages.map(({ text }) => text)).toEqual(["# Dogs\n\nDogs need consent."]);
});

test("a file that is no document is refused", async () => {
  const path = scratch({ "a.exe": "MZ" })("a.exe");
  expect(await failureOf(() => findPassages({ kind: "file", path }, "", 5))).toMatchObject({
    code: "unsupported-format",
  });
});
