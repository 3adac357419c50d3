/** A golden fixture as a `Model`. */
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { fail } from "../../../native-models/failure.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import type { Model } from "../../../native-models/model.ts";
import { goldenWeights } from "./golden-weights.ts";
import type { Golden } from "./golden-weights.ts";

export function goldenModel(golden: Golden): Model {
  const weights = goldenWeights(golden);
  const architecture = architectureOf(String(golden.config.model_type));
  const config = architecture.config(golden.config, golden.name);
  return {
    path: golden.name,
    architecture,
    config,
    sections: config.blocks.map(() => "block" as const),
    names: [...weights.keys()],
    json: golden.config,
    weight: (name) => {
      const tensor =
        weights.get(name) ?? fail({ code: "missing-tensors", path: golden.name, tensors: [name] });
      return fromFloat32(name, tensor.shape, tensor.data);
    },
  };
}
