/** How much a run with a model computes, and how fast this computer does it, from a short measurement. */
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import { ASSUMED } from "../../../preload/contract/calls/models.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { physicalCores } from "../../computer.ts";
import { trainer } from "../../engines/jobs.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { noTokens, scheduleOf, workOf } from "../../trimming/schedule/planned-run.ts";

const HELD_OUT = 0.1;
/** The share of tokens whose logits are computed: those of the answers. */
const ANSWERED = 0.2;

/** Multiplications and additions per second, measured for a few seconds in a separate process. Failure: engine-stopped. */
export async function trainingSpeed(options: EngineOptions, threads: number | null): Promise<number> {
  const { operationsPerSecond } = await withEngine(trainer, { options }, (engine) =>
    engine.run("training-speed", { threads: threads ?? physicalCores() }),
  );
  return operationsPerSecond;
}

/** Multiplications and additions of a run by a plan on `ASSUMED` rows, with a tenth as many each for validation and for the test. */
export function runOperations(model: ModelShape, plan: TrimPlan): number {
  const training = ASSUMED.rows * ASSUMED.tokensPerRow;
  const held = HELD_OUT * training;
  const tokens = {
    ...noTokens,
    trainingRows: ASSUMED.rows,
    training,
    validation: held,
    calibration: held,
    test: held,
  };
  const { layers, parameters, vocabularySize, hiddenSize, tiedEmbedding } = model;
  const matrix = vocabularySize * hiddenSize;
  const perBlock = (parameters - (tiedEmbedding ? 1 : 2) * matrix + ANSWERED * matrix) / layers;
  const { stages } = scheduleOf(plan, layers, { tokens });
  return 2 * perBlock * stages.reduce((sum, stage) => sum + workOf(stage), 0);
}
