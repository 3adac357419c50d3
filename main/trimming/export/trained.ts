/** A snapshot of a run as a model: the base with its trained weights, without dropped units. */
import { isDeepStrictEqual } from "node:util";
import { blockWeight, endWeights } from "../../../native-models/architectures/architecture.ts";
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Adapter } from "../../../native-models/exporting/adapter.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { sectionWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import type { TrainedTensor } from "../../../native-models/training/merge.ts";
import { tensorViews } from "../../../native-models/training/parameters.ts";
import { blockName, blockOf, ENDS } from "../../../native-models/training/parts.ts";
import { PROMPT } from "../../../native-models/training/prompt-vectors.ts";
import { adapterName, sectionParameters, trainableOf } from "../../../native-models/training/unit-graphs.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { changes } from "../../../preload/methods/index.ts";
import { wholeDepth } from "../../home/run-folder.ts";
import type { Journal } from "../journal/checkpoint.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import { ownAdditions } from "../chat/chat-model.ts";
import type { ChatForm } from "../chat/chat-model.ts";

/**
 * The adapter of a snapshot that dropped nothing. Throws `bad-choice` if there is none, `corrupt-file` if an object of it is
 * damaged.
 */
export async function adapterOfSnapshot(
  model: Model,
  { method }: Pick<TrimPlan, "method">,
  journal: Journal,
  snapshot: Snapshot,
): Promise<Adapter> {
  const forms = Object.values(snapshot.parts);
  if (method.kind !== "lora" || forms.some(({ form }) => form === "weights"))
    return refuseChoice("adapter-of-weights");
  if (snapshot.kept.some((section, block) => section !== model.sections[block]))
    return refuseChoice({ code: "adapter-of-part", whole: wholeDepth });
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
    alpha: 2 * method.rank,
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
  return mergedModel(
    model,
    snapshot.kept,
    trainableOf(method),
    await trainedTensors(model, method, journal, snapshot),
  );
}

/**
 * How the chat model of a depth is made. At full depth, an improvement has the model before it, which keeps the additions in its folder,
 * with which it was measured.
 */
export async function chatFormOf(
  name: string,
  { chat, improvement }: Pick<TrimPlan, "chat" | "improvement">,
  model: Pick<Model, "path" | "config">,
  journal: Pick<Journal, "depths" | "read">,
): Promise<ChatForm> {
  const isBefore = name === wholeDepth && improvement !== undefined;
  const additions = isBefore ? ownAdditions(model) : chatAdditionsOf(journal.depths[name]!, journal);
  return { precision: chat.precision, ...(await additions) };
}

/** What a depth's chat model has besides its weights: what the last method of the run added to the same weights, if any. */
export async function chatAdditionsOf(
  depth: Snapshot,
  journal: Pick<Journal, "depths" | "read">,
): Promise<Pick<ChatForm, "raised" | "prompt">> {
  const weightsOf = ({ kept, values: { [PROMPT]: _, ...weights } }: Snapshot) => [kept, weights];
  const { raised, values } =
    changes
      .flatMap(({ id }) => journal.depths[id] ?? [])
      .findLast((other) => isDeepStrictEqual(weightsOf(other), weightsOf(depth))) ?? depth;
  const prompt = values[PROMPT];
  return { raised, prompt: prompt === undefined ? null : await journal.read(prompt) };
}

async function trainedTensors(
  { config }: Model,
  method: TrimPlan["method"],
  journal: Journal,
  snapshot: Snapshot,
): Promise<TrainedTensor> {
  const specsOf = (name: string) => {
    const block = blockOf(name);
    if (block === null) return endWeights(config);
    const half = name.split(".")[1] as Half;
    const isWeights = snapshot.parts[name]?.form === "weights";
    return sectionParameters(config.blocks[block]!, half, isWeights ? { kind: "full" } : trainableOf(method));
  };
  const trained = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const [name, hash] of Object.entries(snapshot.values)) {
    if (name === PROMPT) continue; // it changes nothing in the model
    trained.set(name, tensorViews(specsOf(name), await journal.read(hash)));
  }
  return (block, name) => {
    if (block === null) return trained.get(ENDS)?.get(name);
    return (["attention", "mlp"] as const)
      .map((half) => trained.get(blockName(block, half))?.get(name))
      .find((values) => values !== undefined);
  };
}
