/** A plan that is done within a person's time: fewer rounds, rows and epochs, or more of them, by what a probe measured. */
import { fail } from "../../../native-models/failure.ts";
import type { TimeBudget, TrimPlan } from "../../../preload/contract/plan.ts";
import type { Probe } from "../../../preload/contract/probe.ts";
import type { PlannedStage } from "../../../preload/contract/schedule.ts";
import { scheduleOf, unitsKept } from "../../engine/schedule/planned-run.ts";
import { nameOf } from "../../engine/schedule/stage-names.ts";
import { rowsOfRound } from "../../engine/schedule/trim.ts";
import { nearestEnds, roundEnds } from "./round-ends.ts";
import { runSeconds, spreadOf, stageSeconds } from "./run-seconds.ts";
import { hasTeacher, unitsPerBlock } from "../../../preload/contract/plan.ts";

export interface Fitted {
  /** With its `budget`. */
  readonly plan: TrimPlan;
  /** Of the training that the plan without a budget would do. */
  readonly share: number;
  readonly rounds: number;
  readonly rowsPerRound: number;
  readonly seconds: number;
}

/** The most that is tried of a plan's training. More than all of it is in rounds and healing, not in tuning. */
const MOST_SHARE = 2;
/** The least of a small set's training that brings something, and the rows of an epoch that are as much of a large one's. */
const LEAST_SHARE = 0.04;
const FEWEST_ROWS = 100;

const leastShare = ({ tokens: { trainingRows } }: Probe): number =>
  Math.min(LEAST_SHARE, FEWEST_ROWS / Math.max(1, trainingRows));

/** The shares of a plan's training that are tried, from the most. */
function sharesFor(probe: Probe): number[] {
  const least = leastShare(probe);
  const steps = Math.floor(Math.log(least / MOST_SHARE) / Math.log(0.92));
  return [...Array.from({ length: steps + 1 }, (_, step) => MOST_SHARE * 0.92 ** step), least];
}

/** The failure where not even the least share of a plan's training is done within `seconds`. */
export const tooLittleTime = (seconds: number, probe: Probe): never =>
  fail({ code: "too-little-time", seconds, share: leastShare(probe) });

/** A scan of fewer rows says too little. */
const FEWEST_CALIBRATION_ROWS = 16;

/** Healing goes on while there is time, for at most this many times the epochs that the plan would do without a limit. */
const MOST_HEALING = 2;

/** By how much what comes before healing may take longer than measured: healing is then shorter. */
const MARGIN_BEFORE_HEALING = 0.15;

/** After healing nothing is left to be shorter, but steps that were disturbed while they were measured say little of a whole run. */
const MOST_MARGIN = 0.25;

/** Healing that goes on longer than planned sees rows again; with so many times the planned ones, not often. */
const TAUGHT_MARGIN = 1.5;

/**
 * The most of a plan that the expected time allows; null if even the least takes longer. `seconds`: all that a run does, measuring and
 * the export included. What comes before healing and after it has a margin for a computer that is slower than expected; what is
 * left of it goes to healing, which ends when its time is over.
 */
export function fitted(plan: TrimPlan, probe: Probe, seconds: number): Fitted | null {
  for (const tried of sharesFor(probe)) {
    const share = Math.min(tried, mostOf(plan));
    const scaled = leanly(scaledBy(plan, share, probe.blocks), plan, probe, seconds);
    const timed = timedStages(scaled, probe);
    const healing = timed.filter(({ isHealing }) => isHealing);
    const others = timed.filter(({ isHealing }) => !isHealing);
    if (withMargin(others) + secondsOf(healing) > seconds) continue;
    const inTime = { ...scaled, budget: { ...scaled.budget, ...deadlines(timed, seconds) } };
    return {
      plan: inTime,
      share,
      rounds: roundsOf(scaled, probe.blocks),
      rowsPerRound: rowsOfRound({ plan: scaled, trainingRows: probe.tokens.trainingRows }),
      seconds: expectedSeconds(inTime, timed, probe),
    };
  }
  return null;
}

/** A plan that a time was given for. */
type InTime = TrimPlan & { budget: TimeBudget };

/** The scaled plan without work that is for comparing alone, or on rows that are not trained on; `plan` is what it was made from. */
function leanly(scaled: TrimPlan, plan: TrimPlan, probe: Probe, seconds: number): InTime {
  const { trainingRows } = probe.tokens;
  const { accuracyFloor, heal, recipe } = plan;
  // a floor, or the smallest without a loss, is looked for among depths that are measured
  const needsRounds = accuracyFloor !== undefined && (recipe === "trimllm" || heal.depths.length === 0);
  const onTheWay = heal.epochs === 0 ? "named" : "healed";
  const inRounds = roundsOf(scaled, probe.blocks) * rowsOfRound({ plan: scaled, trainingRows });
  const taughtRows = Math.ceil(TAUGHT_MARGIN * (inRounds + scaled.heal.epochs * trainingRows));
  const rewritesTaught = plan.rewriting.share > 0 && hasTeacher(plan.trim) && { rewritesTaught: true };
  // what is compared is trained on as many rows
  const healsOn = scaled.heal.epochs > 0 && heal.depths.length === 0 && !plan.control;
  const budget: TimeBudget = {
    ...{ seconds, tunedBy: seconds, cutBy: seconds, healedBy: {} },
    measured: needsRounds ? "rounds" : onTheWay,
    ...(taughtRows > 0 && taughtRows < trainingRows && { taughtRows, ...rewritesTaught }),
    ...(healsOn && { mostHealing: Math.max(scaled.heal.epochs, MOST_HEALING * heal.epochs) }),
  };
  return { ...scaled, budget };
}

interface TimedStage extends PlannedStage {
  readonly seconds: number;
  /** By how much it may take longer. */
  readonly margin: number;
  readonly isHealing: boolean;
}

function timedStages(plan: TrimPlan, probe: Probe): TimedStage[] {
  const { stages } = scheduleOf(plan, probe.blocks, { tokens: probe.tokens });
  // the rows of a recovery prompt are not cut
  const isHealing = ({ phase, name }: PlannedStage) => phase === "heal" && name !== nameOf.recover;
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

/** When each part of a run has to be over, so that what follows still fits: tuning and cuts when they were expected to, with their margin. */
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

/** What a run takes on a computer that is as fast as measured: as planned, and what healing goes on for. */
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

/** The largest share that makes a difference: TrimLLM trains no row twice in an epoch. */
const mostOf = ({ recipe, heal }: TrimPlan): number =>
  recipe === "trimllm" && heal.epochs === 0 ? 1 : Infinity;

/** The rounds of a plan's recipe. */
const roundsOf = (plan: TrimPlan, blocks: number): number => roundEnds(plan, blocks).length;

/** The epochs of tuning, and those of TrimLLM's rounds, which are of the same share of the rows. */
const epochsOf = (plan: TrimPlan, blocks: number): number =>
  plan.tune.maxEpochs + (plan.recipe === "trimllm" ? roundsOf(plan, blocks) : 0);

/**
 * The plan with a share of its training rows. Rounds are worth more than rows, since a model that loses all blocks at once does not
 * recover, so half of them stay at a quarter of the rows.
 */
function scaledBy(plan: TrimPlan, share: number, blocks: number): TrimPlan {
  const { tune, trim, heal, rewriting } = plan;
  const less = Math.min(1, share);
  const maxEpochs = tune.maxEpochs === 0 ? 0 : Math.max(1, Math.round(tune.maxEpochs * less));
  const rounds = Math.max(1, Math.ceil(roundsOf(plan, blocks) * Math.sqrt(less)));
  const inEpochs = tune.share * epochsOf(plan, blocks) * less;
  const scaled = inRounds({ ...plan, tune: { ...tune, maxEpochs } }, rounds, inEpochs, blocks);
  const epochs = epochsOf(scaled, blocks);
  const shareOfEpoch = epochs === 0 ? 1 : Math.min(1, inEpochs / epochs);
  const rowsOfAll = trim.rowsPerRound * roundsOf(plan, blocks) * share;
  return {
    ...scaled,
    tune: { ...scaled.tune, share: shareOfEpoch, ...furtherIn(tune, less, shareOfEpoch) },
    trim: {
      ...scaled.trim,
      ...(plan.recipe === "trimllm" && shareOfEpoch < 1 && { roundShare: shareOfEpoch }),
      rowsPerRound: Math.round(rowsOfAll / Math.max(1, roundsOf(scaled, blocks))),
      calibrationRows: Math.max(
        Math.min(trim.calibrationRows, FEWEST_CALIBRATION_ROWS),
        Math.round(trim.calibrationRows * Math.sqrt(less)),
      ),
    },
    rewriting: { ...rewriting, share: rewriting.share * less },
    heal: { ...heal, epochs: heal.epochs * share, depths: healedDepths(plan, scaled, blocks) },
  };
}

/** Further epochs with a share of their rows, where an epoch has `shareOfEpoch` of all rows. */
function furtherIn(
  { furtherEpochs, share }: TrimPlan["tune"],
  less: number,
  shareOfEpoch: number,
): Pick<TrimPlan["tune"], "furtherEpochs"> {
  return furtherEpochs === undefined ? {} : { furtherEpochs: (furtherEpochs * share * less) / shareOfEpoch };
}

/**
 * The plan in so many rounds at most, which drop more units each. TrimLLM's later rounds drop half as many as its first ones, as
 * published; and no fewer rounds than its `inEpochs` epochs need, for none trains on a row twice.
 */
function inRounds(plan: TrimPlan, rounds: number, inEpochs: number, blocks: number): TrimPlan {
  const { recipe, trim } = plan;
  if (recipe !== "trimllm") {
    const units = blocks * unitsPerBlock[trim.unit];
    const needed = Math.ceil((units - unitsKept(plan, units)) / rounds);
    return { ...plan, trim: { ...trim, unitsPerRound: Math.max(trim.unitsPerRound, needed) } };
  }
  let found = plan;
  for (let unitsPerRound = trim.unitsPerRound + 1; roundsOf(found, blocks) > rounds; unitsPerRound++) {
    const laterUnitsPerRound = Math.floor(unitsPerRound / 2);
    const faster = { ...plan, trim: { ...trim, unitsPerRound, laterUnitsPerRound } };
    if (epochsOf(faster, blocks) < inEpochs) break;
    found = faster;
  }
  return found;
}

/** The depths on the way that are healed: those of the plan, or, where rounds end with others, the nearest. */
function healedDepths(plan: TrimPlan, scaled: TrimPlan, blocks: number): number[] {
  if (scaled.trim.unitsPerRound === plan.trim.unitsPerRound) return plan.heal.depths;
  const onTheWay = roundEnds(plan, blocks).slice(0, -1);
  const healed = plan.heal.depths.filter((units) => onTheWay.includes(units));
  return nearestEnds(roundEnds(scaled, blocks), healed);
}
