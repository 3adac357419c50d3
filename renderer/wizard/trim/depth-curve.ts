/** Quality against depth: the data for the chart of a run's measured depths. */
import type { RunEvaluation } from "../../../preload/contract/calls/runs.ts";
import type { Series } from "../../../preload/contract/results/series.ts";
import type { Accuracy, Subject } from "../../../preload/contract/runs/run.ts";
import type { ChartLine } from "../../components/chart.ts";

type PointName = "original" | "tuned" | "control" | "trimmed" | "healed";
export type CurveName = PointName | "guessing" | "floor";

export interface DepthPoint {
  readonly name: PointName;
  readonly units: number;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface DepthCurve {
  /** Accuracy if there are questions, otherwise perplexity. */
  readonly measure: "accuracy" | "perplexity";
  /** The number of questions behind each accuracy. */
  readonly questions: number | null;
  /** Who made these questions if no person wrote them, and how many a person has checked. */
  readonly asked: Pick<Accuracy, "made" | "checked">;
  readonly x: number[];
  readonly lines: readonly (Omit<ChartLine, "label"> & { readonly name: CurveName })[];
  /** The measured depths, from deep to shallow. */
  readonly points: readonly DepthPoint[];
}

export interface DepthCurveOptions {
  /** Units of the full model. */
  readonly total: number;
  /** Accuracy of always giving the same answer; null: no line. */
  readonly guessing: number | null;
  /** A share of the fine-tuned model's accuracy; no line without it. */
  readonly floor?: number | undefined;
  /** Units that the axis should include. */
  readonly goal?: number | undefined;
}

/** The curve of a run's evaluations on its test data. */
export function depthCurve(
  evaluations: readonly RunEvaluation[],
  { total, guessing, floor, goal }: DepthCurveOptions,
): DepthCurve {
  const measured = evaluations.filter(({ split }) => split === "test");
  const measure = measured.some(({ depth }) => depth.evaluation.accuracy) ? "accuracy" : "perplexity";
  const points = measured
    .flatMap(({ subject, depth: { units, healed, evaluation } }): DepthPoint[] => {
      const value = measure === "accuracy" ? evaluation.accuracy?.value : evaluation.perplexity;
      if (value === undefined || value === null) return [];
      const names: Record<Subject, PointName> = {
        base: "original",
        tuned: "tuned",
        control: "control",
        trimmed: healed ? "healed" : "trimmed",
      };
      const name = names[subject];
      return [{ name, units, value, interval: measure === "accuracy" ? evaluation.accuracy : null }];
    })
    .sort((a, b) => b.units - a.units || order.indexOf(a.name) - order.indexOf(b.name));

  const x = [...new Set([...points.map(({ units }) => units), total, goal ?? total])].sort((a, b) => a - b);
  const intervalsOf = (name: CurveName) =>
    x.map((units) => {
      const interval = points.find((point) => point.name === name && point.units === units)?.interval;
      return interval ? ([interval.low, interval.high] as const) : null;
    });
  const level = (name: CurveName, colour: string, kind: "dash" | "dots", value: number | undefined | null) =>
    value === undefined || value === null || points.length === 0
      ? []
      : [{ name, colour, kind, values: x.map(() => value), intervals: intervalsOf(name) }];
  const own = (name: PointName, series: Series, kind: "line" | "points") => {
    const among = points.filter((point) => point.name === name);
    if (among.length === 0) return [];
    const at = x.map((units) => among.find((point) => point.units === units) ?? null);
    return [
      {
        name,
        colour: `--series-${series}`,
        series,
        kind,
        values: at.map((point) => point?.value ?? null),
        intervals: intervalsOf(name),
      },
    ];
  };
  const valueOf = (name: PointName) => points.find((point) => point.name === name)?.value;
  const tuned = valueOf("tuned");
  const isAccuracy = measure === "accuracy";
  const accuracy = measured.find(({ depth }) => depth.evaluation.accuracy)?.depth.evaluation.accuracy;
  return {
    measure,
    questions: accuracy?.n ?? null,
    asked: { made: accuracy?.made, checked: accuracy?.checked },
    x,
    points,
    lines: [
      ...level("original", "--series-original", "dash", valueOf("original")),
      ...own("tuned", "tuned", "points"),
      ...own("control", "control", "points"),
      ...own("trimmed", "trimmed", "line"),
      ...own("healed", "trimmed", "points"),
      ...level("floor", "--warn-mark", "dash", isAccuracy && floor && tuned ? floor * tuned : null),
      ...level("guessing", "--danger", "dots", isAccuracy ? guessing : null),
    ],
  };
}

const order: readonly PointName[] = ["original", "tuned", "control", "trimmed", "healed"];
