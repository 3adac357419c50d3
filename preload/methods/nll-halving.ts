/** The likelihood of the right answer without a unit, on few rows for units that are clearly needed (arXiv 1502.07943). */
import { leaveOneOut } from "./leave-one-out.ts";
import type { Scan, ScorerSpec } from "./method.ts";

export const nllHalving: ScorerSpec = {
  id: "nll-halving",
  kind: "scorer",
  paper: "arXiv 1502.07943",
  passes: (scan) => ({ ...leaveOneOut(scan), passes: halvingPasses(scan) }),
  text: {
    en: {
      name: "Likelihood of the answer",
      hint: "Leaves out each block in turn and measures how much less likely the right answers become; blocks that are clearly needed are measured with fewer rows.",
    },
    de: {
      name: "Wahrscheinlichkeit der Antwort",
      hint: "Lässt jeden Block einmal weg und misst, wie viel unwahrscheinlicher die richtigen Antworten werden; Blöcke, die deutlich gebraucht werden, werden mit weniger Zeilen gemessen.",
    },
  },
};

/** A stage of successive halving: how many units are still in it, and how many rows have scored them by its end. */
interface HalvingStage {
  readonly units: number;
  readonly rows: number;
}

/** How many rows the first stage reads. */
const FIRST_ROWS = 16;
/** How many units the last stages leave to choose from, per unit to be dropped. */
const LEFT_PER_DROP = 3;

/**
 * Successive halving (arXiv 1502.07943): each stage doubles the rows and continues with the half of the units that are needed least, so that
 * leaving out units that are clearly needed is tried on few rows only. The last stage has read all rows.
 */
export function halvingStages({ units, drops, rows }: Omit<Scan, "blocks">): HalvingStage[] {
  const stages: HalvingStage[] = [];
  let left = units;
  for (let read = Math.min(FIRST_ROWS, rows); ; read = Math.min(2 * read, rows)) {
    stages.push({ units: left, rows: read });
    if (read === rows) return stages;
    left = Math.min(left, Math.max(Math.ceil(left / 2), LEFT_PER_DROP * drops));
  }
}

/** How many passes of all rows through the model the stages amount to. */
function halvingPasses(scan: Scan): number {
  const stages = halvingStages(scan);
  const readBefore = [0, ...stages.map(({ rows }) => rows)];
  return stages.reduce((sum, { units, rows }, i) => sum + (units * (rows - readBefore[i]!)) / scan.rows, 0);
}
