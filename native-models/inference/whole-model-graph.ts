/** One graph of all kept units, from the same maths as the training graphs: tokens and a cache in, logits and new rows out. */
import { blockWeight, EMBEDDING, FINAL_NORM, HEAD } from "../architectures/architecture.ts";
import type { BlockOps } from "../architectures/architecture.ts";
import { add, swiglu } from "../graph/elementwise.ts";
import { Graph, known } from "../graph/graph.ts";
import type { Dialect, Tensor } from "../graph/graph.ts";
import { rmsNorm } from "../graph/norm.ts";
import type { Largest } from "../graph/whole-numbers.ts";
import type { Model } from "../model.ts";
import { halvesOf } from "../training/unit-graphs.ts";
import { cachedAttention, positionInputs } from "./cached-attention.ts";
import type { Positions } from "./cached-attention.ts";
import { GraphWeights } from "./graph-weights.ts";
import { headInPlanes, wholeHead } from "./head.ts";
import type { Head } from "./head.ts";
import type { Precision } from "./precision.ts";
import { LargestInputs, PromptWeights } from "./prompt-weights.ts";
import type { BlockProducts } from "./prompt-weights.ts";
import type { WeightsFile } from "./weights-file.ts";

/** How the weights of a chat model lie. */
export interface Layout {
  readonly precision: Precision;
  /** Whether its head lies in two planes, not in fp32. */
  readonly headInPlanes: boolean;
}

export interface WholeModelOptions extends Layout {
  /** `cpu` unless a GPU provider is to run it. */
  readonly dialect?: Exclude<Dialect, "portable">;
  /** What makes the products of blocks; `MatMulNBits` unless given. */
  readonly blockProducts?: BlockProducts;
  /** Whether logits and rows come out, which they do unless told otherwise. */
  readonly answers?: boolean;
}

export interface WholeModel {
  readonly graph: Graph;
  readonly weights: WeightsFile;
  /** Index of each block that attends, and so has a cache. Without any, the graph has neither positions nor `rows`. */
  readonly caches: readonly number[];
}

/** A model for prompts, and what makes the weights that it has in memory, with the help of a graph that measures inputs. */
export interface PromptGraph {
  readonly graph: Uint8Array;
  readonly measuring: Uint8Array;
  readonly weights: PromptWeights;
}

/**
 * ids [N]; selected [n], the tokens whose logits are wanted; what `Positions` says; past.I.k and past.I.v [K, 1, P, Dh] of
 * each cache → logits [n, V]; rows [2·C·K, 1, N, Dh], what C caches are to remember: keys, then values, of each.
 */
export function wholeModelGraph(
  model: Model,
  { precision, headInPlanes: inPlanes, dialect = "cpu", blockProducts, answers = true }: WholeModelOptions,
): WholeModel {
  const { architecture, config, sections } = model;
  const graph = new Graph(dialect);
  const weights = new GraphWeights(graph, model, precision, blockProducts);
  const matrixBits = precision === "int8" ? 8 : 4;
  const caches: number[] = [];
  const rows: Tensor[] = [];
  let positions: Positions | undefined;

  const attention = (block: number, q: Tensor, k: Tensor, v: Tensor): Tensor => {
    positions ??= positionInputs(graph, config);
    const past = (side: "k" | "v") =>
      graph.input(`past.${block}.${side}`, "float32", [config.kvHeads, 1, "P", config.headDim]);
    const result = cachedAttention([q, k, v], { keys: past("k"), values: past("v") }, positions);
    rows.push(result.keys, result.values);
    caches.push(block);
    return result.mixed;
  };
  const blockOps = (block: number): BlockOps => {
    const upstream = (name: string) => blockWeight(block, name);
    return {
      linear: (x, ...names) => weights.projections(x, names.map(upstream), matrixBits) as never,
      rmsNorm: (x, name) => rmsNorm(x, weights.vector(upstream(`${name}.weight`)), config.normEpsilon),
      attention: (q, k, v) => attention(block, q, k, v),
      swiglu,
      add,
    };
  };

  const head = (name: string): Head =>
    inPlanes ? headInPlanes(weights, name, { candidates: dialect === "cpu" }) : wholeHead(weights, name);
  const embedding = config.tiedEmbedding ? head(EMBEDDING) : wholeHead(weights, EMBEDDING);
  const embedded = embedding.rows(graph.input("ids", "int32", ["N"])); // [N, D]
  const halves = sections.flatMap((section, block) => halvesOf(section).map((half) => ({ half, block })));
  const through = (x: Tensor, { half, block }: (typeof halves)[number]) =>
    architecture[half](x, blockOps(block));
  // No token looks at another after the last attention: only those whose logits are wanted go on.
  const lastAttention = halves.findLastIndex(({ half }) => half === "attention");
  const all = halves.slice(0, lastAttention + 1).reduce(through, embedded);
  const selected = graph.input("selected", "int32", ["n"]);
  const wanted = graph.node("Gather", [all, selected], { shape: ["n", known(all, 1)] }, { axis: 0 });
  const hidden = halves.slice(lastAttention + 1).reduce(through, wanted);
  if (!answers) return { graph, weights: weights.file, caches };
  const normed = rmsNorm(hidden, weights.vector(FINAL_NORM), config.normEpsilon);
  graph.output("logits", (config.tiedEmbedding ? embedding : head(HEAD)).logits(normed));
  if (rows.length > 0) {
    const shape = [rows.length * config.kvHeads, 1, "N", config.headDim];
    graph.output("rows", graph.node("Concat", rows, { shape }, { axis: 0 })); // one output costs less than many
  }
  return { graph, weights: weights.file, caches };
}

/**
 * The same graph for many tokens at a time, over the weights that a folder of that layout (not fp32) has, and over others in
 * memory; `largest` is what this processor bears (`largestFactor`).
 */
export function graphForPrompts(model: Model, layout: Layout, largest: Largest): PromptGraph {
  const weights = new PromptWeights(largest, model.config.intermediateSize);
  const prompts = wholeModelGraph(model, { ...layout, blockProducts: weights });
  const inputs = wholeModelGraph(model, { ...layout, blockProducts: new LargestInputs(), answers: false });
  return {
    graph: prompts.graph.encode("model for prompts"),
    measuring: inputs.graph.encode("inputs of products"),
    weights,
  };
}

/** The same graph for a GPU provider, over the weights that a folder of that layout has: nothing is read of the model but sizes. */
export function graphForGpu(model: Model, layout: Layout): Uint8Array {
  return wholeModelGraph(model, { ...layout, dialect: "gpu" }).graph.encode("model");
}
