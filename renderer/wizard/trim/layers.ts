/** A run's model as the layer map shows it, derived from its rounds. */
import type { Round, RunDetail } from "../../../preload/contract/calls/runs.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { unitsPerBlock } from "../../../preload/contract/plans/plan.ts";
import type { UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { Block, Half } from "../../components/blocks.ts";

/** `layers` and `sections` are those of the original model. */
export interface Layers extends Pick<ModelReport, "layers" | "sections"> {
  readonly unit: UnitKind;
  readonly rounds: readonly Round[];
  /** The unit that is being scored. */
  readonly testing?: number | null | undefined;
  /** Remaining units, to show another depth than the last round's. */
  readonly kept?: readonly number[] | undefined;
}

/** A run's original model of `units` units; one that is no longer known had whole blocks. */
export const wholeOf = ({ model, plan }: Pick<RunDetail, "model" | "plan">, units: number) =>
  model?.report ?? { layers: units / unitsPerBlock[plan.trim.unit] };

/** All blocks starting at the input, each half with its importance if scored and whether it is cut. */
export function blocksOf({ unit, rounds, testing, kept, ...model }: Layers): Block[] {
  const importance = new Map<number, number>();
  const cutIn = new Map<number, number>();
  for (const { round, scores, dropped } of rounds) {
    for (const [scored, share] of importancesOf(scores)) importance.set(scored, share);
    for (const gone of dropped ?? []) cutIn.set(gone, round);
  }
  const isCut = (index: number) => (kept ? !kept.includes(index) : cutIn.has(index));
  const half = (index: number, isThere: boolean): Half => ({
    importance: importance.get(index),
    cut: !isThere || isCut(index),
  });

  return sectionsIn(model).map((section, block) => {
    const [attention, mlp] = unit === "block" ? [block, block] : [2 * block, 2 * block + 1];
    const halves = { attention: half(attention, section !== "mlp"), mlp: half(mlp, section !== "attention") };
    const gone = halves.attention.cut && halves.mlp.cut;
    const round = Math.max(cutIn.get(attention) ?? 0, cutIn.get(mlp) ?? 0);
    return {
      number: block + 1,
      ...halves,
      ...(gone && round > 0 ? { round } : {}),
      testing: testing === attention || testing === mlp,
    };
  });
}

/** The number of remaining units after the rounds so far. */
export function unitsLeft(total: number, rounds: readonly Round[]): number {
  return total - rounds.reduce((sum, { dropped }) => sum + (dropped?.length ?? 0), 0);
}

/**
 * Scores are losses without the unit, and differ by orders of magnitude. The distance above the smallest, relative to the median
 * distance, maps to 0 for the least needed unit, one half for the median, and nearly 1 for indispensable ones.
 */
function importancesOf(scores: Round["scores"]): [unit: number, importance: number][] {
  if (scores.length === 0) return [];
  const sorted = scores.map(({ score }) => score).sort((a, b) => a - b);
  const least = sorted[0]!;
  const middle = Math.max(1e-9, sorted[sorted.length >> 1]! - least);
  return scores.map(({ unit, score }) => {
    const above = score - least;
    return [unit, Number.isFinite(above) ? above / (above + middle) : 1];
  });
}
