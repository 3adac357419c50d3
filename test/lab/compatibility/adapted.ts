/** An adapter with random values on every projection, and the model with it. */
import { blockWeight } from "../../../native-models/architectures/architecture.ts";
import type { Adapter } from "../../../native-models/exporting/adapter.ts";
import { sectionWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { adapterName } from "../../../native-models/training/unit-graphs.ts";

const [RANK, ALPHA] = [8, 16];

/** Small beside usual weights, as a trained adapter is. */
const RANGE = 0.02;

export function adapted(base: Model): { model: Model; adapter: Adapter } {
  const random = new Random(1);
  const pairs = new Map<string, Float32Array>();
  const places = new Map<string, string>();
  base.sections.forEach((section, block) => {
    for (const { name, shape, role } of sectionWeights(base.config.blocks[block]!, section)) {
      if (role === undefined) continue;
      const [outputs, inputs] = shape as readonly [number, number];
      const sizes = { A: RANK * inputs, B: outputs * RANK };
      for (const side of ["A", "B"] as const) {
        const values = Float32Array.from({ length: sizes[side] }, () => RANGE * (2 * random.uniform() - 1));
        pairs.set(blockWeight(block, adapterName(name, side)), values);
      }
      places.set(blockWeight(block, name), blockWeight(block, adapterName(name, "A")));
    }
  });
  const trainable = { kind: "lora", rank: RANK, alpha: ALPHA, targets: [] } as const;
  return {
    model: mergedModel(base, base.sections, trainable, (block, name) =>
      block === null ? undefined : pairs.get(blockWeight(block, name)),
    ),
    adapter: {
      rank: RANK,
      alpha: ALPHA,
      pair: (name) => {
        const place = places.get(name);
        return place === undefined
          ? null
          : { a: pairs.get(place)!, b: pairs.get(place.replace(/lora_A/, "lora_B"))! };
      },
    },
  };
}
