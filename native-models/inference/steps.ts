/**
 * A chat model as a list of steps for the native decoder (native-models/kernels/steps.h), which runs each step for many tokens at a time: from the
 * same maths as its graph, over the same weights, with only a few instructions between two steps.
 */
import { blockWeight, isTied } from "../architectures/architecture.ts";
import type { Attention, BlockOps, Norm, Rope } from "../architectures/architecture.ts";
import type { DeltaRule, ProjectedDelta } from "../graph/delta-rule.ts";
import type { Activation } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { halvesOf, sectionWeights } from "../model.ts";
import type { Model } from "../model.ts";
import { joinedProjections } from "./graph-weights.ts";
import { CANDIDATES } from "./head.ts";
import { bitsOfProduct } from "./products.ts";
import { PLANE } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import type { MadeRegion, Region, WeightsFile } from "./weights-file.ts";
import { wholeModelGraph } from "./whole-model-graph.ts";
import type { Layout, WholeModel } from "./whole-model-graph.ts";

/** A matrix [rows, columns], given by its codes and scales in the chat model's file. */
export interface MatrixRegions {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Bits;
  readonly codes: MadeRegion;
  /** Its own, or the index of an earlier matrix whose scales it shares. */
  readonly scales: Region | number;
}

/** The steps, and the lists to which they refer by index. */
export interface StepProgram {
  readonly steps: readonly DecoderStep[];
  readonly attentions: readonly AttentionStep[];
  readonly deltas: readonly DeltaStep[];
  readonly matrices: readonly MatrixRegions[];
  /** f32 each. */
  readonly vectors: readonly MadeRegion[];
  /** How many numbers steps work on per token, apart from its logits. */
  readonly rowSize: number;
  /** D */
  readonly hiddenSize: number;
  /** V */
  readonly logitsSize: number;
  /** The size of the file that the regions are in. */
  readonly weightsBytes: number;
}

/** As in native-models/kernels/steps.h; a field that a step does not use is 0, or −1 where 0 would be an index. */
export interface DecoderStep {
  readonly operation: number;
  readonly out: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly w: number;
  readonly n: number;
  readonly m: number;
  readonly k: number;
  readonly l: number;
  readonly f: number;
}

export interface AttentionStep extends Pick<
  Attention,
  "heads" | "kvHeads" | "headDim" | "scale" | "cap" | "window"
> {
  /** The index of its rotation in the chat model's description; null: positions are not encoded. */
  readonly rotation: number | null;
}

/** A gated delta rule, with the vectors A_log and dt_bias, and its state. */
export interface DeltaStep extends Omit<DeltaRule, "name"> {
  readonly rate: number;
  readonly bias: number;
  readonly state: number;
}

const OPERATIONS = {
  embed: 1,
  norm: 2,
  add: 3,
  scale: 4,
  product: 5,
  gated: 6,
  activate: 7,
  multiply: 8,
  attend: 9,
  softCap: 10,
  pick: 11,
  candidates: 12,
  convolve: 13,
  delta: 14,
} as const;

const ACTIVATIONS: Readonly<Record<Activation, number>> = { silu: 0, "gelu-tanh": 1, sigmoid: 2 };

/** The steps of a chat model in this layout, of its graph; null for fp32, for which the native decoder has no products. */
export function stepsOf(
  model: Model,
  layout: Layout,
  whole = wholeModelGraph(model, layout),
): StepProgram | null {
  return layout.precision === "fp32" ? null : new StepBuilder(model, layout, whole).program();
}

class StepBuilder implements BlockOps {
  readonly #model: Model;
  readonly #layout: Layout;
  readonly #weights: WeightsFile;
  readonly #rotations: readonly Rope[];
  readonly #steps: DecoderStep[] = [];
  readonly #attentions: AttentionStep[] = [];
  readonly #deltas: DeltaStep[] = [];
  /** How many states are used so far; their order is that of the chat model's description. */
  #states = 0;
  readonly #matrices = new Map<string, MatrixRegions>();
  readonly #vectors = new Map<string, MadeRegion>();
  /** Values are ranges of a token's row, or of its logits; the graph exists only because a tensor has one. */
  readonly #graph = new Graph();
  readonly #placed = new Map<string, number>();
  #block = 0;
  #used = 0;
  #size = 0;

  constructor(model: Model, layout: Layout, { weights, rotations }: WholeModel) {
    this.#model = model;
    this.#layout = layout;
    this.#weights = weights;
    this.#rotations = rotations;
  }

  program(): StepProgram {
    const { config, sections } = this.#model;
    const { ends } = config;
    const width = config.hiddenSize;
    const inPlanes = this.#layout.headInPlanes;
    const isOne = isTied(ends);
    const [first, second] = [this.#place(width), this.#place(width)];
    const logits = this.#tensor(config.vocabularySize, LOGITS);
    const embedding = this.#head(ends.embedding.name, isOne && inPlanes);
    this.#step("embed", { out: this.#at(first), w: embedding.whole, z: embedding.low });
    if (ends.embedding.scale !== 1) this.#scaled(first, ends.embedding.scale, first);

    let [stream, other] = [first, second];
    for (const [block, section] of sections.entries())
      for (const half of halvesOf(section)) {
        this.#block = block;
        const mark = this.#used;
        const branch = config.blocks[block]!.halves[half].branch(stream, this);
        this.#step("add", { out: this.#at(other), x: this.#at(stream), y: this.#at(branch), n: width });
        [stream, other] = [other, stream];
        this.#used = mark;
      }

    const last = this.#normed(stream, ends.norm, `${ends.norm.name}.weight`, 1);
    const head = isOne ? embedding : this.#head(ends.head.name, inPlanes);
    this.#logits(last, head, logits);
    if (ends.head.scale !== 1) this.#scaled(logits, ends.head.scale, logits);
    if (ends.head.cap !== null)
      this.#step("softCap", {
        out: this.#at(logits),
        x: this.#at(logits),
        n: config.vocabularySize,
        f: ends.head.cap,
      });
    return {
      steps: this.#steps,
      attentions: this.#attentions,
      deltas: this.#deltas,
      matrices: [...this.#matrices.values()],
      vectors: [...this.#vectors.values()],
      rowSize: this.#size,
      hiddenSize: width,
      logitsSize: config.vocabularySize,
      weightsBytes: this.#weights.sizeBytes,
    };
  }

  #logits(x: Tensor, { whole, low }: { whole: number; low: number }, to: Tensor): void {
    if (low < 0) return this.#step("product", { out: this.#at(to), x: this.#at(x), w: whole });
    const raised = this.#place(widthOf(x));
    this.#scaled(x, PLANE, raised);
    this.#step("product", { out: this.#at(to), x: this.#at(raised), w: whole });
    const rows = widthOf(to);
    const n = Math.min(CANDIDATES, rows);
    this.#step("candidates", { out: this.#at(to), x: this.#at(x), w: low, n, m: rows });
  }

  /** The indices of a matrix of the ends, and of its low plane; −1 without one. */
  #head(name: string, inPlanes: boolean): { whole: number; low: number } {
    const { rows, columns } = this.#model.weight(name);
    const sizes = { rows, columns };
    if (!inPlanes) return { whole: this.#matrix(name, "codes", { ...sizes, bits: 8 }), low: -1 };
    const whole = this.#matrix(name, "high", { ...sizes, bits: 4 });
    return { whole, low: this.#matrix(name, "low", { ...sizes, bits: 4 }, whole) };
  }

  linear(x: Tensor, ...names: readonly string[]): never {
    const upstream = names.map((name) => this.#named(name));
    const bits = bitsOfProduct(this.#layout, upstream[0]!);
    return joinedProjections(this.#model, upstream).flatMap((joined) =>
      this.#product(x, joined, bits),
    ) as never;
  }

  /** Projections whose matrices are stored one after another, as one product. */
  #product(
    x: Tensor,
    { names, hasBias }: { names: readonly string[]; hasBias: boolean },
    bits: Bits,
  ): Tensor[] {
    const ends = (end: string) => names.map((name) => `${name}.${end}`);
    const weights = ends("weight").map((name) => this.#model.weight(name));
    const rows = weights.reduce((sum, weight) => sum + weight.rows, 0);
    const sizes = { rows, columns: weights[0]!.columns, bits };
    const w = this.#matrix(ends("weight").join("+"), "codes", sizes);
    const y = hasBias ? this.#vector(ends("bias").join("+")) : -1;
    const whole = this.#place(rows);
    this.#step("product", { out: this.#at(whole), x: this.#at(x), w, y });
    let first = this.#at(whole);
    return weights.map((weight) => {
      const part = this.#tensor(weight.rows, first);
      first += weight.rows;
      return part;
    });
  }

  rmsNorm(x: Tensor, norm: Norm, heads = 1): Tensor {
    return this.#normed(x, norm, this.#named(`${norm.name}.weight`), heads);
  }

  #normed(x: Tensor, { epsilon }: Norm, weight: string, heads: number): Tensor {
    const out = this.#place(widthOf(x));
    const w = this.#vector(weight);
    this.#step("norm", {
      out: this.#at(out),
      x: this.#at(x),
      w,
      n: heads,
      m: widthOf(x) / heads,
      f: epsilon,
    });
    return out;
  }

  attention(q: Tensor, k: Tensor, v: Tensor, attention: Attention): Tensor {
    const { heads, kvHeads, headDim, scale, cap, window, rope } = attention;
    const rotation = rope ? this.#rotations.indexOf(rope) : null;
    const out = this.#place(heads * headDim);
    const w = this.#attentions.push({ heads, kvHeads, headDim, scale, cap, window, rotation }) - 1;
    this.#step("attend", { out: this.#at(out), x: this.#at(q), y: this.#at(k), z: this.#at(v), w });
    return out;
  }

  gatedUnit(activation: Activation, gate: Tensor, up: Tensor): Tensor {
    const out = this.#place(widthOf(gate));
    const m = ACTIVATIONS[activation];
    this.#step("gated", { out: this.#at(out), x: this.#at(gate), y: this.#at(up), n: widthOf(gate), m });
    return out;
  }

  activate(activation: Activation, x: Tensor): Tensor {
    const out = this.#place(widthOf(x));
    this.#step("activate", { out: this.#at(out), x: this.#at(x), n: widthOf(x), m: ACTIVATIONS[activation] });
    return out;
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    const out = this.#place(widthOf(a));
    this.#step("multiply", { out: this.#at(out), x: this.#at(a), y: this.#at(b), n: widthOf(a) });
    return out;
  }

  scale(x: Tensor, factor: number): Tensor {
    const out = this.#place(widthOf(x));
    this.#scaled(x, factor, out);
    return out;
  }

  split(x: Tensor, widths: readonly number[], heads = 1): Tensor[] {
    const row = widthOf(x) / heads;
    let first = 0;
    return widths.map((width) => {
      const out = this.#place(heads * width);
      const sizes = { n: heads, m: first, k: width, l: row };
      this.#step("pick", { out: this.#at(out), x: this.#at(x), ...sizes });
      first += width;
      return out;
    });
  }

  causalConvolution(x: Tensor, name: string): Tensor {
    const [weight, bias] = ["weight", "bias"].map((end) => this.#named(`${name}.${end}`)) as [string, string];
    const channels = widthOf(x);
    const out = this.#place(channels);
    const hasBias = sectionWeights(this.#model.config.blocks[this.#block]!, "block").some(
      (spec) => spec.name === `${name}.bias`,
    );
    this.#step("convolve", {
      out: this.#at(out),
      x: this.#at(x),
      y: hasBias ? this.#vector(bias) : -1,
      w: this.#vector(weight),
      n: channels,
      m: this.#weights.regionNamed(weight).byteLength / 4 / channels,
      k: this.#states++,
    });
    return out;
  }

  deltaRule({ queries, keys, values, decay, beta }: ProjectedDelta, { name, ...sizes }: DeltaRule): Tensor {
    const own = (weight: string) => this.#vector(this.#named(`${name}.${weight}`));
    const state = this.#states++;
    const w = this.#deltas.push({ ...sizes, rate: own("A_log"), bias: own("dt_bias"), state }) - 1;
    const out = this.#place(widthOf(values));
    const [x, y, z] = [queries, keys, values].map((tensor) => this.#at(tensor)) as [number, number, number];
    this.#step("delta", { out: this.#at(out), x, y, z, w, k: this.#at(decay), l: this.#at(beta) });
    return out;
  }

  #scaled(x: Tensor, factor: number, to: Tensor): void {
    this.#step("scale", { out: this.#at(to), x: this.#at(x), n: widthOf(x), f: factor });
  }

  #step(operation: keyof typeof OPERATIONS, given: Partial<DecoderStep>): void {
    const nothing = { out: 0, x: 0, y: -1, z: -1, w: -1, n: 0, m: 0, k: 0, l: 0, f: 0 };
    this.#steps.push({ ...nothing, ...given, operation: OPERATIONS[operation] });
  }

  #matrix(
    name: string,
    kind: string,
    sizes: Pick<MatrixRegions, "rows" | "columns" | "bits">,
    scalesOf?: number,
  ): number {
    const codes = this.#weights.regionNamed(`${name}.${kind}`);
    const scales = scalesOf ?? this.#weights.regionNamed(`${name}.scales`);
    return numbered(this.#matrices, `${name}.${kind}`, { ...sizes, codes, scales });
  }

  #vector(name: string): number {
    return numbered(this.#vectors, name, this.#weights.regionNamed(name));
  }

  /** The upstream name of a weight of the current block. */
  #named(name: string): string {
    return blockWeight(this.#block, name);
  }

  #place(width: number): Tensor {
    const tensor = this.#tensor(width, this.#used);
    this.#used += placeSize(width);
    this.#size = Math.max(this.#size, this.#used);
    return tensor;
  }

  #tensor(width: number, at: number): Tensor {
    const name = `${at} ${width}`;
    this.#placed.set(name, at);
    return { graph: this.#graph, name, type: "float32", shape: ["N", width] };
  }

  #at({ name }: Tensor): number {
    return this.#placed.get(name)!;
  }
}

/** The place of a token's logits (native-models/kernels/steps.h). */
const LOGITS = 2 ** 31;

/** Values start at multiples of this many numbers. */
const ALIGNMENT = 16;

/** How many numbers a value of this width takes in a row. */
export const placeSize = (width: number): number => Math.ceil(width / ALIGNMENT) * ALIGNMENT;

const widthOf = ({ shape }: Tensor) => shape[1] as number;

/** The index of an element, which is added if it is new. */
function numbered<Element>(elements: Map<string, Element>, name: string, element: Element): number {
  if (!elements.has(name)) elements.set(name, element);
  return [...elements.keys()].indexOf(name);
}
