import { expect, test } from "vitest";
import { dataCard } from "../../../../main/documents/stored/data-card.ts";
import type { DataSetFile } from "../../../../preload/contract/data/data-set.ts";
import type { DatasetReport, SplitName, SplitReport } from "../../../../preload/contract/data/data.ts";

/** The card of files with training rows from these sources. */
function cardOf(from: Pick<SplitReport, "files" | "moreFiles">, files: readonly DataSetFile[]): string {
  const report: DatasetReport = {
    hash: "5f0c",
    rowsHash: "50a1",
    splits: {
      train: { examples: 20, questions: 0, conversations: 0, ...from },
      valid: null,
      test: null,
      offDomain: null,
    },
    choiceStyle: "letters",
    choiceStyleRows: { letters: 0, plain: 0 },
    testBaselines: null,
    notes: [],
    duplicates: { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 },
  };
  const known = { name: "Leases", version: 1, addedAt: "2026-01-01T00:00:00Z", format: "jsonl" as const };
  return dataCard({ ...known, report, files });
}

function fileOf(split: SplitName, kind: DataSetFile["kind"], file: string, columns: string[]): DataSetFile {
  return { split, kind, columns, file, rows: 20, sizeBytes: 1, sha256: "ab" };
}

/** The line of the card on training rows that are from these sources. */
function trainingLine(from: Pick<SplitReport, "files" | "moreFiles">): string | undefined {
  const files = [fileOf("train", "examples", "train.jsonl", ["prompt", "completion"])];
  return cardOf(from, files)
    .split("\n")
    .find((line) => line.startsWith("| train |"));
}

test("a card names the weights of answers if the files have them", () => {
  const file = fileOf("train", "conversations", "train.jsonl", ["messages"]);
  expect(cardOf({ files: [] }, [file])).not.toContain("weight");
  const card = cardOf({ files: [] }, [{ ...file, weights: true }]);
  expect(card).toContain("          - name: weight\n            dtype: int64\n");
  expect(card).toContain("answers with the weight 0 are neither learnt nor measured");
});

test("a card has a configuration for each kind of row, with its columns and their types", () => {
  const card = cardOf({ files: [] }, [
    fileOf("train", "examples", "train-examples.jsonl", ["prompt", "completion", "place"]),
    fileOf("test", "examples", "test-examples.jsonl", ["prompt", "completion", "place"]),
    fileOf("test", "questions", "test-questions.jsonl", ["question", "choices", "answer"]),
  ]);
  const [metadata] = /(?<=---\n)[^]*?(?=---)/.exec(card)!;
  expect(metadata).toBe(`license: unknown
tags: [coppice]
configs:
  - config_name: examples
    data_files:
      - split: train
        path: train-examples.jsonl
      - split: test
        path: test-examples.jsonl
  - config_name: questions
    data_files:
      - split: test
        path: test-questions.jsonl
dataset_info:
  - config_name: examples
    features:
      - name: prompt
        dtype: string
      - name: completion
        dtype: string
      - name: place
        dtype: int64
  - config_name: questions
    features:
      - name: question
        dtype: string
      - name: choices
        sequence: string
      - name: answer
        dtype: int64
`);
});

test("a card names the first files that rows are from, without their folders, and counts the others", () => {
  const files = ["/home/a/0.txt", "/home/a/1.txt"];
  expect(trainingLine({ files })).toBe("| train | 0 | 20 | 0 | 0.txt, 1.txt |");
  expect(trainingLine({ files, moreFiles: 7 })).toMatch(/ 0\.txt, 1\.txt and 7 more \|$/);
});
