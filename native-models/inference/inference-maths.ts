/** The maths of blocks in an inference graph; what mixes tokens is passed in, because graphs differ in how they keep earlier tokens. */
import { blockWeight } from "../architectures/architecture.ts";
import type { Attention, BlockOps, Norm } from "../architectures/architecture.ts";
import { deltaInputs } from "../graph/delta-rule.ts";
import type { DeltaInputs, DeltaRule } from "../graph/delta-rule.ts";
import { activate, add, addBias, gatedUnit, multiply, scale, softCap } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/graph.ts";
import { split } from "../graph/linear.ts";
import { headNorm, rmsNorm } from "../graph/norm.ts";
import { halvesOf, sectionWeights } from "../model.ts";
import type { Model } from "../model.ts";
import type { GraphWeights } from "./graph-weights.ts";
import type { Head } from "./head.ts";
import type { Product } from "./products.ts";
import { codeBytes, scaleCount } from "./quantise.ts";
import type { Bits } from "./quantise.ts";

/** Mixes the tokens of a block with each other and with a state of earlier ones. */
export interface Mixers {
  /** q [N, H·Dh], k and v [N, K·Dh] → [N, H·Dh] */
  attention(block: number, projected: readonly [Tensor, Tensor, Tensor], options: Attention): Tensor;
  /** The depthwise causal convolution `name` without its bias. x [N, C], weight [C, 1, W] → [N, C] */
  convolution(block: number, name: string, x: Tensor, weight: Tensor): Tensor;
  /** [N, H·Dv] */
  deltaRule(block: number, rule: DeltaRule, inputs: DeltaInputs): Tensor;
}

export class InferenceMaths {
  /** The products of the blocks whose maths was built so far, in that order. */
  readonly products: Product[] = [];
  readonly #model: Model;
  readonly #weights: GraphWeights;
  readonly #bitsOf: (product: Product) => Bits;
  readonly #mixers: Mixers;

  /** `bitsOf`: the bits of a product's matrices; not used if the weights are fp32. */
  constructor(model: Model, weights: GraphWeights, bitsOf: (product: Product) => Bits, mixers: Mixers) {
    this.#model = model;
    this.#weights = weights;
    this.#bitsOf = bitsOf;
    this.#mixers = mixers;
  }

  /** Normalises rows, or each of `heads` heads of a row, with the weight of this upstream name. [N, C] → [N, C] */
  norm(x: Tensor, norm: Norm, weight: string, heads = 1): Tensor {
    const factor = this.#weights.normFactor(weight, norm);
    return heads === 1 ? rmsNorm(x, factor, norm.epsilon) : headNorm(x, factor, norm.epsilon, heads);
  }

  /**
   * Passes embedded rows through all kept halves. After the last half that mixes tokens, rows are independent: only those that `wanted`
   * selects, whose logits are needed, continue. [N, D] → [n, D]
   */
  throughBlocks(rows: Tensor, wanted: (all: Tensor) => Tensor): Tensor {
    const { config, sections } = this.#model;
    const { embedding } = config.ends;
    const embedded = embedding.scale === 1 ? rows : scale(rows, embedding.scale);
    const halves = sections.flatMap((section, block) => halvesOf(section).map((half) => ({ half, block })));
    const through = (x: Tensor, { half, block }: (typeof halves)[number]) =>
      add(x, config.blocks[block]!.halves[half].branch(x, this.ops(block)));
    const lastMixer = halves.findLastIndex(({ half }) => half === "attention");
    const all = halves.slice(0, lastMixer + 1).reduce(through, embedded);
    return halves.slice(lastMixer + 1).reduce(through, wanted(all));
  }

  /** Logits of rows after all blocks: final norm, head, and its scale and cap. [n, D] → [n, V] */
  logits(hidden: Tensor, head: () => Head): Tensor {
    const { ends } = this.#model.config;
    const last = this.norm(hidden, ends.norm, `${ends.norm.name}.weight`);
    const products = head().logits(last);
    const scaled = ends.head.scale === 1 ? products : scale(products, ends.head.scale);
    return ends.head.cap === null ? scaled : softCap(scaled, ends.head.cap);
  }

  /** The operations of a block. */
  ops(block: number): BlockOps {
    const [weights, mixers] = [this.#weights, this.#mixers];
    const upstream = (name: string) => blockWeight(block, name);
    const specs = sectionWeights(this.#model.config.blocks[block]!, "block");
    return {
      linear: (x, ...names) => {
        const product = this.#product(block, names);
        return weights.projections(x, names.map(upstream), this.#bitsOf(product), product.role) as never;
      },
      rmsNorm: (x, norm, heads) => this.norm(x, norm, upstream(`${norm.name}.weight`), heads),
      attention: (q, k, v, options) => mixers.attention(block, [q, k, v], options),
      causalConvolution: (x, name) => {
        const y = mixers.convolution(block, name, x, weights.tensor(upstream(`${name}.weight`)));
        const bias = specs.some((spec) => spec.name === `${name}.bias`);
        return bias ? addBias(y, weights.vector(upstream(`${name}.bias`))) : y;
      },
      deltaRule: (projected, rule) => {
        const own = (weight: string) => weights.vector(upstream(`${rule.name}.${weight}`));
        const inputs = deltaInputs(projected, { aLog: own("A_log"), dtBias: own("dt_bias") }, rule);
        return mixers.deltaRule(block, rule, inputs);
      },
      activate,
      gatedUnit,
      multiply,
      scale,
      split,
    };
  }

  #product(block: number, names: readonly string[]): Product {
    const { halves } = this.#model.config.blocks[block]!;
    const weights = names.map((name) => `${name}.weight`);
    const half = halves.mlp.weights.some(({ name }) => name === weights[0]) ? "mlp" : "attention";
    const { role } = halves[half].weights.find(({ name }) => name === weights[0])!;
    const sizes = weights.map((name) => this.#model.weight(blockWeight(block, name)));
    const sum = (of: (columns: number) => number) =>
      sizes.reduce((total, { rows, columns }) => total + rows * of(columns), 0);
    const product: Product = {
      name: blockWeight(block, names[0]!),
      block,
      half,
      role,
      weights,
      codeBytes: sum((columns) => codeBytes(columns, 4)),
      scaleBytes: sum((columns) => 4 * scaleCount(columns)),
    };
    this.products.push(product);
    return product;
  }
}
