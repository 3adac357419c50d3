/** The conclusions of a comparison, and the lines of its chart. */
import type { Compared, ComparedModel, ComparedRun } from "../../preload/contract/calls/compare.ts";
import { runSeries } from "../components/series.ts";
import type { Series } from "../components/series.ts";
import { mayBeRecommended } from "../../preload/contract/results/verdict.ts";
import { differenceOf, changeOf } from "../../preload/contract/results/versus.ts";
import type { Difference, Change } from "../../preload/contract/results/versus.ts";

export type Axis = "depth" | "speed" | "memory";
export type Measure = "accuracy" | "perplexity";

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly interval: readonly [number, number] | null;
}

export interface Line {
  readonly name: string;
  readonly series: Series;
  readonly points: readonly Point[];
}

/** A run's result compared with the most accurate one. */
export interface AgainstBest {
  readonly model: ComparedModel;
  readonly difference: Difference;
  readonly verdict: Change;
}

export interface Decision {
  readonly best: ComparedModel;
  /** The fastest of the models that did not clearly lose against the best; possibly the best itself. */
  readonly pick: ComparedModel;
  /** Whether all others clearly lost. */
  readonly alone: boolean;
  readonly others: readonly AgainstBest[];
}

/** The colour of a model: originals are grey everywhere, each run has its own. */
export function seriesOf({ runs }: Compared, { run, subject }: ComparedModel): Series {
  if (subject === "base") return "original";
  if (subject !== "trimmed") return subject;
  return seriesOfRun(runs, run);
}

export function seriesOfRun(runs: readonly ComparedRun[], id: string): Series {
  return runSeries[runs.findIndex((run) => run.id === id)]!;
}

/** The recommended run, among those that are of use; null without answers to the same questions. */
export function decisionOf({ models, pairs }: Compared): Decision | null {
  const results = models.filter(
    ({ subject, accuracy, verdict }) =>
      subject === "trimmed" && accuracy && verdict && mayBeRecommended(verdict),
  );
  const [best] = [...results].sort((a, b) => b.accuracy!.value - a.accuracy!.value);
  if (!best || pairs.length === 0) return null;
  const others = results.flatMap((model): AgainstBest[] => {
    const pair = pairs.find(
      ({ first, second }) =>
        (first === model.run && second === best.run) || (first === best.run && second === model.run),
    );
    if (!pair) return [];
    const { onlyFirst, onlySecond, p, questions } = pair;
    const won = pair.first === model.run;
    const test = won ? { onlyFirst, onlySecond, p } : { onlyFirst: onlySecond, onlySecond: onlyFirst, p };
    const difference = differenceOf(test, questions);
    return [{ model, difference, verdict: changeOf(difference) }];
  });
  if (others.length === 0) return null;
  const equal = others.filter(({ verdict }) => verdict !== "loss").map(({ model }) => model);
  const [pick] = [best, ...equal].sort((a, b) => (b.tokensPerSecond ?? 0) - (a.tokensPerSecond ?? 0));
  return { best, pick: pick!, alone: equal.length === 0, others };
}

/** Whether depth can be given in units: all runs cut the same kind of unit from the same number. */
export function sharesUnits({ runs }: Compared): boolean {
  return runs.every(({ unit, total }) => unit === runs[0]!.unit && total === runs[0]!.total);
}

/**
 * The lines of a chart of quality: if the axis is depth, one line per run with all its depths; otherwise one point per model. `nameOf`
 * names them; equal names are numbered.
 */
export function linesOf(
  compared: Compared,
  measure: Measure,
  axis: Axis,
  nameOf: (model: ComparedModel) => string,
): Line[] {
  const lines = axis === "depth" ? overDepth(compared, measure) : overCost(compared, measure, axis, nameOf);
  return lines.map((line, index) => {
    const before = lines.slice(0, index).filter(({ name }) => name === line.name).length;
    return before === 0 ? line : { ...line, name: `${line.name} (${before + 1})` };
  });
}

function overDepth(compared: Compared, measure: Measure): Line[] {
  const inUnits = sharesUnits(compared);
  return compared.runs.map(({ id, name, depths, total }) => {
    const at = new Map(
      depths.flatMap((depth): [number, Point][] => {
        const y = measure === "accuracy" ? depth.accuracy?.value : depth.perplexity;
        const x = inUnits ? depth.units : depth.units / total;
        const interval = measure === "accuracy" ? depth.accuracy : null;
        return y === undefined || y === null
          ? []
          : [[x, { x, y, interval: interval && [interval.low, interval.high] }]];
      }),
    );
    return {
      name,
      series: seriesOfRun(compared.runs, id),
      points: [...at.values()].sort((a, b) => a.x - b.x),
    };
  });
}

function overCost(
  compared: Compared,
  measure: Measure,
  axis: "speed" | "memory",
  nameOf: (model: ComparedModel) => string,
): Line[] {
  return compared.models.map((model) => {
    const x = axis === "speed" ? model.tokensPerSecond : model.chatMemoryBytes;
    const y = measure === "accuracy" ? (model.accuracy?.value ?? null) : model.perplexity;
    const interval = measure === "accuracy" ? model.accuracy : null;
    const point = { x: x!, y: y!, interval: interval && ([interval.low, interval.high] as const) };
    return {
      name: nameOf(model),
      series: seriesOf(compared, model),
      points: x === null || y === null ? [] : [point],
    };
  });
}
