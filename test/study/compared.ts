/** From results to what a page says: recipes over their seeds, against the control, alone and pooled. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { ARMS, CONTROL } from "./arms.ts";
import { correctOf } from "./results.ts";
import type { ArmResult, Measured, StudyModel, StudyResult, TunedResult } from "./results.ts";
import { addSpent, NOTHING_SPENT } from "./spent.ts";
import type { Spent } from "./spent.ts";
import { averaged, differences, pairedBootstrap } from "./statistics.ts";

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

  constructor(results: readonly StudyResult[]) {
    this.#tuned = results.filter((result) => result.kind === "tuned");
    this.#arms = results.filter((result) => result.kind === "arm");
  }

  get tuned(): readonly TunedResult[] {
    return this.#tuned;
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

  controlOf({ set, model, keep }: Omit<Group, "arm" | "results">): Group | null {
    return this.groupOf({ set, model, arm: CONTROL, keep });
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

  /** Each question's gain over the control, averaged over the seeds that both have; null where there is none to compare. */
  againstControl(group: Group, measure: Measure): number[] | null {
    const control = this.controlOf(group);
    return !control || group.arm === CONTROL ? null : this.against(group.results, control.results, measure);
  }

  /** Each question's gain over other results on it, averaged over the seeds that both have; null where there is none to compare. */
  against(own: readonly Seeded[], others: readonly Seeded[], measure: Measure): number[] | null {
    const isShared = ({ seed }: Seeded) =>
      [own, others].every((results) => results.some((result) => result.seed === seed));
    const [mine, theirs] = [own, others].map((all) =>
      this.perQuestion({ results: all.filter(isShared) }, measure),
    );
    return mine && theirs ? differences(mine, theirs) : null;
  }

  /** What a recipe took with its tuning, which most share: the mean over its seeds. */
  spentOn({ results, ...of }: Group): Spent {
    const { tunesItself = false } = ARMS.find(({ name }) => name === of.arm) ?? {};
    const seeds = results.map(({ seed }) => seed);
    const tuned = tunesItself ? [] : this.tunedOf(of).filter(({ seed }) => seeds.includes(seed));
    return addSpent(meanSpent(results), meanSpent(tuned));
  }

  /** A measure of each question, averaged over seeds. */
  perQuestion({ results }: { readonly results: readonly Ended[] }, measure: Measure): number[] | null {
    const runs = results.flatMap((result) => {
      const values = measures[measure](lastOf(result).test);
      return values && values.length > 0 ? [values] : [];
    });
    return runs.length === 0 ? null : averaged(runs);
  }

  /** The differences to the control on all sets that count, each question once: a list for each set, and its group. */
  pooled(arm: string, keep: number, model: string): { sets: string[]; groups: Group[]; paired: number[][] } {
    const seen = new Set<string>();
    const isFirst = (question: string) => !seen.has(question) && seen.add(question);
    const groups: Group[] = [];
    const paired: number[][] = [];
    for (const group of this.groups) {
      if (group.arm !== arm || group.keep !== keep || group.model !== model) continue;
      if (this.counts(group) !== true) continue;
      const own = this.againstControl(group, "accuracy");
      if (!own) continue;
      const { questions } = this.tunedOf(group)[0]!.data;
      groups.push(group);
      paired.push(own.filter((_, index) => isFirst(questions[index]!)));
    }
    return { sets: groups.map(({ set }) => set), groups, paired };
  }
}

function meanSpent(results: readonly { readonly spent: Spent }[]): Spent {
  const { wallSeconds, processorSeconds } = results.reduce(
    (sum, { spent }) => addSpent(sum, spent),
    NOTHING_SPENT,
  );
  const count = Math.max(1, results.length);
  return { wallSeconds: wallSeconds / count, processorSeconds: processorSeconds / count };
}

/** `nll`: nats a row, in units of the mean row's tokens where rows are completions. */
export type Measure = "accuracy" | "nll";

const measures: Readonly<Record<Measure, (measured: Measured) => number[] | null>> = {
  accuracy: ({ correct }) => (correct === null ? null : correctOf(correct).map(Number)),
  nll({ correct, nlls, textTokens }) {
    if (correct === null || nlls === null || textTokens === null) return null;
    if (correct.length > 0) return nlls.slice(0, correct.length);
    const tokens = mean(textTokens);
    return nlls.map((nll) => nll / tokens);
  },
};

/** A result of which the last model counts: the tuned one, or that of an arm. */
type Ended = Pick<ArmResult | TunedResult, "models">;

/** One of several seeds. */
type Seeded = Ended & Pick<ArmResult, "seed">;

export const lastOf = ({ models }: Ended): StudyModel => models.at(-1)!;

/** The mean of a measure with its bootstrap interval over questions. */
export const estimateOf = (values: readonly number[]): Estimate => pairedBootstrap([values]);
