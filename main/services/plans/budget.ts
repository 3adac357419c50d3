/** A plan that is done within a person's time: fewer rounds, rows and epochs, or more of them, by what a probe measured. */
import { fail } from "../../../native-models/failure.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Probe } from "../../../preload/contract/probe.ts";
import type { PlannedStage } from "../../../preload/contract/schedule.ts";
import { scheduleOf, unitsKept } from "../../engine/schedule/planned-run.ts";
import { rowsOfRound } from "../../engine/schedule/trim.ts";
import { nearestEnds, roundEnds } from "./round-ends.ts";
import { runSeconds, stageSeconds } from "./run-seconds.ts";
import { unitsPerBlock } from "../../../preload/contract/plan.ts";

export interface Fitted {
  /** With its `budget`. */
  readonly plan: TrimPlan;
  /** Of the training that the plan without a budget would do. */
  readonly share: number;
  readonly rounds: number;
  readonly rowsPerRound: number;
  readonly seconds: number;
}

/** The shares of a plan's training that are tried, from the most. More than all of it is in rounds and healing, not in tuning. */
const SHARES = Array.from({ length: 48 }, (_, step) => 2 * 0.92 ** step);

/** The failure where not even the least share of a plan's training is done within `seconds`. */
export const tooLittleTime = (seconds: number): never =>
  fail({ code: "too-little-time", seconds, share: SHARES.at(-1)! });

/** A scan of fewer rows says too little. */
const FEWEST_CALIBRATION_ROWS = 16;

/**
 * The most of a plan that the expected time, with its margin, allows; null if even the least takes longer. `seconds`: all that a run
 * does, measuring and the export included.
 */
export function fitted(plan: TrimPlan, probe: Probe, seconds: number): Fitted | null {
  for (const tried of SHARES) {
    const share = Math.min(tried, mostOf(plan));
    const scaled = scaledBy(plan, share, probe.blocks);
    const { likely, high } = runSeconds(scaled, probe);
    if (high > seconds) continue;
    const budget = budgetOf(scaled, probe, seconds);
    const rounds = roundsOf(scaled, probe.blocks);
    const rowsPerRound = rowsOfRound({ plan: scaled, trainingRows: probe.tokens.trainingRows });
    return { plan: { ...scaled, budget }, share, rounds, rowsPerRound, seconds: likely };
  }
  return null;
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
    tune: { ...scaled.tune, share: shareOfEpoch },
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

/** When each part of a run has to be over, so that what follows still fits. */
function budgetOf(plan: TrimPlan, probe: Probe, seconds: number): NonNullable<TrimPlan["budget"]> {
  const { stages } = scheduleOf(plan, probe.blocks, { tokens: probe.tokens });
  const slack = seconds / stages.reduce((sum, stage) => sum + stageSeconds(stage, probe), 0);
  /** At the planned end of the last of those stages, if all take the same share longer. */
  const endOf = (isPart: (stage: PlannedStage) => boolean): number => {
    const last = stages.findLastIndex(isPart);
    return slack * stages.slice(0, last + 1).reduce((sum, stage) => sum + stageSeconds(stage, probe), 0);
  };
  return {
    seconds,
    tunedBy: endOf(({ phase }) => phase === "tune"),
    cutBy: endOf(({ round }) => round !== null),
    healedBy: Object.fromEntries(
      stages
        .filter(({ phase }) => phase === "heal")
        .map((stage) => [stage.name, endOf((one) => one === stage)]),
    ),
  };
}
