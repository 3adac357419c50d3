import { halvingStages } from "../../../preload/methods/nll-halving.ts";
import { leastNeededFirst } from "../schedule/scoring.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { unitsOf } from "../schedule/units.ts";
import { leaveOneOut } from "../scoring/scan.ts";
import type { ScorerMethod } from "./method.ts";

/** `leaveOneOut` with ever more rows for ever fewer units. Units of the last stage are dropped first; the others keep their last scores. */
export const nllHalving: ScorerMethod = {
  kind: "scorer",
  score: async (scored) => {
    const { stack, kind, rows, drops } = scored;
    const found = new Map<number, UnitScore>();
    let left = unitsOf(stack.kept, kind);
    let read = 0;
    const best = () => leastNeededFirst(left.map((unit) => found.get(unit)!));
    for (const stage of halvingStages({ units: left.length, drops, rows: rows.length })) {
      if (stage.units < left.length) {
        const better = best().slice(0, stage.units);
        left = better.map(({ unit }) => unit).sort((a, b) => a - b);
      }
      const part = { ...scored, rows: rows.slice(read, stage.rows) };
      for (const now of await leaveOneOut(part, left))
        found.set(now.unit, together(found.get(now.unit), read, now, part.rows.length));
      read = stage.rows;
    }
    for (const [order, score] of best().entries()) found.set(score.unit, { ...score, order });
    return [...found.values()];
  },
};

/** A unit's score over `rows` earlier rows and `more` new ones. */
function together(before: UnitScore | undefined, rows: number, now: UnitScore, more: number): UnitScore {
  if (!before) return now;
  const mean = (earlier: number, later: number) => (rows * earlier + more * later) / (rows + more);
  const known = before.accuracy !== null && now.accuracy !== null;
  return {
    unit: now.unit,
    score: mean(before.score, now.score),
    accuracy: known ? mean(before.accuracy, now.accuracy) : null,
  };
}
