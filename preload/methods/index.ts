/** All methods, in the order in which a run uses them: the prompt is trained on the bits. */
import type { Precision } from "../../native-models/inference/precision.ts";
import type { TrimPlan } from "../contract/plans/plan.ts";
import type { Phase } from "../contract/runs/run.ts";
import { accuracyNorm } from "./accuracy-norm.ts";
import { influence } from "./influence.ts";
import type { ChangeSpec, ScorerSpec } from "./method.ts";
import { mixedBits } from "./mixed-bits.ts";
import { nllHalving } from "./nll-halving.ts";
import { random } from "./random.ts";
import { recoveryPrompt } from "./recovery-prompt.ts";
import { rewriting } from "./rewriting.ts";
import { taylor } from "./taylor.ts";

/** Those that change rows or chat. */
export const changes: readonly ChangeSpec[] = [rewriting, mixedBits, recoveryPrompt];

/** The method that is at work in a phase of a run, if one is. */
export const methodOfPhase = (phase: Phase): ChangeSpec | undefined =>
  changes.find(({ id }) => phase === `method ${id}`);

/** What a plan needs for a method, as sentences. */
export const needsText = ({ text: { en, de } }: ChangeSpec) => ({
  en: `${en.name} cannot be used: ${en.needs}.`,
  de: `${de.name}: ${de.needs}.`,
});

/** Those that score units, of which a plan has one. */
export const scorers: readonly ScorerSpec[] = [nllHalving, accuracyNorm, influence, taylor, random];

/** Whether a scorer counts right answers. */
export const countsAnswers = (scorer: string): boolean =>
  scorers.find(({ id }) => id === scorer)?.countsAnswers ?? false;

/** Whether the likelihood of answers decided although the scorer counts right answers, because there were no choices to count. */
export const likelihoodDecided = (
  scorer: string,
  scores: readonly { readonly accuracy: number | null }[],
): boolean => countsAnswers(scorer) && scores.some(({ accuracy }) => accuracy === null);

/** A method of a plan, with its settings. */
export interface UsedMethod {
  readonly spec: ChangeSpec;
  readonly settings: object;
}

/** The methods that a plan uses, of one kind or of all. Throws a ZodError if its settings are not theirs. */
export const usedMethods = (
  { methods }: Pick<TrimPlan, "methods">,
  kind?: ChangeSpec["kind"],
): UsedMethod[] =>
  changes
    .filter((spec) => methods[spec.id] !== undefined && (kind ?? spec.kind) === spec.kind)
    .map((spec) => ({ spec, settings: spec.settings.parse(methods[spec.id]) }));

/** Those of some methods that can be used with chat weights of this precision; null: of any. */
export const applicable = (
  methods: TrimPlan["methods"],
  precision: Precision | null,
): TrimPlan["methods"] => {
  const unfit = changes.filter(({ applies }) => applies && (precision === null || !applies(precision)));
  return Object.fromEntries(
    Object.entries(methods).filter(([known]) => unfit.every(({ id }) => id !== known)),
  );
};

/** How a plan's chat models are stored, for estimates. `raisedShare`: what methods add, as a share of the bytes of all blocks in int4. */
export const chatStorageOf = (
  plan: Pick<TrimPlan, "chat" | "methods">,
): { readonly precision: Precision | undefined; readonly raisedShare: number } => ({
  precision: plan.chat.precision,
  raisedShare: usedMethods(plan).reduce(
    (sum, { spec, settings }) => sum + (spec.moreBytes?.(settings) ?? 0),
    0,
  ),
});

/** The main setting of a method, as a field shows it. */
export function mainSetting({ settings, main }: ChangeSpec): {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
} {
  const usual = (settings.parse({}) as Record<string, number>)[main]!;
  const { minValue, maxValue, isInt } = (
    settings.shape[main] as unknown as {
      unwrap(): { minValue: number | null; maxValue: number | null; isInt: boolean };
    }
  ).unwrap();
  return { usual, min: minValue ?? 0, max: maxValue ?? Infinity, whole: isInt };
}
