/** The targets of all benchmarks and their results, as one short table. */
import { figureOf, reaches } from "./benchmark.ts";
import type { Benchmark, Row, Target } from "./benchmark.ts";
import { format, goalOf, markdownTable, measureOf } from "./figures.ts";

/** A benchmark and its landed rows; null if it was never landed. */
export interface LandedRows {
  readonly benchmark: Benchmark;
  readonly rows: readonly Row[] | null;
  /** The rows of each other processor. */
  readonly elsewhere: readonly (readonly Row[])[];
}

/** At least this many rows that share a goal share a line. */
const MANY = 4;

/** The heading and the table: a line per target, or per goal that many rows share. */
export function targetsAndResults(landed: readonly LandedRows[]): string {
  const lines = landed.flatMap((each) => goals(each.benchmark.targets).map((goal) => line(each, goal)));
  return [
    "## Targets and results",
    "",
    markdownTable(["", "target", "measured", "", "other processors"], lines),
  ].join("\n");
}

/** Groups of targets that share a line, in their order. */
function goals(targets: readonly Target[]): Target[][] {
  const byGoal = new Map<string, Target[]>();
  for (const target of targets) {
    const goal = JSON.stringify([target.column, target.atLeast, target.atMost]);
    byGoal.set(goal, [...(byGoal.get(goal) ?? []), target]);
  }
  return [...byGoal.values()].flatMap((group) =>
    group.length < MANY ? group.map((target) => [target]) : [group],
  );
}

function line({ benchmark, rows, elsewhere }: LandedRows, targets: readonly Target[]): string[] {
  const [first] = targets as [Target];
  const { title, unit } = measureOf(benchmark, first, rows ?? []);
  const name = rows ? `[${benchmark.name}](#${benchmark.name})` : benchmark.name;
  const which = targets.length === 1 ? first.row : `${targets.length} rows`;
  const figures = (of: readonly Row[]) => {
    const all = targets.flatMap((target) => figureOf(target, of) ?? []);
    const ends = [...new Set([Math.min(...all), Math.max(...all)].map((end) => format(end, unit)))];
    return all.length === 0 ? null : ends.join(" to ");
  };
  const reached = (of: readonly Row[]) => verdict(targets.map((target) => reaches(target, of)));
  const others = elsewhere.flatMap((of) => {
    const found = figures(of);
    return found === null ? [] : `${found} (${reached(of)})`;
  });
  return [
    `${name}: ${which}: ${title}`,
    goalOf(first, unit),
    figures(rows ?? []) ?? "–",
    reached(rows ?? []),
    others.join("; "),
  ];
}

function verdict(reached: readonly (boolean | null)[]): string {
  const parts = [
    [false, "**missed**"],
    [null, "not measured"],
  ] as const;
  const words = parts.flatMap(([outcome, phrase]) => {
    const count = reached.filter((one) => one === outcome).length;
    if (count === 0) return [];
    return count === reached.length ? phrase : `${phrase} by ${count} of ${reached.length}`;
  });
  return words.join(", ") || "reached";
}
