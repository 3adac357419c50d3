/** The products of a chat model's blocks: which of its weights are rounded together, and which keep more bits than the others. */
import { blockWeight } from "../architectures/architecture.ts";
import type { Half, Role } from "../architectures/architecture.ts";
import type { Precision } from "./precision.ts";
import type { Bits } from "./quantise.ts";

/** Projections of one input: they are one matrix, or one each where only some have a bias, and have the same bits. */
export interface Product {
  /** Upstream's name of its first projection: "model.layers.3.mlp.down_proj". */
  readonly name: string;
  readonly block: number;
  readonly half: Half;
  /** The role of the first projection. */
  readonly role: Role | undefined;
  /** The projections' matrices, by their names relative to the block. */
  readonly weights: readonly string[];
  /** The bytes of its codes in 4 bits, and of their scales; in 8 bits, codes take twice as much and scales the same. */
  readonly codeBytes: number;
  readonly scaleBytes: number;
}

/** How a chat model stores the products of its blocks. */
export interface ProductLayout {
  readonly precision: Precision;
  /** Products that have 8 bits where the others have 4, by their names; only in int4. */
  readonly raised?: readonly string[] | undefined;
}

/** The bits of the product of this name; meaningless in fp32. */
export const bitsOfProduct = ({ precision, raised = [] }: ProductLayout, name: string): Bits =>
  precision === "int8" || raised.includes(name) ? 8 : 4;

/** Upstream's names of the matrices of the products of these names. */
export const matricesOf = (products: readonly Product[], names: readonly string[]): string[] =>
  products.flatMap(({ name, block, weights }) =>
    names.includes(name) ? weights.map((weight) => blockWeight(block, weight)) : [],
  );

/** The size of all products in 4 bits, in bytes. */
export const productBytes = (products: readonly Product[]): number =>
  products.reduce((sum, { codeBytes, scaleBytes }) => sum + codeBytes + scaleBytes, 0);

/** By how much the products of these names are larger in 8 bits, in bytes. */
export const raisedBytes = (products: readonly Product[], names: readonly string[]): number =>
  products.reduce((sum, { name, codeBytes }) => sum + (names.includes(name) ? codeBytes : 0), 0);
