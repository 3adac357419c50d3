/** A scan of every block, and the evaluation that it is compared with. */
import { openModel } from "../../../../native-models/open-model.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import type { OpenScan } from "../scan.ts";

export const open: OpenScan = async ({ modelPath, rows, threads }) => {
  const model = await openModel(modelPath);
  const stack = Stack.open(model, { threads, trainable: { kind: "none" } });
  model.close();
  const batch = new Batcher().batch(rows.map((ids) => ({ ids, promptLength: ids.length - 1 })));
  const without = stack.kept.map((_, block) => stack.kept.map((kept, i) => (i === block ? null : kept)));
  return {
    async scan() {
      await stack.scan(batch, without, () => {});
      return without.length;
    },
    async evaluate() {
      await stack.nll(batch);
      return 1;
    },
  };
};
