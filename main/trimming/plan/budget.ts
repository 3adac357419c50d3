/** Fits a plan to a person's time, with fewer rounds, rows and epochs if need be, according to what a probe measured. */
import { fail } from "../../../native-models/failure.ts";
import type { TimeBudget, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { usedMethods } from "../../../preload/methods/index.ts";
import type { PlannedStage } from "../../../preload/contract/runs/schedule.ts";
import { scheduleOf, unitsKept } from "../schedule/planned-run.ts";
import { rowsOfRound } from "../schedule/trim.ts";
import { keptOf, unitsOf } from "../schedule/units.ts";
import type { Blocks } from "../schedule/units.ts";
import { nearestEnds, roundEnds } from "./round-ends.ts";
import { blocksOf, runSeconds, spreadOf, stageSeconds } from "./run-seconds.ts";

export interface Fitted {
  /** Includes its `budget`. */
  readonly plan: TrimPlan;
  /** The share of the training that the plan would do without a budget. */
  readonly share: number;
  readonly rounds: number;
  readonly rowsPerRound: number;
  readonly seconds: number;
}

/** The least share of training that is worth doing on a small set; on a large set, this many rows per epoch are enough. */
const LEAST_SHARE = 0.04;
const FEWEST_ROWS = 100;

const leastShare = ({ tokens: { trainingRows } }: Probe): number =>
  Math.min(LEAST_SHARE, FEWEST_ROWS / Math.max(1, trainingRows));

/**
 * The shares of a plan's training that are tried, in descending order. More than all of it is not tried: healing for longer
 * made no better model (docs/decisions/0047-the-recipe.md).
 */
function sharesFor(probe: Probe): number[] {
  const least = leastShare(probe);
  const steps = Math.floor(Math.log(least) / Math.log(0.96));
  return [...Array.from({ length: steps + 1 }, (_, step) => 0.96 ** step), least];
}

/** Throws `too-little-time`: not even the least share of a plan's training fits into `seconds`. */
export const tooLittleTime = (seconds: number, probe: Probe): never =>
  fail({ code: "too-little-time", seconds, share: leastShare(probe) });

/** A scan of fewer rows is too unreliable. */
const FEWEST_CALIBRATION_ROWS = 16;

/** The share by which the stages before healing may take longer than measured: healing is then shorter. */
const MARGIN_BEFORE_HEALING = 0.15;

/** After healing nothing can be shortened: the margin is the measured spread, up to this, since disturbed steps say little about a run. */
const MOST_MARGIN = 0.25;

/** The teacher records this many times the rows that training is planned to see, so that longer healing rarely repeats rows. */
const TAUGHT_MARGIN = 1.5;

/**
 * The largest share of a plan that fits into `seconds`, the time for the whole run with measuring and the export; null if even the least
 * takes longer. Stages before and after healing have a margin, in case the computer is slower than expected; whatever is left of it goes
 * to healing, which ends at its deadline, or after the epochs of the original plan.
 */
export function fitted(plan: TrimPlan, probe: Probe, seconds: number): Fitted | null {
  for (const share of sharesFor(probe)) {
    const scaled = withBudget(scaledBy(plan, share, blocksOf(probe)), plan, probe, seconds);
    const timed = timedStages(scaled, probe);
    const healing = timed.filter(({ isHealing }) => isHealing);
    const others = timed.filter(({ isHealing }) => !isHealing);
    if (withMargin(others) + secondsOf(healing) > seconds) continue;
    const inTime = { ...scaled, budget: { ...scaled.budget, ...deadlines(timed, seconds) } };
    return {
      plan: inTime,
      share,
      rounds: roundsOf(scaled, blocksOf(probe)),
      rowsPerRound: rowsOfRound({ plan: scaled, trainingRows: probe.tokens.trainingRows }),
      seconds: expectedSeconds(inTime, timed, probe),
    };
  }
  return null;
}

/** A plan with a time budget. */
type InTime = TrimPlan & { budget: TimeBudget };

/** Leaves out of the scaled plan what only serves comparison, and teaching on rows that are not trained on; `plan` is the original. */
function withBudget(scaled: TrimPlan, plan: TrimPlan, probe: Probe, seconds: number): InTime {
  const { trainingRows } = probe.tokens;
  const { accuracyFloor, heal, recipe } = plan;
  // the depth for a floor, or the smallest without a loss, is chosen among measured depths
  const needsRounds = accuracyFloor !== undefined && (recipe === "trimllm" || heal.depths.length === 0);
  const onTheWay = heal.epochs === 0 ? "named" : "healed";
  const inRounds = roundsOf(scaled, blocksOf(probe)) * rowsOfRound({ plan: scaled, trainingRows });
  const taughtRows = Math.ceil(TAUGHT_MARGIN * (inRounds + scaled.heal.epochs * trainingRows));
  // depths that are compared are trained on the same number of rows
  const healsOn = scaled.heal.epochs > 0 && heal.depths.length === 0 && !plan.control;
  const budget: TimeBudget = {
    seconds,
    tunedBy: seconds,
    cutBy: seconds,
    healedBy: {},
    measured: needsRounds ? "rounds" : onTheWay,
    ...(taughtRows > 0 && taughtRows < trainingRows && { taughtRows }),
    ...(healsOn && { mostHealing: heal.epochs }),
  };
  return { ...scaled, budget };
}

interface TimedStage extends PlannedStage {
  readonly seconds: number;
  /** How much longer it may take, in seconds. */
  readonly margin: number;
  readonly isHealing: boolean;
}

function timedStages(plan: TrimPlan, probe: Probe): TimedStage[] {
  const { stages } = scheduleOf(plan, blocksOf(probe), { tokens: probe.tokens });
  const isHealing = ({ phase }: PlannedStage) => phase === "heal";
  const first = stages.findIndex(isHealing);
  return stages.map((stage, place) => {
    const seconds = stageSeconds(stage, probe);
    const share = place < first ? MARGIN_BEFORE_HEALING : Math.min(MOST_MARGIN, spreadOf(probe));
    return { ...stage, seconds, margin: share * seconds, isHealing: isHealing(stage) };
  });
}

const secondsOf = (stages: readonly TimedStage[]): number =>
  stages.reduce((sum, { seconds }) => sum + seconds, 0);
const withMargin = (stages: readonly TimedStage[]): number =>
  stages.reduce((sum, { seconds, margin }) => sum + seconds + margin, 0);

/** When each part of a run has to end so that the rest still fits: tuning and cuts at their expected end plus their margin. */
function deadlines(
  stages: readonly TimedStage[],
  seconds: number,
): Pick<TimeBudget, "tunedBy" | "cutBy" | "healedBy"> {
  const endOf = (isPart: (stage: TimedStage) => boolean) =>
    withMargin(stages.slice(0, stages.findLastIndex(isPart) + 1));
  const healing = stages.flatMap((stage, place): [string, number][] =>
    stage.isHealing ? [[stage.name, seconds - stage.margin - withMargin(stages.slice(place + 1))]] : [],
  );
  return {
    tunedBy: endOf(({ phase }) => phase === "tune"),
    cutBy: endOf(({ round }) => round !== null),
    healedBy: Object.fromEntries(healing),
  };
}

/** The duration of a run on a computer as fast as measured: the plan's, plus the time by which healing is extended. */
function expectedSeconds(plan: InTime, stages: readonly TimedStage[], probe: Probe): number {
  const { likely } = runSeconds(plan, probe);
  const { mostHealing = plan.heal.epochs, healedBy } = plan.budget;
  const place = stages.findIndex(({ isHealing }) => isHealing);
  if (place < 0 || mostHealing <= plan.heal.epochs) return likely;
  const healing = stages[place]!;
  const most = healing.seconds * (mostHealing / plan.heal.epochs - 1);
  const left = healedBy[healing.name]! - secondsOf(stages.slice(0, place + 1));
  return likely + Math.min(most, Math.max(0, left));
}

/** The rounds of a plan's recipe. */
const roundsOf = (plan: TrimPlan, blocks: Blocks): number => roundEnds(plan, blocks).length;

/** The epochs of tuning plus those of TrimLLM's rounds, which use the same share of the rows. */
const epochsOf = (plan: TrimPlan, blocks: Blocks): number =>
  plan.tune.maxEpochs + (plan.recipe === "trimllm" ? roundsOf(plan, blocks) : 0);

/**
 * The plan with a share of its training rows. Rounds matter more than rows, since a model that loses all its blocks in one cut does not
 * recover: their number falls with the square root of the share, so at a quarter of the rows half of them remain.
 */
function scaledBy(plan: TrimPlan, share: number, blocks: Blocks): TrimPlan {
  const { tune, trim, heal } = plan;
  const maxEpochs = tune.maxEpochs === 0 ? 0 : Math.max(1, Math.round(tune.maxEpochs * share));
  const rounds = Math.max(1, Math.ceil(roundsOf(plan, blocks) * Math.sqrt(share)));
  const inEpochs = tune.share * epochsOf(plan, blocks) * share;
  const scaled = inRounds({ ...plan, tune: { ...tune, maxEpochs } }, rounds, inEpochs, blocks);
  const epochs = epochsOf(scaled, blocks);
  const shareOfEpoch = epochs === 0 ? 1 : Math.min(1, inEpochs / epochs);
  const rowsOfAll = trim.rowsPerRound * roundsOf(plan, blocks) * share;
  return {
    ...scaled,
    tune: { ...scaled.tune, share: shareOfEpoch },
    trim: {
      ...scaled.trim,
      rowsPerRound: Math.round(rowsOfAll / Math.max(1, roundsOf(scaled, blocks))),
      calibrationRows: Math.max(
        Math.min(trim.calibrationRows, FEWEST_CALIBRATION_ROWS),
        Math.round(trim.calibrationRows * Math.sqrt(share)),
      ),
    },
    methods: scaledMethods(plan, share),
    heal: { ...heal, epochs: heal.epochs * share, depths: healedDepths(plan, scaled, blocks) },
  };
}

/** The settings of methods for this share of the training. */
const scaledMethods = (plan: TrimPlan, share: number): TrimPlan["methods"] =>
  Object.fromEntries(
    usedMethods(plan).map(({ spec, settings }) => [
      spec.id,
      { ...(spec.scaled?.(settings, share) ?? settings) },
    ]),
  );

/**
 * The plan in at most `rounds` rounds, which drop more units each. TrimLLM's later rounds drop half as many as its first ones, as
 * published, and it keeps enough rounds for `inEpochs` epochs, since no epoch trains on a row twice.
 */
function inRounds(plan: TrimPlan, rounds: number, inEpochs: number, blocks: Blocks): TrimPlan {
  const { recipe, trim } = plan;
  if (recipe !== "trimllm") {
    const units = unitsOf(keptOf(blocks), trim.unit).length;
    const needed = Math.ceil((units - unitsKept(plan, units)) / rounds);
    return { ...plan, trim: { ...trim, unitsPerRound: Math.max(trim.unitsPerRound, needed) } };
  }
  let found = plan;
  for (let unitsPerRound = trim.unitsPerRound + 1; roundsOf(found, blocks) > rounds; unitsPerRound++) {
    const faster = { ...plan, trim: { ...trim, unitsPerRound } };
    if (epochsOf(faster, blocks) < inEpochs) break;
    found = faster;
  }
  return found;
}

/** The intermediate depths that are healed: the plan's, or the nearest ones if the scaled rounds end at different depths. */
function healedDepths(plan: TrimPlan, scaled: TrimPlan, blocks: Blocks): number[] {
  if (scaled.trim.unitsPerRound === plan.trim.unitsPerRound) return plan.heal.depths;
  const onTheWay = roundEnds(plan, blocks).slice(0, -1);
  const healed = plan.heal.depths.filter((units) => onTheWay.includes(units));
  return nearestEnds(roundEnds(scaled, blocks), healed);
}
