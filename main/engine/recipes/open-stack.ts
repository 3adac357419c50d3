/** The stack that a plan trains. */
import { join } from "node:path";
import type { Model } from "../../../native-models/model.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";

/**
 * Opens it; `folder` gets the file that a streamed base is read from, which goes when the stack is closed. Throws what
 * reading the model and writing that file throws.
 */
export function openStack(
  model: Model,
  { threads, device, method, base, seed }: Pick<TrimPlan, "threads" | "device" | "method" | "base" | "seed">,
  folder: string,
): Stack {
  if (method.kind === "full")
    return Stack.open(model, { threads, device, trainable: { kind: "full" }, seed });
  return Stack.open(model, {
    threads,
    device,
    trainable: method,
    seed,
    storage: base.storage,
    ...(base.streamed && { streamedFrom: join(folder, "base.bin") }),
  });
}
