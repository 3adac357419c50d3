/** The products of a chat model's blocks: what its weights are rounded by, and which of them keep more bits than the others. */
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
  /** Of the first projection. */
  readonly role: Role | undefined;
  /** The projections' matrices, by their names relative to the block. */
  readonly weights: readonly string[];
  /** Its codes in 4 bits, and their scales, in bytes; in 8 bits there are as many scales, and twice as many bytes of codes. */
  readonly codeBytes: number;
  readonly scaleBytes: number;
}

/** How a chat model stores the products of its blocks. */
export interface ProductLayout {
  readonly precision: Precision;
  /** Products that have 8 bits where the others have 4, by their names; only in int4. */
  readonly raised?: readonly string[] | undefined;
}

/** The bits of the product of that name; of no meaning in fp32. */
export const bitsOfProduct = ({ precision, raised = [] }: ProductLayout, name: string): Bits =>
  precision === "int8" || raised.includes(name) ? 8 : 4;

/** Upstream's names of the matrices of the products of these names. */
export const matricesOf = (products: readonly Product[], names: readonly string[]): string[] =>
  products.flatMap(({ name, block, weights }) =>
    names.includes(name) ? weights.map((weight) => blockWeight(block, weight)) : [],
  );

/** What all products take in 4 bits, in bytes. */
export const productBytes = (products: readonly Product[]): number =>
  products.reduce((sum, { codeBytes, scaleBytes }) => sum + codeBytes + scaleBytes, 0);

/** What the products of these names take beyond that in 8 bits, in bytes. */
export const raisedBytes = (products: readonly Product[], names: readonly string[]): number =>
  products.reduce((sum, { name, codeBytes }) => sum + (names.includes(name) ? codeBytes : 0), 0);
