/** From results to what a page says: recipes over their seeds, against the control, alone and pooled. */
import { mean } from "../../native-models/evaluation/statistics.ts";
import { CONTROL } from "./arms.ts";
import { correctOf } from "./results.ts";
import type { ArmResult, Measured, StudyModel, StudyResult, TunedResult } from "./results.ts";
import { averaged, differences, pairedBootstrap, spreadOf } from "./statistics.ts";
import type { Estimate } from "./statistics.ts";

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

  controlOf({ set, model, keep }: Omit<Group, "arm" | "results">): Group | null {
    return (
      this.groups.find(
        (group) => group.arm === CONTROL && group.set === set && group.model === model && group.keep === keep,
      ) ?? null
    );
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
    if (!control || group.arm === CONTROL) return null;
    const both = group.results.filter(({ seed }) => control.results.some((other) => other.seed === seed));
    const [own, other] = [both, control.results.filter(({ seed }) => both.some((one) => one.seed === seed))];
    const [mine, theirs] = [own, other].map((results) => this.#perQuestion(results, measure));
    return mine && theirs ? differences(mine, theirs) : null;
  }

  /** A measure of each question, averaged over seeds. */
  perQuestion({ results }: Group, measure: Measure): number[] | null {
    return this.#perQuestion(results, measure);
  }

  #perQuestion(results: readonly ArmResult[], measure: Measure): number[] | null {
    const runs = results.flatMap((result) => {
      const tuned = this.#tuned.find(
        ({ set, model, seed }) => set === result.set && model === result.model && seed === result.seed,
      );
      const values = tuned && measures[measure](lastOf(result).test, tuned);
      return values && values.length > 0 ? [values] : [];
    });
    return runs.length === 0 ? null : averaged(runs);
  }

  /** The differences to the control on all sets that count, each question once: a list for each set. */
  pooled(arm: string, keep: number, model: string): { sets: string[]; paired: number[][] } {
    const seen = new Set<string>();
    const sets: string[] = [];
    const paired: number[][] = [];
    for (const group of this.groups) {
      if (group.arm !== arm || group.keep !== keep || group.model !== model) continue;
      if (this.counts(group) !== true) continue;
      const own = this.againstControl(group, "accuracy");
      if (!own) continue;
      const { questions } = this.tunedOf(group)[0]!.data;
      sets.push(group.set);
      paired.push(own.filter((_, question) => !seen.has(questions[question]!)));
      for (const question of questions) seen.add(question);
    }
    return { sets, paired };
  }
}

/** `nll`: nats a row, in units of the mean row's tokens where rows are completions. */
export type Measure = "accuracy" | "nll";

const measures: Readonly<Record<Measure, (measured: Measured, tuned: TunedResult) => number[] | null>> = {
  accuracy: ({ correct }) => (correct === null ? null : correctOf(correct).map(Number)),
  nll({ nlls }, { data: { completionTokens, questions } }) {
    if (nlls === null) return null;
    if (questions.length > 0) return nlls.slice(0, questions.length);
    const tokens = mean(completionTokens);
    return nlls.map((nll) => nll / tokens);
  },
};

/** The model that an arm ends with. */
export const lastOf = ({ models }: ArmResult): StudyModel => models.at(-1)!;

/** The mean of a measure with its bootstrap interval over questions. */
export const estimateOf = (values: readonly number[]): Estimate => pairedBootstrap([values]);

/** How far answers to a question differ from the control's: what a detectable loss is computed from. */
export const spreadAgainst = (paired: readonly (readonly number[])[]): number => spreadOf(paired.flat());
