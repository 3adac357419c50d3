/**
 * Which type each tensor of a GGUF file gets, as llama.cpp mixes them (its quantiser): the output, and the values and
 * down-projections of some layers, keep more bits than the rest.
 */
import { STORAGE } from "../weights.ts";
import type { EncodedStorage } from "../formats/storage.ts";
import type { Mix } from "./mixes.ts";

/** The type of most matrices. */
const USUAL: Record<Mix, EncodedStorage> = {
  F16: "f16",
  Q8_0: "q8_0",
  Q6_K: "q6_k",
  Q5_K_M: "q5_k",
  Q5_1: "q5_1",
  Q5_0: "q5_0",
  Q4_K_M: "q4_k",
  Q4_1: "q4_1",
  Q4_0: "q4_0",
};

/** A tensor by its name in the file. */
export interface MixedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly columns: number;
}

/** The type of each tensor, in order, in a model of `layers` layers. */
export function mixedTypes(mix: Mix, tensors: readonly MixedTensor[], layers: number): EncodedStorage[] {
  const named = (part: string) => tensors.filter(({ name }) => name.includes(part)).map(({ name }) => name);
  const values = [...named("attn_v.weight"), ...named("attn_qkv.weight")].sort(byLayer);
  const downs = named("ffn_down.weight").sort(byLayer);
  const isTied = !tensors.some(({ name }) => name === "output.weight");
  const wanted = ({ name }: MixedTensor): EncodedStorage => {
    if (name === "output.weight" || (isTied && name === "token_embd.weight"))
      return mix === "Q8_0" ? "q8_0" : "q6_k";
    if (mix !== "Q4_K_M" && mix !== "Q5_K_M") return USUAL[mix];
    if (name.includes("attn_qkv.weight")) return mix === "Q4_K_M" ? "q5_k" : "q6_k";
    const more =
      (name.includes("attn_v.weight") && hasMoreBits(values.indexOf(name), values.length)) ||
      (name.includes("ffn_down.weight") && hasMoreBits(downs.indexOf(name), layers));
    return more ? "q6_k" : USUAL[mix];
  };
  return tensors.map((tensor) => {
    if (!isQuantised(tensor)) return "f32";
    return mix === "F16" ? "f16" : fitting(wanted(tensor), tensor.columns);
  });
}

/** All matrices except the few whose elements are used one by one. */
const isQuantised = ({ name, shape }: MixedTensor): boolean =>
  shape.length === 2 && name.endsWith("weight") && !/norm|conv1d|shortconv\.conv|gate_inp/.test(name);

/** The first and last eighth of layers, and every third between. */
function hasMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}

/** The type itself, or the next that has whole blocks in rows of this length. */
function fitting(storage: EncodedStorage, columns: number): EncodedStorage {
  const fits = (type: EncodedStorage) => columns % STORAGE[type].block === 0;
  if (fits(storage)) return storage;
  const next = SMALLER_BLOCKS[storage];
  return next !== undefined && fits(next) ? next : "f16";
}

const SMALLER_BLOCKS: Partial<Record<EncodedStorage, EncodedStorage>> = {
  q4_k: "q5_0",
  q5_k: "q5_1",
  q6_k: "q8_0",
};

const layerOf = (name: string) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
const byLayer = (a: string, b: string) => layerOf(a) - layerOf(b);
