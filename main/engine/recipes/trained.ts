/** A snapshot of a run as a model: the base with its trained weights, without dropped units. */
import { endWeights } from "../../../native-models/architectures/architecture.ts";
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Model } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { blockName, ENDS, tensorViews } from "../../../native-models/training/parameters.ts";
import { sectionParameters } from "../../../native-models/training/unit-graphs.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Journal } from "../checkpoint.ts";
import type { Snapshot } from "../journal-file.ts";

/** The model of a snapshot. Throws `corrupt-file` if an object of it is damaged. */
export async function modelOfSnapshot(
  model: Model,
  { method }: Pick<TrimPlan, "method">,
  journal: Journal,
  snapshot: Snapshot,
): Promise<Model> {
  const { config } = model;
  const trained = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const [name, hash] of Object.entries(snapshot.values)) {
    const [block, half] = name.split(".") as [string, Half];
    const specs =
      name === ENDS ? endWeights(config) : sectionParameters(config.blocks[Number(block)]!, half, method);
    trained.set(name, tensorViews(specs, await journal.read(hash)));
  }
  return mergedModel(model, snapshot.kept, method, (block, name) => {
    if (block === null) return trained.get(ENDS)?.get(name);
    return (["attention", "mlp"] as const)
      .map((half) => trained.get(blockName(block, half))?.get(name))
      .find((values) => values !== undefined);
  });
}
