/** The stack that a job works on. */
import { join } from "node:path";
import type { Model } from "../../../native-models/model.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { StackOptions } from "../../../native-models/training/stack.ts";
import type { Base, TrimPlan } from "../../../preload/contract/plan.ts";

/**
 * Opens what a plan trains; `folder` gets the file that a streamed base is read from, which goes when the stack is closed.
 * Throws what reading the model and writing that file throws.
 */
export function openStack(
  model: Model,
  { method, base, ...options }: Pick<TrimPlan, "threads" | "device" | "method" | "base" | "seed">,
  folder: string,
): Stack {
  return method.kind === "full"
    ? Stack.open(model, { ...options, trainable: method })
    : openFrozen(model, { ...options, trainable: method }, base, folder);
}

/** Opens a model to be measured and no more. Folder and failures as above. */
export function openToMeasure(
  model: Model,
  { threads, base }: Pick<TrimPlan, "threads" | "base">,
  folder: string,
) {
  return openFrozen(model, { threads, trainable: { kind: "none" } }, base, folder);
}

function openFrozen(
  model: Model,
  options: Omit<StackOptions, "storage" | "streamedFrom">,
  { storage, streamed }: Base,
  folder: string,
): Stack {
  return Stack.open(model, {
    ...options,
    storage,
    ...(streamed && { streamedFrom: join(folder, "base.bin") }),
  });
}
