/** How long a run with a listed model takes here, from a short measurement of this computer. */
import { startEngine } from "../../engine/host.ts";
import type { EngineOptions } from "../../engine/host.ts";
import { trainer } from "../../engine/kinds.ts";
import { noTokens, scheduleOf, workOf } from "../../engine/schedule/planned-run.ts";
import { physicalCores } from "../../computer.ts";
import { planTrim } from "../plans/planning.ts";
import { shapeOf } from "./suggested.ts";
import type { SuggestedRow } from "./suggested.ts";

/** The run that durations are for: this many questions of this length, a tenth of them for validation, as many to test. */
const QUESTIONS = 1000;
const TOKENS = 100;
const HELD_OUT = 0.1;
/** Share of the tokens whose logits are computed: those of answers. */
const ANSWERED = 0.2;
/** How far models of other sizes are from the measured one: narrower ones are slower, wider ones faster, weights in 8 bits slower. */
const SPREAD = { low: 0.7, high: 1.4 };

/** Multiplications and additions in a second, measured in a process of its own in a few seconds. Failure: engine-stopped. */
export async function trainingSpeed(options: EngineOptions, threads: number | null): Promise<number> {
  const engine = startEngine(trainer, options);
  try {
    const { operationsPerSecond } = await engine.run("training-speed", {
      threads: threads ?? physicalCores(),
    });
    return operationsPerSecond;
  } finally {
    await engine.stop();
  }
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
    ...{ validation: QUESTIONS * HELD_OUT * TOKENS, calibration: QUESTIONS * HELD_OUT * TOKENS },
    test: QUESTIONS * HELD_OUT * TOKENS,
  };
  return Object.fromEntries(
    models.map((model) => {
      const shape = shapeOf(model);
      const plan = planTrim({ model: { ...shape, path: "" }, sha256: "", dataFolder: "" }, {});
      const { layers, parameters, vocabularySize, hiddenSize, tiedEmbedding } = shape;
      const matrix = vocabularySize * hiddenSize;
      const perBlock = (parameters - (tiedEmbedding ? 1 : 2) * matrix + ANSWERED * matrix) / layers;
      const work = (tuning: "shortest" | "longest") =>
        scheduleOf(plan, layers, { tokens, tuning }).stages.reduce((sum, stage) => sum + workOf(stage), 0);
      const seconds = (tuning: "shortest" | "longest") => (2 * work(tuning) * perBlock) / operationsPerSecond;
      return [
        model.repository,
        { low: coarse(SPREAD.low * seconds("shortest")), high: coarse(SPREAD.high * seconds("longest")) },
      ];
    }),
  );
}

/** To ten minutes below three hours, then to hours: the estimate is no more exact. */
function coarse(seconds: number): number {
  const step = seconds < 3 * 3600 ? 600 : 3600;
  return Math.max(1, Math.round(seconds / step)) * step;
}
