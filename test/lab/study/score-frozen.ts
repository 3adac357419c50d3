/** Scores rows with a model that is measured but not trained, in f32. */
import { scoreRows } from "../../../main/trimming/evaluation/evaluate.ts";
import type { Model } from "../../../native-models/model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";

/** The NLLs of each row's labels, in nats, in row order. Throws the errors of opening the model. */
export async function scoreFrozen(
  model: Model,
  rows: readonly TokenRow[],
  threads: number,
): Promise<Float32Array[]> {
  const stack = Stack.open(model, { threads, trainable: { kind: "none" }, storage: "f32" });
  try {
    return await scoreRows(rows, new Batcher(), (batch) => stack.nll(batch));
  } finally {
    await stack.close();
  }
}
