/**
 * Weights that are stored separately from their scales: 8-bit floats of safetensors, and GGUF tensors with a factor.
 */
import type { JsonObject } from "./architectures/architecture.ts";
import { fail } from "./failure.ts";
import { StoredWeight } from "./formats/stored-weight.ts";
import type { TensorFile } from "./formats/tensor-file.ts";
import { tensorSection } from "./formats/tensor-file.ts";
import { shown } from "./shown.ts";
import type { Find } from "./stored-layout.ts";
import type { Weight } from "./weights.ts";

/** Methods whose 8-bit floats are read; of other types that they write, the first weight is refused. */
const READ_METHODS = ["fp8", "fbgemm_fp8", "compressed-tensors", "modelopt"];

/** What replaces "weight" in the name of a scale. Floats are multiplied by either, in spite of "inv". */
const SCALES = ["weight_scale_inv", "weight_scale"];

/** The usual block that shares a scale, where the configuration does not say. */
const BLOCK: readonly [number, number] = [128, 128];

/**
 * Finds the weights of a file that `json`, its config.json, describes. Throws `unsupported-quantisation`; finding throws it too, and
 * `corrupt-file` for scales that do not fit their weight.
 */
export function dequantised(file: TensorFile, json: JsonObject): Find {
  const method = methodOf(json);
  if (method !== null && !READ_METHODS.includes(method)) return refuse(file, method);
  const block = blockOf(json);
  return (name) => {
    const weight = file.tensors.get(name);
    if (method !== null && (!weight || file.unsupported.has(name))) return refuse(file, method);
    if (!weight || file.unsupported.has(name) || !weight.storage.startsWith("f8_")) return weight;
    const scale = SCALES.flatMap((key) => file.tensors.get(name.replace(/weight$/, key)) ?? [])[0];
    return scale && scale !== weight ? scaled(file.path, weight, scale, block) : weight;
  };
}

/** Finds the tensors of a GGUF file, multiplied by the factors that some have. Finding throws `corrupt-file`. */
export const withFactors =
  ({ path, tensors }: TensorFile): Find =>
  (name) => {
    const weight = tensors.get(name);
    const factor = name.endsWith(".weight") ? tensors.get(name.replace(/weight$/, "scale")) : undefined;
    return weight && factor ? scaled(path, weight, factor, BLOCK) : weight;
  };

/** A configuration without the keys of its quantisation: the weights that are read are not quantised. */
export function withoutQuantisation(json: JsonObject): JsonObject {
  const kept = Object.entries(json).filter(
    ([key]) => key !== "quantization_config" && key !== "quantization",
  );
  return Object.fromEntries(kept);
}

function methodOf(json: JsonObject): string | null {
  const config = json.quantization_config ?? json.quantization ?? null;
  if (typeof config !== "object" || config === null) return null;
  const method = (config as JsonObject).quant_method;
  return method === undefined ? "MLX" : shown(method); // mlx-lm writes none
}

function blockOf({ quantization_config: config }: JsonObject): readonly [number, number] {
  const block = ((config ?? {}) as JsonObject).weight_block_size;
  const isBlock =
    Array.isArray(block) && block.length === 2 && block.every((size) => Number.isInteger(size) && size > 0);
  return isBlock ? (block as [number, number]) : BLOCK;
}

/** A weight whose floats are multiplied by one scale, by one for each row, or by one for each block. */
function scaled(path: string, weight: Weight, scale: Weight, usual: readonly [number, number]): Weight {
  const { rows, columns } = weight;
  const [down, across] = gridOf(scale);
  const block = blockOfGrid([rows, columns], [down, across], usual);
  if (block === null) {
    const reason = `its shape [${scale.shape.join(", ")}] does not fit a weight of [${weight.shape.join(", ")}]`;
    return fail({ code: "corrupt-file", path, section: tensorSection(scale.name), reason });
  }
  const [blockRows, blockColumns] = block;
  let scales: Float32Array | undefined;
  return new StoredWeight(weight.name, "f32", weight.shape, (first, count) => {
    scales ??= scale.readFloat32();
    const values = weight.readFloat32(first, count);
    for (let row = 0; row < count; row++) {
      const from = Math.floor((first + row) / blockRows) * across;
      for (let column = 0; column < columns; column++)
        values[row * columns + column]! *= scales[from + Math.floor(column / blockColumns)]!;
    }
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
}

/** Scales down and across: a vector has one for each row. */
function gridOf({ shape }: Weight): readonly [number, number] {
  const [down = 1, across = 1] = shape;
  return shape.length > 2 ? [NaN, NaN] : [down, across];
}

/** The rows and columns that share a scale; null if the grid does not fit. */
function blockOfGrid(
  size: readonly [number, number],
  grid: readonly [number, number],
  usual: readonly [number, number],
): readonly [number, number] | null {
  const fits = (block: readonly [number, number]) =>
    block.every((length, axis) => Math.ceil(size[axis]! / length) === grid[axis]);
  const even: [number, number] = [size[0] / grid[0], size[1] / grid[1]];
  if (fits(usual)) return usual;
  return even.every(Number.isInteger) ? even : null;
}

function refuse({ path }: TensorFile, method: string): never {
  return fail({ code: "unsupported-quantisation", path, method: NAMES[method] ?? method });
}

/** How people write the methods. */
const NAMES: Readonly<Record<string, string>> = {
  gptq: "GPTQ",
  awq: "AWQ",
  hqq: "HQQ",
  aqlm: "AQLM",
};
