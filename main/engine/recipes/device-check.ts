/** Whether a device computes what the processor computes: one training step of a small model on both. */
import { llama } from "../../../native-models/architectures/llama.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import type { Model } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";
import type { Device } from "../../../native-models/runtime/session.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { modelWeights } from "../../../native-models/training/unit-graphs.ts";
import { LoraTargets } from "../../../preload/contract/plan.ts";

/** Largest difference of a loss or gradient, over the largest value of the processor's. */
const TOLERANCE = 1e-3;
const TOKENS = 24;

/** Null if the device may be used, otherwise what is wrong with it. */
export async function problemOf(device: Device): Promise<string | null> {
  if (device === "cpu") return null;
  try {
    const difference = worstDifference(await trainingStep(device), await trainingStep("cpu"));
    if (difference <= TOLERANCE) return null; // not NaN either
    return `its results are not those of the processor (they differ by ${difference.toPrecision(2)})`;
  } catch (error) {
    return (error as Error).message.split("\n")[0]!.slice(0, 200);
  }
}

/** The loss and all gradients of a step, by name. */
async function trainingStep(device: Device): Promise<Map<string, Float32Array>> {
  const model = smallModel();
  const trainable = { kind: "lora", rank: 4, alpha: 8, targets: LoraTargets } as const;
  const stack = Stack.open(model, { threads: 1, trainable, device, seed: 1 });
  try {
    // B starts at zero, which would leave A without a gradient.
    for (const { name, values } of stack.parameters) {
      const random = new Random(2, name);
      for (let i = 0; i < values.length; i++) values[i]! += 0.1 * (random.uniform() - 0.5);
    }
    const ids = Array.from({ length: TOKENS }, (_, i) => (i * 37 + 5) % model.config.vocabularySize);
    const batch = new Batcher(model.config).batch([{ ids, promptLength: 1 }]);
    stack.clearGradients();
    const { loss } = await stack.accumulate(batch, 1 / TOKENS);
    const gradients = stack.parameters.flatMap((block) =>
      block.specs.map(({ name }): [string, Float32Array] => [`${block.name} ${name}`, block.gradient(name)]),
    );
    return new Map([["loss", Float32Array.of(loss)], ...gradients]);
  } finally {
    await stack.close();
  }
}

function worstDifference(actual: Map<string, Float32Array>, expected: Map<string, Float32Array>): number {
  const differences = [...expected].map(([name, values]) => {
    const other = actual.get(name)!;
    const largest = Math.max(...values.map(Math.abs));
    return Math.max(...values.map((value, i) => Math.abs(value - other[i]!))) / largest;
  });
  return Math.max(...differences);
}

/** A Llama of two blocks with random weights. */
function smallModel(): Model {
  const path = "device check";
  const sizes = {
    model_type: "llama",
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 256,
  };
  const config = llama.config(sizes, path);
  const sections = ["block", "block"] as const;
  const specs = modelWeights(llama, config, sections);
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const weight = (name: string) => {
    const shape = shapes.get(name)!;
    const random = new Random(1, name);
    const size = shape.reduce((product, axis) => product * axis, 1);
    const values = Float32Array.from({ length: size }, () =>
      shape.length === 1 ? 1 : 0.4 * (random.uniform() - 0.5),
    );
    return fromFloat32(name, shape, values);
  };
  return { path, architecture: llama, config, sections, json: sizes, names: [...shapes.keys()], weight };
}
