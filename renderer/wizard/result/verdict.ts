/** What the figures support about a depth, and no more: from paired answers, intervals and baselines. */
import type { Verdict } from "../../../preload/contract/runs/verdicts.ts";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../preload/contract/runs/run.ts";

/** A depth of a run: the fine-tuned model, then those of its rounds, then the healed one. */
export interface OfferedDepth {
  /** As used by `runs.export` and `runs.answers`. */
  readonly name: string;
  readonly units: number;
  readonly keptIndices: readonly number[];
  readonly healed: boolean;
  readonly metrics: ModelMetrics;
  /** Compared with the fine-tuned model at full depth; null for itself and without questions. */
  readonly versusTuned: DepthMetrics["versusTuned"];
  /** Compared with the whole model trained on at least as many rows; only for healed depths of runs with a control. */
  readonly versusControl?: DepthMetrics["versusControl"];
  readonly textsVersusControl?: DepthMetrics["textsVersusControl"];
  /** Texts and generated answers, compared with the fine-tuned model. */
  readonly textsVersusTuned?: DepthMetrics["textsVersusTuned"];
}

export function offeredDepths({ units, metrics }: TrimOutcome): OfferedDepth[] {
  const all = units.indices ?? Array.from({ length: units.total }, (_, index) => index);
  const whole = { name: "tuned", units: units.total, keptIndices: all, healed: false, versusTuned: null };
  return [
    { ...whole, metrics: metrics.tuned },
    ...metrics.depths.map((depth) => ({ ...depth, metrics: depth })),
  ];
}

/** Whether a run cut to several depths and healed only the last one; false if others were healed too, or if the recipe heals none. */
export function isOnlyLastHealed([, ...cut]: readonly OfferedDepth[]): boolean {
  return cut.length > 1 && cut.every(({ healed }, index) => healed === (index === cut.length - 1));
}

/** How a verdict is marked. */
export const verdictKinds = {
  ready: "good",
  "with-care": "warn",
  "too-few": "info",
  "not-yet": "warn",
  "no-use": "warn",
} as const satisfies Record<Verdict, string>;
