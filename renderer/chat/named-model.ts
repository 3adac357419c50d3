/** The models that conversations and addresses name: by a path, by the run that made them, or as the sample. */
import type { ChatModel } from "../../preload/contract/calls/conversations.ts";
import type { FoundModel } from "../../preload/contract/calls/models.ts";

const named = (found: readonly FoundModel[], reference: string): FoundModel | undefined =>
  found.find(
    ({ path, run, source }) =>
      [path, run].includes(reference) || (reference === "sample" && source === "sample"),
  );

/** Whether a model is on this computer. */
export const isAmong = (found: readonly FoundModel[], reference: string): boolean =>
  named(found, reference) !== undefined;

/** A model in a conversation, with its name if it was found. A run's id stays, because the place of its result may change. */
export function chatModelOf(reference: string, found: readonly FoundModel[]): ChatModel {
  const model = named(found, reference);
  if (!model) return { reference, name: reference };
  return { reference: model.source === "sample" ? model.path : reference, name: model.name };
}

/** Whether two references mean one model. */
export const isSame = (found: readonly FoundModel[], a: string, b: string): boolean => {
  const pathOf = (reference: string) => named(found, reference)?.path ?? reference;
  return pathOf(a) === pathOf(b);
};
