/** What training added to the weights of a model, as an adapter of the PEFT library (huggingface.co/docs/peft, LoraConfig). */
import { join } from "node:path";
import type { WeightSpec } from "../architectures/architecture.ts";
import { writeFileAtomic } from "../formats/atomic.ts";
import { ADAPTER_CONFIG, openTensorFile } from "../formats/open.ts";
import { writeSafetensors } from "../formats/safetensors/write.ts";
import { fromFloat32 } from "../formats/views.ts";
import { modelWeights } from "../model.ts";
import type { Model } from "../model.ts";
import type { Weight } from "../weights.ts";

/** W + (alpha / rank) · B·A of some weights. A pair of another rank has another alpha, so that the factor is the same. */
export interface Adapter {
  readonly rank: number;
  readonly alpha: number;
  /** A [R, in] and B [out, R] of a weight by its upstream name; null if it was not trained. */
  pair(name: string): { readonly a: Float32Array; readonly b: Float32Array } | null;
}

const WEIGHTS_FILE = "adapter_model.safetensors";

/** The names of a module's two tensors. */
const tensorName = (module: string, side: "A" | "B") => `base_model.model.${module}.lora_${side}.weight`;

/** An adapted module as upstream has it: in a fused one, the pairs of its parts are stacked. */
interface Module {
  readonly name: string;
  readonly parts: readonly {
    readonly spec: WeightSpec;
    /** Rows of the module's weight. */
    readonly rows: Int32Array;
    readonly a: Float32Array;
    readonly b: Float32Array;
  }[];
  /** The sum over all parts, which have the same rank and are stacked. */
  readonly rank: number;
}

/** Writes an adapter for `base` to an existing folder. Throws `disk-full`, `unwritable`. */
export async function writeAdapter(
  folder: string,
  base: Model,
  adapter: Adapter,
  baseName: string,
): Promise<void> {
  const { rank, alpha } = adapter;
  const modules = modulesOf(base, adapter);
  const weights = modules.flatMap(({ name, parts, rank: all }): Weight[] => {
    const [, columns] = parts[0]!.spec.shape as [number, number];
    const own = all / parts.length;
    const outputs = parts.reduce((sum, { rows }) => sum + rows.length, 0);
    const [a, b] = [new Float32Array(all * columns), new Float32Array(outputs * all)];
    parts.forEach((part, index) => {
      a.set(part.a, index * own * columns);
      part.rows.forEach((row, from) =>
        b.set(part.b.subarray(from * own, (from + 1) * own), row * all + index * own),
      );
    });
    return [
      fromFloat32(tensorName(name, "A"), [all, columns], a),
      fromFloat32(tensorName(name, "B"), [outputs, all], b),
    ];
  });
  await writeSafetensors(join(folder, WEIGHTS_FILE), weights);
  const others = modules.filter((module) => module.rank !== rank);
  const patternOf = (value: number) =>
    Object.fromEntries(others.map((module) => [module.name, (value * module.rank) / rank]));
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: baseName,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    target_modules: [...new Set(modules.map(({ name }) => name.slice(name.lastIndexOf(".") + 1)))],
    // The scale of every module is alpha / rank.
    rank_pattern: patternOf(rank),
    alpha_pattern: patternOf(alpha),
  };
  await writeFileAtomic(join(folder, ADAPTER_CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

/** `base` with the adapter that was written to a folder. Throws the errors of reading it. */
export function withWrittenAdapter(base: Model, folder: string, { rank, alpha }: Adapter): Model {
  const file = openTensorFile(join(folder, WEIGHTS_FILE));
  const tensors = new Map([...file.tensors].map(([name, weight]) => [name, weight.readFloat32()]));
  file.close();
  const specs = new Map(modelWeights(base.config, base.sections).map((spec) => [spec.name, spec]));
  return {
    ...base,
    weight: (name) => {
      const weight = base.weight(name);
      const module = moduleOf(specs.get(name)!);
      const [a, b] = [tensors.get(tensorName(module.name, "A")), tensors.get(tensorName(module.name, "B"))];
      return a && b ? withProduct(weight, a, b, module.rows, alpha / rank) : weight;
    },
  };
}

function withProduct(
  weight: Weight,
  a: Float32Array,
  b: Float32Array,
  places: Int32Array,
  scale: number,
): Weight {
  const { name, shape, columns } = weight;
  const all = a.length / columns;
  const values = weight.readFloat32().slice();
  places.forEach((place, row) => {
    for (let r = 0; r < all; r++) {
      const factor = scale * b[place * all + r]!;
      if (factor === 0) continue;
      for (let column = 0; column < columns; column++)
        values[row * columns + column]! += factor * a[r * columns + column]!;
    }
  });
  return fromFloat32(name, shape, values);
}

const moduleName = (weight: string) => weight.replace(/\.weight$/, "");

function moduleOf({ name, shape, fused }: WeightSpec): { name: string; rows: Int32Array } {
  if (fused) return { name: moduleName(fused.name), rows: fused.rows };
  return { name: moduleName(name), rows: Int32Array.from({ length: shape[0] }, (_, row) => row) };
}

function modulesOf({ config, sections }: Model, adapter: Adapter): Module[] {
  const modules = new Map<string, Module["parts"]>();
  for (const spec of modelWeights(config, sections)) {
    const pair = adapter.pair(spec.name);
    if (!pair) continue;
    const { name, rows } = moduleOf(spec);
    modules.set(name, [...(modules.get(name) ?? []), { spec, rows, ...pair }]);
  }
  return [...modules].map(([name, parts]) => {
    const { a, spec } = parts[0]!;
    return { name, parts, rank: (parts.length * a.length) / spec.shape[1]! };
  });
}
