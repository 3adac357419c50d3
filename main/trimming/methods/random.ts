import { Random } from "../../../native-models/random.ts";
import { unitsOf } from "../schedule/units.ts";
import type { ScorerMethod } from "./method.ts";

/** Each unit's score depends only on the seed and on how many units are left, so that a resumed run drops the same ones. */
export const random: ScorerMethod = {
  kind: "scorer",
  score: ({ stack, kind, seed }) => {
    const units = unitsOf(stack.kept, kind);
    const numbers = new Random(seed, `random scores of ${units.length} units`);
    return Promise.resolve(units.map((unit) => ({ unit, score: numbers.uniform(), accuracy: null })));
  },
};
