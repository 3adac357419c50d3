/** Measures a model on a test set, outside a run. */
import { remove } from "../../../native-models/formats/atomic.ts";
import type { SplitReport } from "../../../preload/contract/data/data.ts";
import type { Evaluation, ModelMetrics, RunEvent } from "../../../preload/contract/runs/run.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { trainer } from "../../engines/jobs.ts";
import { admitEvaluation, thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";
import { physicalCores } from "../../computer.ts";
import type { ModelReference } from "../models/model-reference.ts";
import type { Home } from "../../home/home.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import type { Models } from "../models/models.ts";
import type { Evaluations } from "../runs/evaluations.ts";
import type { Reading, RecognitionOptions } from "../data/reading.ts";

export interface MeasureRequest {
  model: ModelReference;
  data: readonly string[];
  /** Whether the text of scanned pages and pictures is recognised. */
  ocr?: boolean | undefined;
  threads?: number | undefined;
}

export interface MeasureOptions extends RecognitionOptions {
  onEvent?: (event: RunEvent) => void;
  engine?: EngineOptions;
  free?: Free;
}

export interface Measured {
  metrics: ModelMetrics;
  evaluation: Evaluation;
  split: SplitReport;
}

const longestRow = 1024;

/**
 * Measures a model and records the result. Its weights are stored in the largest type that fits; the evaluation says which if it is
 * smaller than f32. Failures: those of reading, not-enough-memory, not-enough-disk, engine-stopped, cancelled.
 */
export async function measureModel(
  { home, models, evaluations }: { home: Home; models: Models; evaluations: Evaluations },
  reading: Reading,
  { model: { path, name }, data, ocr = false, threads = physicalCores() }: MeasureRequest,
  { onEvent, onPage, signal, engine: options, free = thisComputer }: MeasureOptions = {},
): Promise<Measured> {
  const report = await reading.inspect(path);
  const maxTokens = Math.min(longestRow, report.maxPositions);
  const base = admitEvaluation(report, maxTokens, home.cache, free);
  const folder = newWorkFolder(home);
  try {
    const { split, choiceStyle } = await reading.testSet(data, path, folder, {
      ocr,
      ...(onPage && { onPage }),
      ...(signal && { signal }),
    });
    const job = { model: path, data: folder, choiceStyle, workFolder: folder, threads, maxTokens, base };
    const heard = { ...(onEvent && { onEvent }), ...(signal && { signal }) };
    const measured = await withEngine(trainer, { options }, (engine) => engine.run("evaluate", job, heard));
    const { modelType: architecture, format, sizeBytes, layers } = report;
    const entry = { path, name, format, architecture, summary: { ...report }, sizeBytes, sha256: null };
    const { tokensPerSecond, sizeBytes: chatBytes } = measured.metrics;
    evaluations.record({
      modelId: models.remember(entry).id,
      subject: "base",
      split: "test",
      depth: {
        units: layers,
        keptIndices: Array.from({ length: layers }, (_, index) => index),
        healed: false,
        evaluation: measured.evaluation,
        tokensPerSecond,
        sizeBytes: chatBytes,
      },
    });
    return { ...measured, split };
  } finally {
    await remove(folder);
  }
}
