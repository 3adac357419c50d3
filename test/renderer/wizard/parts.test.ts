import { expect, test } from "vitest";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { fileName } from "../../../renderer/file-name.ts";
import {
  isWithinSource,
  withExcluded,
  withNamed,
  withOwnExcluded,
  withPart,
} from "../../../renderer/wizard/data/parts.ts";

const none = WizardDraft.parse({}).sources;
const paths = ["train.jsonl", "valid.csv", "validation_mc.json", "test_sft.jsonl", "off-domain.txt"];
const told = (at: (name: string) => string) => ({
  data: [at("train.jsonl")],
  valid: [at("valid.csv"), at("validation_mc.json")],
  test: [at("test_sft.jsonl")],
  offDomain: [at("off-domain.txt")],
});

test.each([
  ["Linux", (name: string) => `/data/${name}`],
  ["Windows", (name: string) => `C:\\data\\${name}`],
])("files beside one for training are for what they are named after, on %s", (_, at) => {
  expect(withNamed(none, paths.map(at))).toMatchObject(told(at));
});

test("in whatever order they come", () => {
  const at = (name: string) => `/data/${name}`;
  const before = withNamed(none, paths.slice(1).map(at));
  expect(before.data).toEqual(paths.slice(1).map(at));
  expect(withNamed(before, [at("train.jsonl")])).toMatchObject(told(at));
});

test("a person's own choice for a file is kept", () => {
  const sources = withPart(withNamed(none, ["/train.jsonl", "/test.jsonl"]), ["/test.jsonl"], "data");
  expect(withNamed(sources, ["/more.jsonl"]).data).toEqual(["/train.jsonl", "/test.jsonl", "/more.jsonl"]);
});

test.each([
  ["without one for training", ["/data/test.jsonl", "/data/clauses.jsonl"]],
  ["that are folders", ["/data/train.jsonl", "/data/test", "/data/valid.v2"]],
  ["whose names only begin like that", ["/data/train.jsonl", "/data/testimony.pdf"]],
])("those %s are learnt from", (_, added) => {
  expect(withNamed(none, added).data).toEqual(added);
});

test.each(["E:\\", "/"])("a file can be left out of a whole drive: %s", (drive) => {
  const sources = withPart(none, [drive], "data");
  const path = `${drive}letter.txt`;
  expect(isWithinSource(path, sources)).toBe(true);
  expect(withOwnExcluded(withExcluded(sources, [path])).excluded).toEqual([path]);
  expect(fileName(drive)).toBe(drive.replace("\\", ""));
});

test("a file can be left out of the folder or archive that was added, once, and not as one that was itself added", () => {
  const sources = withPart(withNamed(none, ["/data", "/b.zip", "/c.txt"]), ["/tests"], "test");
  const inside = ["/data/a.txt", "/tests/a.txt", "/b.zip › a.txt"];
  expect(inside.map((path) => isWithinSource(path, sources))).toEqual([true, true, true]);
  expect(["/data", "/c.txt", "/else/a.txt"].map((path) => isWithinSource(path, sources))).toEqual([
    false,
    false,
    false,
  ]);
  const without = withExcluded(withExcluded(sources, inside), inside);
  expect(without.excluded).toEqual(inside);
  expect(isWithinSource("/data/a.txt", without)).toBe(false);
});
