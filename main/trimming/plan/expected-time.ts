/** How long a run will take, measured before it starts if that may be long, and what would shorten it. */
import { rowCount } from "../../../preload/contract/data/data.ts";
import type { DatasetReport } from "../../../preload/contract/data/data.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { noTokens, scheduleOf } from "../schedule/planned-run.ts";
import { depthOf } from "../schedule/units.ts";
import { runSeconds } from "./run-seconds.ts";

interface FewerEpochs {
  readonly tuneEpochs: number;
  readonly healEpochs: number;
}

/** A change to a plan or its data, and the likely duration with it. */
export interface Shortening {
  readonly change: { readonly rows: number } | FewerEpochs;
  readonly seconds: number;
}

export interface ExpectedTime {
  readonly seconds: ReturnType<typeof runSeconds>;
  /** Ways to shorten a long run: fewer rows, then fewer epochs. Empty for a short run, and for an improvement, which has no such choices. */
  readonly shortenings: readonly Shortening[];
}

/** A run is long from here on: the person is asked first. */
export const LONG_SECONDS = 2 * 3600;

/** Multiplications and additions per second of a slow computer, to recognise short runs without measuring. */
const SLOW_OPERATIONS_PER_SECOND = 100e9;
/** Runs that a slow computer does in this time start without being measured. */
const SHORT_SECONDS = 3600;

/** Numbers of rows that are proposed. */
const FEWER_ROWS = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000];

/** Whether a run may be long, judging only by its plan and the size of its data. */
export function mayBeLong(
  plan: TrimPlan,
  model: Pick<ModelReport, "layers" | "sections" | "parameters">,
  { splits, tokenLengths }: Pick<DatasetReport, "splits" | "tokenLengths">,
): boolean {
  if (!tokenLengths) return true;
  const mean = Math.min(tokenLengths.mean, plan.maxTokens);
  const valid = rowCount(splits.valid);
  const calibrationRows = Math.min(valid, plan.trim.calibrationRows);
  const tokens = {
    ...noTokens,
    trainingRows: tokenLengths.rows,
    training: tokenLengths.rows * mean,
    // as if methods that have the tuned model write had it write all answers
    writing: Object.fromEntries(
      Object.keys(plan.methods).map((id) => [id, { read: 0, written: tokenLengths.rows * mean }]),
    ),
    validation: valid * mean,
    choosing: valid * mean,
    calibration: calibrationRows * mean,
    calibrationRows,
    test: (rowCount(splits.test) + rowCount(splits.offDomain)) * mean,
  };
  const blocks = sectionsIn(model);
  const { stages } = scheduleOf(plan, blocks, { tokens });
  const work = stages.reduce((sum, stage) => sum + stage.work, 0);
  const operations = (2 * work * model.parameters) / depthOf(blocks);
  return operations / SLOW_OPERATIONS_PER_SECOND > SHORT_SECONDS;
}

/** How long a run will take, according to a probe. */
export function timeOf(plan: TrimPlan, probe: Probe): ExpectedTime {
  const seconds = runSeconds(plan, probe);
  if (seconds.likely < LONG_SECONDS || plan.improvement) return { seconds, shortenings: [] };
  return { seconds, shortenings: [...withFewerRows(plan, probe), ...withFewerEpochs(plan, probe)] };
}

/** The largest proposed number of rows with which the run is no longer long, or else the smallest. */
function withFewerRows(plan: TrimPlan, probe: Probe): Shortening[] {
  const { tokens } = probe;
  const choices = FEWER_ROWS.filter((rows) => rows < tokens.trainingRows).map((rows): Shortening => {
    const share = rows / tokens.trainingRows;
    const ofRows = {
      training: share * tokens.training,
      writing: Object.fromEntries(
        Object.entries(tokens.writing).map(([id, { read, written }]) => [
          id,
          { read: share * read, written: share * written },
        ]),
      ),
    };
    const fewer = { ...probe, tokens: { ...tokens, trainingRows: rows, ...ofRows } };
    return { change: { rows }, seconds: runSeconds(plan, fewer).likely };
  });
  const short = choices.find(({ seconds }) => seconds < LONG_SECONDS) ?? choices.at(-1);
  return short ? [short] : [];
}

function withFewerEpochs(plan: TrimPlan, probe: Probe): Shortening[] {
  const { maxEpochs } = plan.tune;
  const change = {
    tuneEpochs: Math.min(2, maxEpochs),
    healEpochs: Math.min(1, plan.heal.epochs),
  };
  if (change.tuneEpochs === maxEpochs && change.healEpochs === plan.heal.epochs) return [];
  const tune = { ...plan.tune, maxEpochs: change.tuneEpochs };
  const heal = { ...plan.heal, epochs: change.healEpochs };
  return [{ change, seconds: runSeconds({ ...plan, tune, heal }, probe).likely }];
}
