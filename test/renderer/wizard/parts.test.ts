import { expect, test } from "vitest";
import { partNamed } from "../../../renderer/wizard/data/parts.ts";

const names = ["train.jsonl", "valid.csv", "validation_mc.json", "test_sft.jsonl", "off-domain.txt"];
const windows = names.map((name) => `C:\\data\\${name}`);

test.each([[names.map((name) => `/data/${name}`)], [windows]])(
  "files beside one for training are for what they are named after",
  (paths) => {
    expect(paths.map((path) => partNamed(path, paths))).toEqual([
      "data",
      "valid",
      "valid",
      "test",
      "offDomain",
    ]);
  },
);

test.each([
  ["without one for training", "/data/test.jsonl", ["/data/test.jsonl", "/data/clauses.jsonl"]],
  ["that are folders", "/data/test", ["/data/test", "/data/train.jsonl"]],
  ["whose name only begins like that", "/data/testimony.pdf", ["/data/testimony.pdf", "/data/train.jsonl"]],
])("those %s are learnt from", (_, path, known) => {
  expect(partNamed(path, known)).toBe("data");
});
