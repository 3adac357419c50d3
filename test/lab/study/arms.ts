/**
 * The recipes that a study compares. Each changes part of the plan or the loop, and begins with the same tuned model and its teacher,
 * unless it tunes itself.
 */
import type { Depth } from "../../../main/trimming/schedule/depth.ts";
import {
  dropAndTrain,
  heal,
  reached,
  trainControl,
  tunedModel,
} from "../../../main/trimming/schedule/trim.ts";
import type { TrimOperations } from "../../../main/trimming/schedule/operations.ts";
import type { Step } from "../../../main/trimming/schedule/step.ts";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import { FIELD_VOCABULARY } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";

export interface Arm {
  readonly name: string;
  /** A sentence for the table. */
  readonly about: string;
  /** How the plan differs from the default, `usual`, for a model of `blocks` blocks of which `kept` stay. */
  readonly settings?: (usual: TrimPlan, blocks: number, kept: number) => PlanPatch;
  /** The loop, if it is not the product's; returns the depths that it ends with. */
  readonly recipe?: (run: TrimOperations) => Step<readonly Depth[]>;
  /** Whether its tuning differs, so that it cannot begin with the shared tuned model. */
  readonly tunesItself?: boolean;
  /** The control that it is compared with where both are measured, if that is not the default's: the whole model trained on as many rows. */
  readonly control?: string;
}

/** The default recipe. */
export const COPPICE = "coppice";
/** The whole model trained on as many rows as the default recipe's result. */
export const CONTROL = "control";
/** The same for recipes that are trained for longer. */
export const LONGER_CONTROL = "longer-control";
/** Whether a recipe leaves the model whole, so that others are compared with it. */
export const isControl = (arm: string): boolean => arm === CONTROL || arm === LONGER_CONTROL;
/** Blocks dropped by one look at the model, without rounds. */
export const INFLUENCE_ONCE = "influence-once";

/** The most valuable first: a study with little time runs only these. */
export const ARMS: readonly Arm[] = [
  {
    name: COPPICE,
    about: "The default: rounds of scan, drop and training, distillation of final hidden states, healing",
  },
  {
    name: CONTROL,
    about: "The tuned whole model, trained on as many rows at a decaying rate",
    *recipe(run) {
      yield* tunedModel(run);
      return yield* controlled(run, rowsOfRounds(run) + healingRows(run));
    },
  },
  {
    name: INFLUENCE_ONCE,
    about: "One-shot block influence: all blocks dropped at once, then the same rows",
    settings: ({ trim: { unitsPerRound, rowsPerRound } }, blocks, kept) => {
      const rounds = Math.ceil((blocks - kept) / unitsPerRound);
      const trim = { unitsPerRound: blocks - kept, rowsPerRound: rowsPerRound * rounds };
      return { trim: { scorer: "influence", ...trim } };
    },
  },
  {
    name: "trimllm",
    about:
      "TrimLLM as published, with tuning of its own: full weights of a quarter of the half blocks, an epoch after each drop, no healing",
    settings: (_usual, _blocks, kept) => ({
      recipe: "trimllm",
      trim: { unit: "sublayer", keep: { units: 2 * kept } },
    }),
    tunesItself: true,
  },
  {
    name: "vocabulary",
    about: "The default with the vocabulary of the field, 16,384 tokens or those of its texts",
    settings: () => ({ vocabulary: FIELD_VOCABULARY }),
  },
  {
    name: "longer",
    about: "The default with twice as many epochs of healing, so with more rows than the control",
    settings: ({ heal }) => ({ heal: { epochs: 2 * heal.epochs } }),
    control: LONGER_CONTROL,
  },
  {
    name: LONGER_CONTROL,
    about: "The tuned whole model, trained on as many rows as longer",
    *recipe(run) {
      yield* tunedModel(run);
      return yield* controlled(run, rowsOfRounds(run) + 2 * healingRows(run));
    },
  },
  {
    name: "undistilled",
    about: "The default without a teacher",
    settings: () => ({ trim: { distillation: 0 } }),
  },
  {
    name: "tokens",
    about: "The default, taught the tuned model's likeliest tokens at answers as well",
    settings: () => ({ trim: { tokens: "answers" } }),
  },
  {
    name: "all-tokens",
    about: "The same at all tokens",
    settings: () => ({ trim: { tokens: "all" } }),
  },
  {
    name: "rewritten",
    about: "The default, trained on answers that the tuned model rewrote, where they say the same",
    settings: () => ({ methods: { rewriting: {} } }),
  },
  {
    name: "influence",
    about: "The default with block influence as its score",
    settings: () => ({ trim: { scorer: "influence" } }),
  },
  {
    name: "taylor",
    about: "The default with a first-order Taylor score",
    settings: () => ({ trim: { scorer: "taylor" } }),
  },
  {
    name: "sublayers",
    about: "The default with half blocks as units",
    settings: ({ trim: { unitsPerRound } }, _, kept) => ({
      trim: { unit: "sublayer", keep: { units: 2 * kept }, unitsPerRound: 2 * unitsPerRound },
    }),
  },
  {
    name: "f32",
    about: "The default, its frozen weights stored and multiplied in f32",
    settings: ({ base }) => ({ base: { ...base, storage: "f32" } }),
    tunesItself: true,
  },
  {
    name: "w8a8",
    about: "The default, its frozen weights stored and multiplied in int8",
    settings: ({ base }) => ({ base: { ...base, storage: "w8a8" } }),
    tunesItself: true,
  },
];

/** The rows of the default's rounds. */
function rowsOfRounds({ plan: { trim }, unitsLeft, target }: TrimOperations): number {
  return Math.ceil((unitsLeft - target) / trim.unitsPerRound) * trim.rowsPerRound;
}

const healingRows = ({ plan: { heal }, trainingRows }: TrimOperations): number => heal.epochs * trainingRows;

/** The tuned model, trained on `rows` rows. */
function* controlled(run: TrimOperations, rows: number): Step<readonly Depth[]> {
  const control = yield* trainControl(run, rows);
  return control ? [control] : [];
}

/**
 * The product's loop, with the same bits, but only its healed depth is measured: what rounds end with is compared with nothing, and
 * measuring it takes as long as training it.
 */
export function* healedAlone(run: TrimOperations): Step<readonly Depth[]> {
  yield* tunedModel(run);
  for (let round = 1; run.unitsLeft > run.target; round++) yield* dropAndTrain(run, round);
  yield* heal(run, "heal");
  return [yield* reached(run, { name: "healed", healed: true }, "trimmed")];
}
