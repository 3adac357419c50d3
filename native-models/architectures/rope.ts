/** Rotary frequencies and their scalings, from a config.json. */
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import type { JsonObject } from "./architecture.ts";

/**
 * Angle per position of each pair, θ^(−2i/Dh), scaled as `rope_scaling` (or `rope_parameters`) says: none, `linear`,
 * `llama3`, or `factors` (a divisor per pair, as GGUF stores them). Source: transformers modeling_rope_utils.py.
 * @returns [Dh / 2]. Throws `unsupported-architecture` for another kind of scaling.
 */
export function ropeFrequencies(json: JsonObject, headDim: number): number[] {
  const scaling = (json.rope_parameters ?? json.rope_scaling ?? {}) as Record<string, unknown>;
  const theta = number(scaling.rope_theta ?? json.rope_theta, 10_000);
  const plain = Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim));
  const kind = scaling.rope_type ?? scaling.type ?? "default";
  switch (kind) {
    case "default":
      return plain;
    case "linear":
      return plain.map((frequency) => frequency / number(scaling.factor, 1));
    case "llama3":
      return plain.map((frequency) => llama3(frequency, scaling));
    case "factors":
      return plain.map((frequency, i) => frequency / (scaling.factors as number[])[i]!);
    default:
      return fail({
        code: "unsupported-architecture",
        modelType: `rope scaling "${shown(kind)}"`,
        supported: ["default", "linear", "llama3"],
      });
  }
}

/** Long waves are stretched by `factor`, short ones kept, those between blended (Llama 3.1). */
function llama3(frequency: number, scaling: Record<string, unknown>): number {
  const factor = number(scaling.factor, 8);
  const low = number(scaling.low_freq_factor, 1);
  const high = number(scaling.high_freq_factor, 4);
  const context = number(scaling.original_max_position_embeddings, 8192);
  const turns = (context * frequency) / (2 * Math.PI); // in the original context
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const blend = (turns - low) / (high - low);
  return ((1 - blend) * frequency) / factor + blend * frequency;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** Cosines and sines of `positions` positions from `first` on. Each [positions, Dh / 2]. */
export function ropeTables(
  frequencies: readonly number[],
  positions: number,
  first = 0,
): { cos: Float32Array; sin: Float32Array } {
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      cos[position * half + i] = Math.cos((first + position) * frequencies[i]!);
      sin[position * half + i] = Math.sin((first + position) * frequencies[i]!);
    }
  }
  return { cos, sin };
}
