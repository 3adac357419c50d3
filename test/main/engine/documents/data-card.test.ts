import { expect, test } from "vitest";
import { dataCard } from "../../../../main/engine/documents/data-card.ts";
import type { DatasetReport, SplitReport } from "../../../../preload/contract/data.ts";

/** The line of the card on training rows that are from these files. */
function trainingLine(from: Pick<SplitReport, "files" | "moreFiles">): string | undefined {
  const report: DatasetReport = {
    hash: "5f0c",
    splits: {
      ...{ train: { examples: 20, questions: 0, conversations: 0, ...from } },
      ...{ valid: null, test: null, offDomain: null },
    },
    choiceStyle: "letters",
    choiceStyleRows: { letters: 0, plain: 0 },
    testBaselines: null,
    notes: [],
    duplicates: { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 },
  };
  const files = [{ file: "train.jsonl", split: "train" as const, rows: 20, sizeBytes: 1, sha256: "ab" }];
  const known = { name: "Leases", version: 1, addedAt: "2026-01-01T00:00:00Z", format: "jsonl" as const };
  return dataCard({ ...known, report, files })
    .split("\n")
    .find((line) => line.startsWith("| train |"));
}

test("a card names the first files that rows are from, without their folders, and counts the others", () => {
  const files = Array.from({ length: 101 }, (_, i) => `/home/a/${i}.txt`);
  expect(trainingLine({ files: files.slice(0, 2) })).toBe("| train | 0 | 20 | 0 | 0.txt, 1.txt |");
  expect(trainingLine({ files: files.slice(0, 2), moreFiles: 7 })).toMatch(/ 0\.txt, 1\.txt and 7 more \|$/);
  // As an earlier version lists them.
  expect(trainingLine({ files })).toMatch(/, 99\.txt and 1 more \|$/);
});
