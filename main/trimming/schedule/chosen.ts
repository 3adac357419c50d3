/** Which of the depths that a run reached becomes its model. */
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { chosenAmong } from "../../../preload/contract/results/recommended.ts";
import type { Depth } from "./depth.ts";
import { unitsOf } from "./units.ts";
import { comparisonOf, textDifference } from "./versus.ts";

/** The depth that the plan's `floor` asks for. */
export function chosenDepth(
  depths: readonly Depth[],
  tuned: Depth,
  plan: Pick<TrimPlan, "trim" | "floor">,
): Depth {
  if (plan.floor === undefined) return depths.at(-1)!;
  const unitsIn = ({ snapshot }: Depth) => unitsOf(snapshot.kept, plan.trim.unit).length;
  const choice = chosenAmong(
    depths.map((depth) => {
      const [figures, whole] = [depth.validated, tuned.validated];
      return {
        name: depth.name,
        healed: depth.healed,
        units: unitsIn(depth),
        accuracy: figures.accuracy,
        versusTuned: comparisonOf(figures, whole),
        textsVersusTuned: textDifference(figures, whole),
      };
    }),
    plan,
  );
  const healed = depths.filter((depth) => depth.healed);
  const [largest] = (healed.length > 0 ? healed : [...depths]).sort((a, b) => unitsIn(b) - unitsIn(a));
  return depths.find(({ name }) => name === choice?.name) ?? largest!;
}
