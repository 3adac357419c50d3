/** A data set of ten documents, as the reader leaves it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Services } from "../../../../main/services/open.ts";
import { DatasetReport } from "../../../../preload/contract/data/data.ts";
import { storedPassages } from "./passages.ts";

const FILES = { train: "train.jsonl", valid: "valid.jsonl", test: "test.jsonl" } as const;

export const MASKED = [{ kind: "name", places: 3, different: 2 }] as const;

/** Its id. `more`: further rows by split. */
export function dataSetForTest(
  { home, dataSets }: Services,
  more: Partial<Record<keyof typeof FILES, object[]>> = {},
): number {
  const folder = join(home.datasets, "hire");
  mkdirSync(join(folder, "rows"), { recursive: true });
  const splits: Record<string, object | null> = { offDomain: null };
  for (const split of ["train", "valid", "test"] as const) {
    const passages = storedPassages(40).filter((passage) => passage.split === split);
    const rows = [
      ...passages.map(({ passage, document, place }) => ({
        prompt: "",
        completion: `${passage} (${document})`,
        document,
        place,
      })),
      ...(more[split] ?? []),
    ];
    writeFileSync(join(folder, "rows", FILES[split]), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    splits[split] = { examples: rows.length, questions: 0, conversations: 0, files: ["/leases/hire.txt"] };
  }
  const none = { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 };
  const report = DatasetReport.parse({
    hash: "hire",
    rowsHash: "rows of hire",
    splits,
    choiceStyle: "plain",
    choiceStyleRows: { letters: 0, plain: 0 },
    testBaselines: null,
    duplicates: none,
    notes: [{ code: "replies", count: 10 }],
    masked: MASKED,
  });
  writeFileSync(join(folder, "report.json"), JSON.stringify(report));
  return dataSets.keep(folder, "hire");
}
