/** Real data sets: their counts and best constant answers are those of their README. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readDataset } from "../../main/documents/dataset.ts";
import { real } from "./material.ts";

test.each([
  ["clauses", "plain", { train: 700, valid: [0, 114], test: [0, 300] }, 0.55, 0],
  ["legalbench", "plain", { train: 1914, valid: [313, 313], test: [0, 932] }, null, 0],
  ["pubmedqa", "plain", { train: 450, valid: [50, 50], test: [0, 500] }, 0.552, 0],
  ["medquad", "plain", { train: 2115, valid: [124, 0], test: [239, 0] }, null, 0],
  ["tatqa", "letters", { train: 1012, valid: [80, 19], test: [250, 152] }, 0.283, 1],
] as const)(
  "%s has its README's rows and is scored in the %s style",
  async (name, style, rows, constant, duplicates) => {
    const folder = mkdtempSync(join(tmpdir(), "coppice-data-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const out = join(folder, "out");
    const report = await readDataset({ data: [real(`data/${name}`)], out, seed: 1 });
    expect(report.splits.train!.examples + report.duplicates.withinTrain).toBe(rows.train);
    expect([report.splits.valid!.examples, report.splits.valid!.questions]).toEqual(rows.valid);
    expect([report.splits.test!.examples, report.splits.test!.questions]).toEqual(rows.test);
    expect(report.choiceStyle).toBe(style);
    expect(report.duplicates).toEqual({
      withinTrain: duplicates,
      trainInValid: 0,
      trainInTest: 0,
      trainInOffDomain: 0,
      validInTest: 0,
    });
    if (constant !== null) expect(report.testBaselines!.bestConstant).toBeCloseTo(constant, 3);
  },
);
