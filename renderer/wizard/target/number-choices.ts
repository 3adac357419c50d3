/** The numbers of training and trimming that can be chosen, in the order in which they are shown. */
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Messages } from "../../messages/en.ts";

type Texts = Messages["target"];
/** A text that has a hint, such as `epochs` with `epochsHint`. */
type Name = {
  [Key in keyof Texts & string]: Texts extends Record<Key | `${Key}Hint`, string> ? Key : never;
}[keyof Texts & string];

interface NumberChoice {
  /** The name of its label among the messages. */
  readonly name: Name;
  /** Sets it in a plan. */
  readonly patch: (value: number) => PlanPatch;
  /** Its value in a plan. */
  readonly of: (plan: TrimPlan) => number;
  readonly min: number;
  readonly max: number;
  /** Whether only integers are accepted; they are by default. */
  readonly whole?: false;
}

/** A plan that is made for a time has epochs of any length. */
const inThousandths = (epochs: number) => Math.round(1000 * epochs) / 1000;

const NUMBER_CHOICES: readonly NumberChoice[] = [
  {
    name: "learningRate",
    patch: (learningRate) => ({ optimizer: { learningRate } }),
    of: ({ optimizer }) => optimizer.learningRate,
    min: 1e-7,
    max: 0.1,
    whole: false,
  },
  {
    name: "epochs",
    patch: (maxEpochs) => ({ tune: { maxEpochs } }),
    of: ({ tune }) => tune.maxEpochs,
    min: 0,
    max: 50,
  },
  {
    name: "healEpochs",
    patch: (epochs) => ({ heal: { epochs } }),
    of: ({ heal }) => inThousandths(heal.epochs),
    min: 0,
    max: 50,
    whole: false,
  },
  {
    name: "perRound",
    patch: (unitsPerRound) => ({ trim: { unitsPerRound } }),
    of: ({ trim }) => trim.unitsPerRound,
    min: 1,
    max: 16,
  },
  {
    name: "rowsPerRound",
    patch: (rowsPerRound) => ({ trim: { rowsPerRound } }),
    of: ({ trim }) => trim.rowsPerRound,
    min: 0,
    max: 1e5,
  },
  {
    name: "calibrationRows",
    patch: (calibrationRows) => ({ trim: { calibrationRows } }),
    of: ({ trim }) => trim.calibrationRows,
    min: 1,
    max: 1e5,
  },
  {
    name: "distillation",
    patch: (distillation) => ({ trim: { distillation } }),
    of: ({ trim }) => trim.distillation,
    min: 0,
    max: 100,
    whole: false,
  },
  {
    name: "maxTokens",
    patch: (maxTokens) => ({ maxTokens }),
    of: ({ maxTokens }) => maxTokens,
    min: 16,
    max: 32_768,
  },
  {
    name: "rowsPerStep",
    patch: (rowsPerStep) => ({ optimizer: { rowsPerStep } }),
    of: ({ optimizer }) => optimizer.rowsPerStep,
    min: 1,
    max: 1024,
  },
];

/** The numbers that a plan uses: a round of TrimLLM takes all rows. */
export const numberChoices = ({ recipe }: Pick<TrimPlan, "recipe">): readonly NumberChoice[] =>
  recipe === "trimllm" ? NUMBER_CHOICES.filter(({ name }) => name !== "rowsPerRound") : NUMBER_CHOICES;
