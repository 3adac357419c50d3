/** Tiny models whose weights are computed from their names (golden-weights.ts), and their logits by our graphs. */
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { fail } from "../../../native-models/failure.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { modelWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { hashedWeight } from "./golden-weights.ts";
import type { Hashed } from "./golden-weights.ts";

/** The model of a config.json. A name or a shape that is not upstream's gives other weights than upstream has. */
export function hashedModel(json: JsonObject, hashed: Hashed, path = "hashed"): Model {
  const architecture = architectureOf(String(json.model_type));
  const config = architecture.config(json, path);
  const sections = config.blocks.map(() => "block" as const);
  const shapes = new Map(modelWeights(config, sections).map(({ name, shape }) => [name, shape]));
  return {
    path,
    architecture,
    config,
    sections,
    names: [...shapes.keys()],
    json,
    generation: {},
    weight: (name) => {
      const shape = shapes.get(name) ?? fail({ code: "missing-tensors", path, tensors: [name] });
      return fromFloat32(name, shape, hashedWeight(name, hashed, shape));
    },
  };
}

/** Logits of one text at some of its places, by the graphs that models are trained with: [places, V]. */
export async function trainingLogits(
  model: Model,
  ids: readonly number[],
  places: readonly number[],
): Promise<Float32Array> {
  const stack = Stack.open(model, { threads: 1, trainable: { kind: "none" } });
  const hidden = await stack.normedHidden(new Batcher().batch([{ ids: [...ids, 0], promptLength: 1 }])); // [T, D]
  const { hiddenSize, vocabularySize, ends } = model.config;
  const head = model.weight(ends.head.name).readFloat32(); // [V, D]
  const logits = new Float32Array(places.length * vocabularySize);
  places.forEach((place, row) => {
    for (let token = 0; token < vocabularySize; token++) {
      let sum = 0;
      for (let d = 0; d < hiddenSize; d++)
        sum += hidden[place * hiddenSize + d]! * head[token * hiddenSize + d]!;
      const { scale, cap } = ends.head;
      const scaled = sum * scale;
      logits[row * vocabularySize + token] = cap === null ? scaled : cap * Math.tanh(scaled / cap);
    }
  });
  await stack.close();
  return logits;
}

/** The largest difference; tensors of different lengths differ without end. */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= worst)) worst = difference; // NaN too
  }
  return worst;
}
