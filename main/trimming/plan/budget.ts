/** Fits a plan to a person's time, by what a probe measured: how deep to cut is decided first, so that each cut block has its training. */
import { fail } from "../../../native-models/failure.ts";
import { unitsPerBlock } from "../../../preload/contract/plans/plan.ts";
import type { TimeBudget, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { usedMethods } from "../../../preload/methods/index.ts";
import type { PlannedStage } from "../../../preload/contract/runs/schedule.ts";
import { DONE, MEASURED, WHOLE } from "../schedule/deadline.ts";
import { scheduleOf, unitsKept } from "../schedule/planned-run.ts";
import { rowsOfRound } from "../schedule/trim.ts";
import { keptOf, unitsOf } from "../schedule/units.ts";
import { roundEnds } from "./round-ends.ts";
import { blocksOf, spreadOf, stageSeconds } from "./run-seconds.ts";

export interface Fitted {
  /** Includes its `budget`. */
  readonly plan: TrimPlan;
  /** Of tuning, that there is likely time for: it ends when its time is over. */
  readonly epochs: number;
  /** The share of the training that the plan would do without a budget. */
  readonly share: number;
  readonly rounds: number;
  readonly rowsPerRound: number;
  readonly seconds: number;
}

/**
 * The rows of tuning, and of healing for each block that is cut, that come before further blocks are cut: what a run without a limit
 * gives 700 questions, on which half of the blocks were cut without a loss (docs/decisions/0050-time-budgets.md).
 */
const TUNING_ROWS = 2000;
const HEALING_ROWS_PER_BLOCK = 100;
/** Where nothing is cut, the whole model's training ends on at least this share of its rows of tuning, at a rate that decays to zero. */
const ENDING_SHARE = 0.25;
/** Tuning on fewer rows is not worth a run. */
const FEWEST_ROWS = 100;

/** The share by which a run may take longer than its stages; what is left of it goes into healing. */
const LEAST_MARGIN = 0.05;
const MOST_MARGIN = 0.15;

/** The teacher records this many times the rows that training is planned to see, so that longer healing rarely repeats rows. */
const TAUGHT_MARGIN = 1.5;

/** Throws `too-little-time`: not even the least tuning fits into `seconds`. */
export const tooLittleTime = (seconds: number, probe: Probe): never =>
  fail({
    code: "too-little-time",
    seconds,
    share: Math.min(1, FEWEST_ROWS / Math.max(1, probe.tokens.trainingRows)),
  });

/**
 * The plan that fits into `seconds`, the time for the whole run with measuring and the export; null if even the least takes longer. In
 * this order it does less: healing and tuning down to the rows that are due; fewer cuts, down to none; tuning on fewer rows, as many as
 * turn out to fit.
 */
export function fitted(plan: TrimPlan, probe: Probe, seconds: number): Fitted | null {
  const margin = Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, spreadOf(probe)));
  for (const less of lessAndLess(plan, probe)) {
    const likely = timedStages(withBudget(less, probe, seconds), probe).reduce(
      (sum, one) => sum + one.seconds,
      0,
    );
    if ((1 + margin) * likely > seconds) continue;
    const found = withBudget(tunedAsDue(less, plan, probe), probe, seconds);
    return {
      plan: { ...found, budget: { ...found.budget, ends: endsOf(timedStages(found, probe)) } },
      epochs: less.tune.maxEpochs * less.tune.share,
      share: Math.min(1, trainedBy(less, probe) / Math.max(1, trainedBy(plan, probe))),
      rounds: roundEnds(found, blocksOf(probe)).length,
      rowsPerRound: rowsOfRound({ plan: found, trainingRows: probe.tokens.trainingRows }),
      seconds: likely,
    };
  }
  return null;
}

/** Plans that do less and less. */
function* lessAndLess(plan: TrimPlan, probe: Probe): Generator<TrimPlan> {
  const units = unitsOf(keptOf(blocksOf(probe)), plan.trim.unit).length;
  const target = Math.min(units, unitsKept(plan, units));
  for (const share of SHARES) yield trainedLess(plan, probe, { share, kept: target, units });
  for (let kept = target + 1; kept < units; kept++) yield trainedLess(plan, probe, { share: 0, kept, units });
  for (const share of SHARES) yield trainedLess(plan, probe, { share, kept: units, units });
  const { trainingRows } = probe.tokens;
  const rows = plan.tune.maxEpochs * plan.tune.share * trainingRows;
  for (let left = Math.min(rows, TUNING_ROWS); left > FEWEST_ROWS; left = Math.max(FEWEST_ROWS, 0.9 * left))
    yield tunedOn(trainedLess(plan, probe, { share: 0, kept: units, units }), left / rows);
}

/** The plan with the tuning that is due, if it is one of those that tune on fewer rows. */
function tunedAsDue(less: TrimPlan, plan: TrimPlan, { tokens: { trainingRows } }: Probe): TrimPlan {
  const due = Math.min(plan.tune.share, TUNING_ROWS / (plan.tune.maxEpochs * trainingRows));
  return less.tune.share < due ? { ...less, tune: { ...less.tune, share: due } } : less;
}

/** From all of the training down to what is due. */
const SHARES = Array.from({ length: 21 }, (_, step) => 1 - step / 20);

/** The plan with a share of the training that is more than due, and with `kept` of its units. */
function trainedLess(
  plan: TrimPlan,
  { tokens: { trainingRows } }: Probe,
  { share, kept, units }: { share: number; kept: number; units: number },
): TrimPlan {
  const { tune, heal, trim } = plan;
  const between = (all: number, due: number) => (all <= due ? all : due + share * (all - due));
  const tuning = tune.maxEpochs * tune.share * trainingRows;
  const tuned = between(tuning, TUNING_ROWS);
  const cut = (units - kept) / unitsPerBlock[trim.unit];
  const due = cut > 0 ? HEALING_ROWS_PER_BLOCK * cut : ENDING_SHARE * tuned;
  const healing = between(heal.epochs * trainingRows, due);
  const less = tunedOn(plan, tuning === 0 ? 1 : tuned / tuning);
  return {
    ...less,
    trim: { ...trim, keep: { units: kept } },
    heal: {
      epochs: trainingRows === 0 ? heal.epochs : healing / trainingRows,
      depths: heal.depths.filter((depth) => depth > kept),
    },
  };
}

/** The plan with a share of its rows of tuning and healing, of TrimLLM's rounds, and of those that methods change. */
const tunedOn = (plan: TrimPlan, share: number): TrimPlan => ({
  ...plan,
  tune: { ...plan.tune, share: plan.tune.share * share },
  heal: { ...plan.heal, epochs: plan.heal.epochs * share },
  methods: Object.fromEntries(
    usedMethods(plan).map(({ spec, settings }) => [
      spec.id,
      { ...(spec.scaled?.(settings, share) ?? settings) },
    ]),
  ),
});

/** A plan with a time budget. */
type InTime = TrimPlan & { budget: TimeBudget };

/** Leaves out what only serves comparison, and teaching on rows that are not trained on. */
function withBudget(plan: TrimPlan, probe: Probe, seconds: number): InTime {
  const { trainingRows } = probe.tokens;
  const inRounds = roundEnds(plan, blocksOf(probe)).length * rowsOfRound({ plan, trainingRows });
  const taughtRows = Math.ceil(TAUGHT_MARGIN * (inRounds + plan.heal.epochs * trainingRows));
  const budget: TimeBudget = {
    seconds,
    ends: {},
    ...(taughtRows > 0 && taughtRows < trainingRows && { taughtRows }),
  };
  return { ...plan, budget };
}

interface TimedStage extends PlannedStage {
  readonly seconds: number;
}

const timedStages = (plan: TrimPlan, probe: Probe): TimedStage[] =>
  scheduleOf(plan, blocksOf(probe), { tokens: probe.tokens }).stages.map((stage) => ({
    ...stage,
    seconds: stageSeconds(stage, probe),
  }));

/** The ends of the parts of a run whose time is decided on while it runs. */
function endsOf(stages: readonly TimedStage[]): TimeBudget["ends"] {
  const ends: Record<string, number> = {};
  let seconds = 0;
  for (const { name, phase, round, seconds: own } of stages) {
    const isTuning = phase === "tune" && name.startsWith("tune");
    if (isTuning) ends[MEASURED] ??= seconds;
    if (round === 1 || phase === "heal") ends[WHOLE] ??= seconds;
    seconds += own;
    if (round !== null) ends[`round ${round}`] = seconds;
    else if (phase === "heal" || isTuning) ends[name] = seconds;
  }
  return { ...ends, [DONE]: seconds };
}

/** The tokens that a plan trains on, by block. */
const trainedBy = (plan: TrimPlan, probe: Probe): number =>
  scheduleOf(plan, blocksOf(probe), { tokens: probe.tokens }).stages.reduce(
    (sum, { kind, tokens }) => sum + (kind === "training" ? tokens : 0),
    0,
  );
