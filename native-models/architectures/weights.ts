/** The weights of halves. */
import type { Norm, Role, WeightSpec } from "./architecture.ts";

/** A linear map `name` [out, in], with or without a bias [out]. */
export function projection(
  name: string,
  role: Role,
  shape: readonly [number, number],
  bias: boolean,
): WeightSpec[] {
  const matrix: WeightSpec = { name: `${name}.weight`, shape, role };
  return bias ? [matrix, { name: `${name}.bias`, shape: [shape[0]] }] : [matrix];
}

/** The weight of a norm over `width` numbers, if there is one. */
export const normWeights = (norm: Norm | undefined, width: number): WeightSpec[] =>
  norm ? [{ name: `${norm.name}.weight`, shape: [width] }] : [];

/** Weights that files store concatenated by rows as one weight `name`: "self_attn.qkv_proj.weight". */
export function fused(name: string, parts: readonly WeightSpec[]): WeightSpec[] {
  let first = 0;
  return parts.map((part) => {
    const rows = Int32Array.from({ length: part.shape[0] }, (_, row) => first + row);
    first += part.shape[0];
    return { ...part, fused: { name, rows } };
  });
}
