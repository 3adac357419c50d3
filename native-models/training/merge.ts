/** The trained result as a separate model: adapters merged, dropped units removed, blocks renumbered. */
import { blockWeight, endWeights } from "../architectures/architecture.ts";
import type { JsonObject } from "../architectures/architecture.ts";
import { fail } from "../failure.ts";
import { fromFloat32, renamed } from "../formats/views.ts";
import { sectionWeights } from "../model.ts";
import type { Kept, Model } from "../model.ts";
import type { Weight } from "../weights.ts";
import { adapterName } from "./unit-graphs.ts";
import type { Trainable } from "./unit-graphs.ts";

/** Looks up a trained tensor: of block `block` by its name there, or of the ends (null) by its upstream name. */
export type TrainedTensor = (block: number | null, name: string) => Float32Array | undefined;

/**
 * A model without its dropped units, with its trained weights; `trainable` gives the rank and alpha of adapters. Nothing is computed
 * before a weight is read.
 */
export function mergedModel(
  model: Model,
  kept: readonly Kept[],
  trainable: Trainable,
  trained: TrainedTensor,
): Model {
  const blocks = kept.flatMap((section, block) => (section ? [{ section, block }] : []));
  const sections = blocks.map(({ section }) => section);
  const json = trimmedConfig(model, kept);
  const merged = (block: number | null, name: string, upstream: string, newName: string): Weight => {
    const base = renamed(model.weight(upstream), newName);
    const values = trained(block, name);
    if (values) return fromFloat32(newName, base.shape, values);
    const [a, b] = [trained(block, adapterName(name, "A")), trained(block, adapterName(name, "B"))];
    return a && b && trainable.kind === "lora" ? withAdapter(base, { ...trainable, a, b }) : base;
  };
  const weights = new Map<string, () => Weight>();
  for (const { name } of endWeights(model.config)) {
    weights.set(name, () => merged(null, name, name, name));
  }
  blocks.forEach(({ section, block }, index) => {
    for (const { name } of sectionWeights(model.config.blocks[block]!, section)) {
      const newName = blockWeight(index, name);
      weights.set(newName, () => merged(block, name, blockWeight(block, name), newName));
    }
  });
  return {
    path: model.path,
    architecture: model.architecture,
    config: model.architecture.config(json, model.path),
    sections,
    json,
    generation: model.generation,
    names: [...weights.keys()],
    weight: (name) =>
      (weights.get(name) ?? (() => fail({ code: "missing-tensors", path: model.path, tensors: [name] })))(),
  };
}

interface AdapterValues {
  readonly rank: number;
  readonly alpha: number;
  /** [R, in] */
  readonly a: Float32Array;
  /** [out, R] */
  readonly b: Float32Array;
}

/** W + (alpha / R) · B·A, computed row by row on request. */
export function withAdapter(base: Weight, { rank, alpha, a, b }: AdapterValues): Weight {
  const { name, shape, rows, columns } = base;
  const readFloat32 = (first = 0, count = rows) => {
    const values = base.readFloat32(first, count).slice();
    for (let row = 0; row < count; row++) {
      for (let r = 0; r < rank; r++) {
        const factor = (alpha / rank) * b[(first + row) * rank + r]!;
        for (let column = 0; column < columns; column++)
          values[row * columns + column]! += factor * a[r * columns + column]!;
      }
    }
    return values;
  };
  const read = (first: number, count: number) => new Uint8Array(readFloat32(first, count).buffer);
  return { name, storage: "f32", shape, rows, columns, read, readFloat32 };
}

/** The config.json of the kept blocks; if any of them is cut, `coppice_sections` lists what remains of each. */
function trimmedConfig({ architecture, json }: Model, kept: readonly Kept[]): JsonObject {
  const blocks = kept.flatMap((section, block) => (section ? [block] : []));
  const cut: Record<string, unknown> = { ...architecture.cut(json, blocks) };
  const sections = kept.filter((section) => section !== null);
  if (sections.every((section) => section === "block")) delete cut.coppice_sections;
  else cut.coppice_sections = sections;
  return cut;
}
