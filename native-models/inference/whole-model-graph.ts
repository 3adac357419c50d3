/** One graph of all kept units, from the same maths as the training graphs: tokens and a cache in, logits and new rows out. */
import { isTied } from "../architectures/architecture.ts";
import type { Attention, Rope } from "../architectures/architecture.ts";
import { continuedConvolution } from "../graph/convolution.ts";
import { continuedDeltaRule } from "../graph/delta-rule.ts";
import { Graph, known } from "../graph/graph.ts";
import type { Dialect, Tensor } from "../graph/graph.ts";
import type { Largest } from "../graph/int8.ts";
import type { Model } from "../model.ts";
import { cachedAttention, PositionInputs } from "./cached-attention.ts";
import { GraphWeights } from "./graph-weights.ts";
import { headInPlanes, wholeHead } from "./head.ts";
import type { Head } from "./head.ts";
import { InferenceMaths } from "./inference-maths.ts";
import { bitsOfProduct } from "./products.ts";
import type { Product, ProductLayout } from "./products.ts";
import { LargestInputs, PromptWeights } from "./prompt-weights.ts";
import type { BlockProducts } from "./prompt-weights.ts";
import type { WeightsFile } from "./weights-file.ts";

/** The storage layout of a chat model's weights. */
export interface Layout extends ProductLayout {
  /** Whether its head is stored in two planes; not for fp32. */
  readonly headInPlanes: boolean;
}

export interface WholeModelOptions extends Layout {
  /** `cpu`, unless a GPU provider runs it. */
  readonly dialect?: Exclude<Dialect, "portable">;
  /** Builds the products of blocks; `MatMulNBits` by default. */
  readonly blockProducts?: BlockProducts;
  /** Whether logits and rows are outputs; true by default. */
  readonly answers?: boolean;
}

export interface WholeModel {
  readonly graph: Graph;
  readonly weights: WeightsFile;
  /** The states of earlier tokens that are kept. Without any attention, the graph has neither positions nor `rows`. */
  readonly states: readonly BlockState[];
  /** The distinct rotations and windows of its attentions, by the numbers in the names of their inputs. */
  readonly rotations: readonly Rope[];
  readonly windows: readonly (number | null)[];
  /** The products of its blocks, starting at the input. */
  readonly products: readonly Product[];
}

/** What is kept for a block between runs: an attention's keys and values, or a tensor that each run replaces. */
export type BlockState = AttentionCache | RecurrentTensor;

export interface AttentionCache {
  readonly kind: "attention";
  readonly block: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
}

export interface RecurrentTensor {
  readonly kind: "recurrent";
  readonly block: number;
  /** As in the architecture's `MixerState`. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** The names of a recurrent tensor's input and of its output. */
export const tensorBefore = ({ block, name }: Omit<RecurrentTensor, "shape">) => `before.${block}.${name}`;
export const tensorAfter = ({ block, name }: Omit<RecurrentTensor, "shape">) => `after.${block}.${name}`;

/** A prompt graph, its in-memory weights, and a graph that measures inputs for them. */
export interface PromptGraph {
  readonly graph: Uint8Array;
  readonly measuring: Uint8Array;
  readonly weights: PromptWeights;
}

/**
 * ids [N]; selected [n], the tokens whose logits are wanted; the inputs of `PositionInputs`; past.I.k and past.I.v [K, 1, P, Dh]
 * of each attention; before.I.name of each recurrent tensor → logits [n, V]; rows [Σ 2·K, 1, N, Dh], to be cached: keys, then
 * values, of each attention; after.I.name of each recurrent tensor.
 */
export function wholeModelGraph(
  model: Model,
  {
    precision,
    raised,
    headInPlanes: inPlanes,
    dialect = "cpu",
    blockProducts,
    answers = true,
  }: WholeModelOptions,
): WholeModel {
  const { config } = model;
  const graph = new Graph(dialect);
  const weights = new GraphWeights(graph, model, precision, blockProducts ? { blockProducts } : {});
  const states: BlockState[] = [];
  const rows: Tensor[] = [];
  const positions = new PositionInputs(graph);

  const attention = (
    block: number,
    projected: readonly [Tensor, Tensor, Tensor],
    options: Attention,
  ): Tensor => {
    const { kvHeads, headDim } = options;
    const past = (side: "k" | "v") =>
      graph.input(`past.${block}.${side}`, "float32", [kvHeads, 1, "P", headDim]);
    const result = cachedAttention(projected, { keys: past("k"), values: past("v") }, options, positions);
    rows.push(result.keys, result.values);
    states.push({ kind: "attention", block, kvHeads, headDim });
    return result.mixed;
  };
  const recurrent = (
    block: number,
    name: string,
    run: (before: Tensor) => { output: Tensor; after: Tensor },
  ) => {
    const { state } = config.blocks[block]!.halves.attention;
    if (state?.kind !== "recurrent") throw new Error(`block ${block} has no recurrent state`);
    const tensor: RecurrentTensor = { kind: "recurrent", block, name, shape: state.tensors[name]! };
    const { output, after } = run(graph.input(tensorBefore(tensor), "float32", tensor.shape));
    if (answers) graph.output(tensorAfter(tensor), after);
    states.push(tensor);
    return output;
  };
  const maths = new InferenceMaths(model, weights, ({ name }) => bitsOfProduct({ precision, raised }, name), {
    attention,
    convolution: (block, name, x, weight) =>
      recurrent(block, name, (before) => {
        const { output, inputs } = continuedConvolution(x, weight, before);
        return { output, after: inputs };
      }),
    deltaRule: (block, { name, heads }, inputs) =>
      recurrent(block, name, (before) => continuedDeltaRule(inputs, before, heads)),
  });

  const head = (name: string): Head =>
    inPlanes ? headInPlanes(weights, name, { candidates: dialect === "cpu" }) : wholeHead(weights, name);
  const { ends } = config;
  const embedding = isTied(ends) ? head(ends.embedding.name) : wholeHead(weights, ends.embedding.name);
  const hidden = maths.throughBlocks(embedding.rows(graph.input("ids", "int32", ["N"])), (all) => {
    const selected = graph.input("selected", "int32", ["n"]);
    return graph.node("Gather", [all, selected], { shape: ["n", known(all, 1)] }, { axis: 0 });
  });
  const { rotations, windows } = positions;
  const { products } = maths;
  const whole = { graph, weights: weights.file, states, rotations, windows, products };
  if (!answers) return whole;
  const logits = maths.logits(hidden, () => (isTied(ends) ? embedding : head(ends.head.name)));
  graph.output("logits", logits);
  const caches = states.filter((state) => state.kind === "attention");
  if (caches.length > 0) {
    const { headDim } = caches[0]!;
    const shape = [caches.reduce((sum, { kvHeads }) => sum + 2 * kvHeads, 0), 1, "N", headDim];
    graph.output("rows", graph.node("Concat", rows, { shape }, { axis: 0 })); // one output costs less than many
  }
  return whole;
}

/** The products of a model's blocks, starting at the input: no weight is read. */
export const productsOf = (model: Model): readonly Product[] =>
  wholeModelGraph(model, { precision: "int4", headInPlanes: false }).products;

/**
 * The same graph for many tokens at a time, over the weights of a folder with this layout (not fp32), and over int8 weights in memory;
 * `largest` is the range that this CPU computes exactly (`largestFactor`).
 */
export function graphForPrompts(model: Model, layout: Layout, largest: Largest): PromptGraph {
  const weights = new PromptWeights(largest);
  const prompts = wholeModelGraph(model, { ...layout, blockProducts: weights });
  const inputs = wholeModelGraph(model, { ...layout, blockProducts: new LargestInputs(), answers: false });
  return {
    graph: prompts.graph.encode("model for prompts"),
    measuring: inputs.graph.encode("inputs of products"),
    weights,
  };
}

/** The same graph for a GPU provider, over the weights of a folder with this layout: only the model's sizes are read. */
export function graphForGpu(model: Model, layout: Layout): Uint8Array {
  return wholeModelGraph(model, { ...layout, dialect: "gpu" }).graph.encode("model");
}
