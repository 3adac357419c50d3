/** A snapshot of a run as a model: the base with its trained weights, without dropped units. */
import { isDeepStrictEqual } from "node:util";
import { blockWeight, endWeights } from "../../../native-models/architectures/architecture.ts";
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Adapter } from "../../../native-models/exporting/adapter.ts";
import { fail } from "../../../native-models/failure.ts";
import { sectionWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import type { TrainedTensor } from "../../../native-models/training/merge.ts";
import { tensorViews } from "../../../native-models/training/parameters.ts";
import { blockName, ENDS } from "../../../native-models/training/parts.ts";
import { PROMPT } from "../../../native-models/training/prompt-vectors.ts";
import { adapterName, sectionParameters } from "../../../native-models/training/unit-graphs.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Journal } from "../checkpoint.ts";
import { wholeDepth } from "../../run-folder.ts";
import type { Snapshot } from "../journal-file.ts";

/**
 * The adapter of a snapshot that dropped nothing. Throws `bad-choice` where there is none, `corrupt-file` if an object of it is
 * damaged.
 */
export async function adapterOfSnapshot(
  model: Model,
  { method }: Pick<TrimPlan, "method">,
  journal: Journal,
  snapshot: Snapshot,
): Promise<Adapter> {
  const refuse = (reason: string) => fail({ code: "bad-choice", option: "An adapter", reason });
  const forms = Object.values(snapshot.parts ?? {});
  if (method.kind === "full" || forms.some(({ form }) => form === "weights"))
    return refuse("this run trained weights instead of an adapter");
  if (snapshot.kept.some((section, block) => section !== model.sections[block]))
    return refuse(
      `this depth dropped parts of the model, which an adapter cannot express; "${wholeDepth}" did not`,
    );
  const trained = await trainedTensors(model, method, journal, snapshot);
  const places = new Map(
    model.sections.flatMap((section, block) =>
      sectionWeights(model.config.blocks[block]!, section).map(
        ({ name }) => [blockWeight(block, name), { block, name }] as const,
      ),
    ),
  );
  return {
    rank: method.rank,
    alpha: method.alpha,
    pair: (upstream) => {
      const place = places.get(upstream);
      if (!place) return null;
      const [a, b] = (["A", "B"] as const).map((side) => trained(place.block, adapterName(place.name, side)));
      return a && b ? { a, b } : null;
    },
  };
}

/** The model of a snapshot. Throws `corrupt-file` if an object of it is damaged. */
export async function modelOfSnapshot(
  model: Model,
  { method }: Pick<TrimPlan, "method">,
  journal: Journal,
  snapshot: Snapshot,
): Promise<Model> {
  return mergedModel(model, snapshot.kept, method, await trainedTensors(model, method, journal, snapshot));
}

/** The name of the last depth with mixed bits among a run's depths. */
export const MIXED_DEPTH = "mixed";

/** The products that a depth's chat weights keep in 8 bits: those that were found for the same weights, if any were. */
export function raisedOf(depth: Snapshot, mixed: Snapshot | undefined): readonly string[] | undefined {
  const isSame = isDeepStrictEqual([depth.kept, depth.values], [mixed?.kept, mixed?.values]);
  return isSame ? mixed!.raised : depth.raised;
}

async function trainedTensors(
  { config }: Model,
  method: TrimPlan["method"],
  journal: Journal,
  snapshot: Snapshot,
): Promise<TrainedTensor> {
  const trained = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const [name, hash] of Object.entries(snapshot.values)) {
    if (name === PROMPT) continue; // it changes nothing in the model
    const [block, half] = name.split(".") as [string, Half];
    const trainable = snapshot.parts?.[name]?.form === "weights" ? ({ kind: "full" } as const) : method;
    const specs =
      name === ENDS ? endWeights(config) : sectionParameters(config.blocks[Number(block)]!, half, trainable);
    trained.set(name, tensorViews(specs, await journal.read(hash)));
  }
  return (block, name) => {
    if (block === null) return trained.get(ENDS)?.get(name);
    return (["attention", "mlp"] as const)
      .map((half) => trained.get(blockName(block, half))?.get(name))
      .find((values) => values !== undefined);
  };
}
