import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { DatasetReport } from "../../../../preload/contract/data/data.ts";
import type { DepthResult } from "../../../../preload/contract/runs/run.ts";
import { failureFrom } from "../../failure-from.ts";
import { servicesForTest } from "../services.ts";

const small = {
  path: "/models/small.gguf",
  name: "small",
  format: "gguf",
  architecture: "llama",
  summary: { layers: 8 },
  sizeBytes: 5_000_000,
  sha256: null,
};

const report: DatasetReport = {
  hash: "5f0c",
  rowsHash: "50a1",
  splits: {
    train: { examples: 100, questions: 0, conversations: 0, files: ["train.jsonl"] },
    valid: null,
    test: null,
    offDomain: null,
  },
  choiceStyle: "letters",
  choiceStyleRows: { letters: 100, plain: 0 },
  testBaselines: null,
  duplicates: { withinTrain: 1, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 },
  notes: ["corrections"],
};

describe("models", () => {
  test("are remembered once per path with the latest information, most recently used first", async () => {
    const { models } = servicesForTest();
    const first = models.remember(small);
    const other = models.remember({ ...small, path: "/models/other.gguf" });
    await wait(5);
    const again = models.remember({ ...small, sha256: "ab12" });
    expect(again).toMatchObject({
      id: first.id,
      addedAt: first.addedAt,
      sha256: "ab12",
      summary: { layers: 8 },
    });
    expect(models.list().map(({ id }) => id)).toEqual([first.id, other.id]);
    expect(models.get(first.id)).toEqual(again);
    expect(failureFrom(() => models.get(99))).toEqual({ code: "not-found", path: "99", what: "model" });
  });
});

describe("datasets", () => {
  test("are remembered once per folder, with the reader's report", () => {
    const { datasets } = servicesForTest();
    const first = datasets.remember({ folder: "/data/5f0c", name: "clauses", report });
    const again = datasets.remember({
      folder: "/data/5f0c",
      name: "leases",
      report: { ...report, notes: [] },
    });
    expect(again).toMatchObject({ id: first.id, name: "leases", report: { notes: [] } });
    expect(datasets.list()).toEqual([again]);
    expect(first.report).toEqual(report);
    expect(failureFrom(() => datasets.get(99))).toEqual({ code: "not-found", path: "99", what: "data set" });
  });
});

describe("evaluations outside runs", () => {
  const depth: DepthResult = {
    units: 8,
    keptIndices: [0, 1, 2, 3, 4, 5, 6, 7],
    healed: false,
    evaluation: {
      accuracy: null,
      accuracyNorm: null,
      answerNll: null,
      perplexity: 3.5,
      bitsPerByte: 0.75,
      exactMatch: null,
    },
    tokensPerSecond: null,
    sizeBytes: null,
  };

  test("are all kept with their model", () => {
    const { evaluations, models } = servicesForTest();
    const { id: modelId } = models.remember(small);
    const better: DepthResult = { ...depth, evaluation: { ...depth.evaluation, perplexity: 3.25 } };
    for (const measured of [depth, better]) {
      evaluations.record({ modelId, subject: "base", split: "test", depth: measured });
    }
    const found = evaluations.ofModel(modelId);
    expect(found.map((entry) => entry.depth)).toEqual([better, depth]);
    expect(found[0]).toMatchObject({ runId: null, modelId, datasetId: null });
  });
});
