/** A stack on a model with random weights, with adapters on every projection. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphStorage } from "../../../../native-models/graph/linear.ts";
import { adamW } from "../../../../native-models/training/parameters.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { ROLES } from "../../../../native-models/architectures/architecture.ts";
import { randomModel } from "./random-model.ts";

const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

export interface RandomStackOptions {
  /** Keys of a config.json. */
  readonly sizes: Readonly<Record<string, unknown>>;
  /** How the frozen base is stored, in memory or streamed from a file. */
  readonly storage: GraphStorage;
  readonly streamed: boolean;
  readonly rank: number;
  readonly threads: number;
}

export function openRandomStack({ sizes, storage, streamed, rank, threads }: RandomStackOptions): Stack {
  return Stack.open(randomModel("random", sizes), {
    threads,
    trainable: { kind: "lora", rank, alpha: 2 * rank, targets: ROLES },
    storage,
    ...(streamed && { streamedFrom: join(tmpdir(), `coppice-bench-${process.pid}.bin`) }),
  });
}

/** AdamW's first step on the accumulated gradients. */
export function update(stack: Stack): void {
  for (const block of stack.parameters) adamW(block, 1, 1e-4, 1, ADAMW);
}
