/** How long a run with a listed model takes on this computer, from a short measurement. */
import { physicalCores } from "../../computer.ts";
import { trainer } from "../../engines/jobs.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { noTokens, scheduleOf, workOf } from "../../trimming/schedule/planned-run.ts";
import { planTrim } from "../../trimming/plan/planning.ts";
import { shapeOf } from "./suggested.ts";
import type { SuggestedRow } from "./suggested.ts";

/** The run that durations assume: this many questions of this length, and a tenth as many each for validation and for testing. */
const QUESTIONS = 1000;
const TOKENS = 100;
const HELD_OUT = 0.1;
/** The share of tokens whose logits are computed: those of the answers. */
const ANSWERED = 0.2;
/** How far other models may be from the measured one: narrower ones are slower per operation, wider ones faster, 8-bit weights slower. */
const SPREAD = { low: 0.7, high: 1.4 };

/** Multiplications and additions per second, measured for a few seconds in a separate process. Failure: engine-stopped. */
export async function trainingSpeed(options: EngineOptions, threads: number | null): Promise<number> {
  const { operationsPerSecond } = await withEngine(trainer, { options }, (engine) =>
    engine.run("training-speed", { threads: threads ?? physicalCores() }),
  );
  return operationsPerSecond;
}

/** Seconds of the default plan on QUESTIONS questions with each model, by repository. */
export function durationsOf(
  models: readonly Pick<SuggestedRow, "repository" | "config">[],
  operationsPerSecond: number,
): Record<string, { low: number; high: number }> {
  const tokens = {
    ...noTokens,
    trainingRows: QUESTIONS,
    training: QUESTIONS * TOKENS,
    validation: QUESTIONS * HELD_OUT * TOKENS,
    calibration: QUESTIONS * HELD_OUT * TOKENS,
    test: QUESTIONS * HELD_OUT * TOKENS,
  };
  return Object.fromEntries(
    models.map((model) => {
      const shape = shapeOf(model);
      const plan = planTrim({ model: { ...shape, path: "" }, sha256: "", dataFolder: "" }, {});
      const { layers, parameters, vocabularySize, hiddenSize, tiedEmbedding } = shape;
      const matrix = vocabularySize * hiddenSize;
      const perBlock = (parameters - (tiedEmbedding ? 1 : 2) * matrix + ANSWERED * matrix) / layers;
      const { stages } = scheduleOf(plan, layers, { tokens });
      const work = stages.reduce((sum, stage) => sum + workOf(stage), 0);
      const seconds = (2 * work * perBlock) / operationsPerSecond;
      return [model.repository, { low: coarse(SPREAD.low * seconds), high: coarse(SPREAD.high * seconds) }];
    }),
  );
}

/** Rounds to ten minutes below three hours, and to hours above: the estimate is no more precise. */
function coarse(seconds: number): number {
  const step = seconds < 3 * 3600 ? 600 : 3600;
  return Math.max(1, Math.round(seconds / step)) * step;
}
