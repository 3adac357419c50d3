/** The stack of a job. */
import { join } from "node:path";
import type { Model } from "../../../native-models/model.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import { ResidentStack } from "../../../native-models/training/resident-stack.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { StackOptions } from "../../../native-models/training/stack.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import { trainableOf } from "../../../native-models/training/unit-graphs.ts";
import type { Base, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { BASE_FILE } from "../journal/run-files.ts";
import { denseStorage } from "./used-base.ts";

/**
 * Opens the trained tensors of a plan; `folder` gets the file of a streamed base, or of a device's weights, which is removed when
 * the stack is closed. Throws the errors of reading the model and writing that file.
 */
export function openStack(
  model: Model,
  {
    method,
    base,
    ...options
  }: Pick<TrimPlan, "threads" | "device" | "method" | "base" | "seed"> &
    Required<Pick<StackOptions, "keepsActivations">> &
    Pick<StackOptions, "loops">,
  folder: string,
): Trainee {
  const trainable = trainableOf(method);
  if (trainable.kind === "full") return Stack.open(model, { ...options, trainable });
  if (!holdsWeights(options.device)) return openFrozen(model, { ...options, trainable }, base, folder);
  const file = join(folder, BASE_FILE);
  return ResidentStack.open(model, {
    ...options,
    trainable,
    storage: denseStorage(base.storage),
    file,
  });
}

/** Opens a model only to be measured. Folder and failures as above. */
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
    ...(streamed && { streamedFrom: join(folder, BASE_FILE) }),
  });
}
