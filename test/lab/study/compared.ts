/** Turns results into what the page says: recipes over their seeds, compared with the control, on single sets and pooled. */
import type { Estimate } from "../../../native-models/evaluation/bootstrap.ts";
import { mean, sum } from "../../../native-models/evaluation/statistics.ts";
import { ARMS, CONTROL, isControl } from "./arms.ts";
import { correctOf } from "./results.ts";
import type { ArmResult, InChat, Measured, StudyModel, StudyResult, TunedResult } from "./results.ts";
import { hasTwoChoices, withAllRows } from "./sets.ts";
import { addSpent, NOTHING_SPENT } from "./spent.ts";
import type { Spent } from "./spent.ts";
import { averaged, bestTemperature, differences, pairedBootstrap, tempered } from "./statistics.ts";

/** A recipe at a depth, on a set with a model, over all its seeds. */
export interface Group {
  readonly set: string;
  readonly model: string;
  readonly arm: string;
  readonly keep: number;
  readonly results: readonly ArmResult[];
}

export class Results {
  readonly #tuned: readonly TunedResult[];
  readonly #arms: readonly ArmResult[];

  /** Throws where results of a set have different questions, as after a new version of the set: rows are paired by position. */
  constructor(results: readonly StudyResult[]) {
    this.#tuned = results.filter((result) => result.kind === "tuned");
    this.#arms = results.filter((result) => result.kind === "arm");
    const asked = new Map<string, string>();
    for (const { set, data } of this.#tuned) {
      const questions = data.questions.join();
      if ((asked.get(set) ?? questions) !== questions)
        throw new Error(`Results of ${set} are about different test questions: remove those of one version.`);
      asked.set(set, questions);
    }
  }

  get arms(): readonly ArmResult[] {
    return this.#arms;
  }

  get groups(): Group[] {
    const keyOf = ({ set, model, arm, keep }: ArmResult) => `${set} ${model} ${arm} ${keep}`;
    return [...new Set(this.#arms.map(keyOf))].map((key) => {
      const results = this.#arms.filter((result) => keyOf(result) === key);
      const { set, model, arm, keep } = results[0]!;
      return { set, model, arm, keep, results };
    });
  }

  tunedOf({ set, model }: { set: string; model: string }): TunedResult[] {
    return this.#tuned.filter((result) => result.set === set && result.model === model);
  }

  groupOf({ set, model, arm, keep }: Omit<Group, "results">): Group | null {
    return (
      this.groups.find(
        (group) => group.arm === arm && group.set === set && group.model === model && group.keep === keep,
      ) ?? null
    );
  }

  /** The whole model trained on as many rows as a recipe; where that is not measured, as many as the default. Null for a control. */
  controlOf({ set, model, keep, arm }: Omit<Group, "results">): Group | null {
    if (isControl(arm)) return null;
    const { control = CONTROL } = ARMS.find(({ name }) => name === arm) ?? {};
    const usual = () => this.groupOf({ set, model, arm: CONTROL, keep });
    return this.groupOf({ set, model, arm: control, keep }) ?? usual();
  }

  /**
   * Whether a set counts for accuracy with a model: with each seed, the interval of the tuned whole model lies above the best
   * constant answer. Null without questions, or without a tuned model.
   */
  counts(of: { set: string; model: string }): boolean | null {
    const tuned = this.tunedOf(of);
    const checks = tuned.flatMap(({ data: { bestConstant }, models }) => {
      const accuracy = models.find(({ subject }) => subject === "tuned")!.test.accuracy;
      return bestConstant === null || accuracy === null ? [] : [accuracy.low > bestConstant];
    });
    return checks.length === 0 ? null : checks.every(Boolean);
  }

  /** Each question's gain over other results, averaged over the seeds that both have; null where there are none. */
  against(own: readonly Seeded[], others: readonly Seeded[], measure: Measure): number[] | null {
    return overSeeds(this.bySeed(own, others, measure));
  }

  /** Each question's gain over other results, for each seed with which both have the outcomes of their rows. */
  bySeed(
    own: readonly Seeded[],
    others: readonly Seeded[],
    measure: Measure,
    split: Split = "test",
  ): SeedGains[] {
    return own.flatMap((result) => {
      const other = others.find(({ seed }) => seed === result.seed);
      const [mine, theirs] = [result, other].map((one) => one && valuesOf(one, measure, split));
      return mine && theirs ? [{ seed: result.seed, gains: differences(mine, theirs) }] : [];
    });
  }

  /** The time a recipe took, including its tuning, which most recipes share: the mean over its seeds. */
  spentOn({ results, ...of }: Group): Spent {
    const { tunesItself = false } = ARMS.find(({ name }) => name === of.arm) ?? {};
    const seeds = results.map(({ seed }) => seed);
    const tuned = tunesItself ? [] : this.tunedOf(of).filter(({ seed }) => seeds.includes(seed));
    return addSpent(meanSpent(results), meanSpent(tuned));
  }

  /** A measure of each question, averaged over seeds; null where a seed lacks it. */
  perQuestion(
    { results }: { readonly results: readonly Ended[] },
    measure: Measure,
    split: Split = "test",
  ): number[] | null {
    const runs = results.flatMap((result) => {
      const values = valuesOf(result, measure, split);
      return values ? [values] : [];
    });
    return runs.length === 0 || runs.length < results.length ? null : averaged(runs);
  }

  /**
   * The gains over the control on all sets that count, each question once: a question that several sets share has the mean over their
   * models. A set with all rows takes the place of the one that draws some. Sets on which the control was trained on fewer rows are left out.
   */
  pooled(arm: string, keep: number, model: string): Pool {
    const measured = (group: Group | null): MeasuredSet[] => {
      const control = group && this.counts(group) === true ? this.controlOf(group) : null;
      if (!group || !control || isShorter(control, group)) return [];
      const bySeed = this.bySeed(group.results, control.results, "accuracy");
      return bySeed.length > 0 ? [{ group, control, bySeed }] : [];
    };
    const sets = this.groups.flatMap((group) => {
      if (group.arm !== arm || group.keep !== keep || group.model !== model) return [];
      const whole = withAllRows(group.set);
      const instead = whole === undefined ? null : this.groupOf({ ...group, set: whole });
      return measured(instead).length > 0 ? [] : measured(group);
    });
    const questions = new Map<string, { sets: string[]; gains: number[] }>();
    for (const { group, bySeed } of sets) {
      const gains = overSeeds(bySeed)!;
      for (const [place, key] of this.tunedOf(group)[0]!.data.questions.entries()) {
        const one = questions.get(key) ?? { sets: [], gains: [] };
        questions.set(key, one);
        one.sets = [...new Set([...one.sets, group.set])];
        one.gains.push(gains[place]!);
      }
    }
    return {
      sets,
      questions: [...questions.values()].map(({ sets: of, gains }) => ({
        sets: of.join(", "),
        gain: mean(gains),
      })),
    };
  }
}

/** What sets show together, with all seeds that a recipe and its control share. */
interface Pool {
  readonly sets: readonly MeasuredSet[];
  /** Each question once. */
  readonly questions: readonly PooledQuestion[];
}

interface MeasuredSet {
  readonly group: Group;
  readonly control: Group;
  /** The gains of all its questions. */
  readonly bySeed: readonly SeedGains[];
}

/** A question, averaged over the seeds of a set, then over the sets that have it. */
interface PooledQuestion {
  /** The names of the sets that have it. */
  readonly sets: string;
  readonly gain: number;
}

/** Each question's gain with one seed. */
interface SeedGains {
  readonly seed: number;
  readonly gains: readonly number[];
}

const overSeeds = (bySeed: readonly SeedGains[]): number[] | null =>
  bySeed.length === 0 ? null : averaged(bySeed.map(({ gains }) => gains));

function meanSpent(results: readonly { readonly spent: Spent }[]): Spent {
  const { wallSeconds, processorSeconds } = results.reduce(
    (sum, { spent }) => addSpent(sum, spent),
    NOTHING_SPENT,
  );
  const count = Math.max(1, results.length);
  return { wallSeconds: wallSeconds / count, processorSeconds: processorSeconds / count };
}

/**
 * `nll`: nats per question; of completions, nats per token, in values whose mean is that of all tokens. `calibrated`: the same for questions with
 * two choices, at the temperature that is best for the model's validation questions.
 */
export type Measure = "accuracy" | "nll" | "calibrated";

const measures: Readonly<Record<Measure, (measured: Measured, of: Ended) => number[] | null>> = {
  accuracy: ({ correct }) => (correct === null ? null : correctOf(correct).map(Number)),
  nll: nllsOf,
  calibrated(measured, of) {
    const [nlls, temperature] = [nllsOf(measured), temperatureOf(of)];
    return nlls && temperature !== null ? tempered(nlls, temperature) : null;
  },
};

/** Null where the rows' outcomes are missing, or there are none of this kind. */
function valuesOf(result: Ended, measure: Measure, split: Split): number[] | null {
  const measured = lastOf(result)[split];
  const values = measured && measures[measure](measured, result);
  return values && values.length > 0 ? values : null;
}

/** The temperature that is best for the validation questions of a result's last model; null where their outcomes are missing, or some have more choices than two. */
function temperatureOf(result: Ended): number | null {
  const { valid } = lastOf(result);
  const nlls = valid?.correct && hasTwoChoices(result.set) ? nllsOf(valid) : null;
  return nlls && nlls.length > 0 ? bestTemperature(nlls) : null;
}

/** Nats per question, or per token of completions, in values whose mean is that of all tokens; null where the rows' outcomes are missing. */
function nllsOf({ correct, nlls, textTokens }: Measured): number[] | null {
  if (correct === null || nlls === null || textTokens === null) return null;
  if (correct.length > 0) return nlls.slice(0, correct.length);
  const [perToken, tokens] = [sum(nlls) / sum(textTokens), mean(textTokens)];
  // A ratio of two sums, linearised, so that its interval is not widened by rows of different lengths.
  return nlls.map((nll, row) => perToken + (nll - perToken * textTokens[row]!) / tokens);
}

/** Whether a control was trained on fewer rows than what is compared with it, so that it shows nothing but a loss. */
function isShorter(control: Group, { results }: Group): boolean {
  const rowsOf = ({ rowsAfterTuning }: ArmResult) => Math.round(rowsAfterTuning);
  return Math.min(...control.results.map(rowsOf)) < Math.max(...results.map(rowsOf));
}

/** The rows that a measure is taken over. */
type Split = "test" | "valid";

/** A result whose last model counts: the tuned model, or what an arm ended with. */
type Ended = Pick<ArmResult | TunedResult, "set" | "models">;

/** A result with its seed. */
type Seeded = Ended & Pick<ArmResult, "seed">;

export const lastOf = ({ models }: Pick<Ended, "models">): StudyModel => models.at(-1)!;

/** What was measured of a recipe's last models as they will run. */
const chatsOf = ({ results }: Group): InChat[] => results.flatMap((result) => lastOf(result).chat ?? []);

/** The size in chat of a recipe's models, in bytes, on whichever set it was measured: it depends on the blocks that stay, not on the set. */
export function sizeOf(
  results: Results,
  { model, arm, keep }: Omit<Group, "set" | "results">,
): number | null {
  const alike = results.groups.filter(
    (group) => group.model === model && group.arm === arm && group.keep === keep,
  );
  return alike.flatMap(chatsOf)[0]?.sizeBytes ?? null;
}

/** The mean of a measure with its bootstrap interval over questions. */
export const estimateOf = (values: readonly number[]): Estimate => pairedBootstrap([values]);

/** The same for gains, after averaging each question's over the seeds. */
export const estimateOverSeeds = (bySeed: readonly SeedGains[]): Estimate =>
  estimateOf(averaged(bySeed.map(({ gains }) => gains)));
