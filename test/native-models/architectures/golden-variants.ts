/**
 * The fixtures of `golden/variants/*.json`: for each key of a family's configuration, the logits of a tiny model in which it has
 * another value, made by transformers in float64 (test/lab/reference/golden-variants.py).
 */
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { readFixture } from "./golden-weights.ts";
import type { GoldenTensor, Hashed } from "./golden-weights.ts";

/** A configuration and the logits of its model at `positions`, [P, V]. */
export interface GoldenLogits {
  readonly config: JsonObject;
  readonly logits: GoldenTensor;
}

export interface GoldenVariant extends GoldenLogits {
  /** What is changed: the key, first of all. */
  readonly name: string;
  /** The largest difference from the base's logits. */
  readonly moved: number;
}

export interface GoldenVariants extends Hashed {
  /** One text. [T] */
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  readonly base: GoldenLogits;
  readonly variants: readonly GoldenVariant[];
}

/** The variants of a family, by its `model_type`. */
export const readVariants = (modelType: string) => readFixture(`variants/${modelType}`) as GoldenVariants;
