/** Rotary frequencies and their scalings, from a config.json. */
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import type { JsonObject, Rope } from "./architecture.ts";

/** Kinds of scaling that `ropeOf` reads. */
const SCALINGS = ["default", "linear", "llama3"];

/**
 * The rotation of heads of `headDim` numbers: θ^(−2i/Dh) per pair, scaled according to `parameters`: none, `linear`, `llama3`, or
 * `factors` (a divisor per pair, as GGUF stores them). Source: transformers modeling_rope_utils.py. Throws
 * `unsupported-architecture` for another kind of scaling.
 */
export function ropeOf(parameters: JsonObject, headDim: number, defaultTheta = 10_000): Rope {
  const theta = number(parameters.rope_theta, defaultTheta);
  const plain = Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim));
  return { frequencies: scaled(plain, parameters), magnitude: 1 };
}

/** The rope parameters of a configuration in either of upstream's two spellings; `theta` fills in. */
export function ropeParameters(json: JsonObject): JsonObject {
  const scaling = (json.rope_parameters ?? json.rope_scaling ?? {}) as JsonObject;
  return { ...scaling, rope_theta: scaling.rope_theta ?? json.rope_theta };
}

function scaled(plain: readonly number[], parameters: JsonObject): number[] {
  const kind = parameters.rope_type ?? parameters.type ?? "default";
  switch (kind) {
    case "default":
      return [...plain];
    case "linear":
      return plain.map((frequency) => frequency / number(parameters.factor, 1));
    case "llama3":
      return plain.map((frequency) => stretched(frequency, parameters));
    case "factors":
      return plain.map((frequency, i) => frequency / (parameters.factors as number[])[i]!);
    default:
      return fail({
        code: "unsupported-architecture",
        modelType: `rope scaling "${shown(kind)}"`,
        supported: SCALINGS,
      });
  }
}

/** Low frequencies are divided by `factor`, high ones kept, those between interpolated (Llama 3.1). */
function stretched(frequency: number, parameters: JsonObject): number {
  const factor = number(parameters.factor, 8);
  const low = number(parameters.low_freq_factor, 1);
  const high = number(parameters.high_freq_factor, 4);
  const context = number(parameters.original_max_position_embeddings, 8192);
  const turns = (context * frequency) / (2 * Math.PI); // within the original context
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const blend = (turns - low) / (high - low);
  return ((1 - blend) * frequency) / factor + blend * frequency;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** Cosines and sines of `positions` positions from `first` on. Each [positions, rotated / 2]. */
export function ropeTables(
  { frequencies, magnitude }: Rope,
  positions: number,
  first = 0,
): { cos: Float32Array; sin: Float32Array } {
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      cos[position * half + i] = magnitude * Math.cos((first + position) * frequencies[i]!);
      sin[position * half + i] = magnitude * Math.sin((first + position) * frequencies[i]!);
    }
  }
  return { cos, sin };
}
