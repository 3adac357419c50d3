/** One graph of all kept units, from the same maths as the training graphs: tokens and a cache in, logits and new rows out. */
import { blockWeight, EMBEDDING, FINAL_NORM, HEAD } from "../architectures/architecture.ts";
import type { BlockOps } from "../architectures/architecture.ts";
import { add, swiglu } from "../graph/elementwise.ts";
import { Graph, known } from "../graph/graph.ts";
import type { Dialect, Tensor } from "../graph/graph.ts";
import { rmsNorm } from "../graph/norm.ts";
import type { Model } from "../model.ts";
import { halvesOf } from "../training/unit-graphs.ts";
import { cachedAttention, positionInputs } from "./cached-attention.ts";
import type { Positions } from "./cached-attention.ts";
import { GraphWeights } from "./graph-weights.ts";
import type { Precision } from "./precision.ts";
import { PromptWeights } from "./prompt-weights.ts";
import type { WeightsFile } from "./weights-file.ts";

/** The head decides between tokens, and its rows are the embedding too: it keeps more bits than other matrices. */
const HEAD_BITS = 8;

export interface WholeModelOptions {
  readonly precision: Precision;
  /** `cpu` unless a GPU provider is to run it. */
  readonly dialect?: Exclude<Dialect, "portable">;
  /** Whether it is for many tokens at a time: products as of prompt-weights.ts. */
  readonly forPrompts?: boolean;
}

export interface WholeModel {
  readonly graph: Graph;
  readonly weights: WeightsFile;
  readonly prompts: PromptWeights | null;
  /** Index of each block that attends, and so has a cache. Without any, the graph has neither positions nor `rows`. */
  readonly caches: readonly number[];
}

/** A model for prompts, and what makes the weights that it has in memory. */
export interface PromptGraph {
  readonly graph: Uint8Array;
  readonly weights: PromptWeights;
}

/**
 * ids [N]; selected [n], the tokens whose logits are wanted; what `Positions` says; past.I.k and past.I.v [K, 1, P, Dh] of
 * each cache → logits [n, V]; rows [2·C·K, 1, N, Dh], what C caches are to remember: keys, then values, of each.
 */
export function wholeModelGraph(
  model: Model,
  { precision, dialect = "cpu", forPrompts = false }: WholeModelOptions,
): WholeModel {
  const { architecture, config, sections } = model;
  const graph = new Graph(dialect);
  const prompts = forPrompts ? new PromptWeights() : null;
  const weights = new GraphWeights(graph, model, precision, prompts);
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

  const embedding = weights.matrix([EMBEDDING], HEAD_BITS);
  const embedded = weights.rows(embedding, graph.input("ids", "int32", ["N"])); // [N, D]
  const hidden = sections.reduce(
    (stream, section, block) =>
      halvesOf(section).reduce((y, half) => architecture[half](y, blockOps(block)), stream),
    embedded,
  );
  const selected = graph.input("selected", "int32", ["n"]);
  const wanted = graph.node("Gather", [hidden, selected], { shape: ["n", known(hidden, 1)] }, { axis: 0 });
  const normed = rmsNorm(wanted, weights.vector(FINAL_NORM), config.normEpsilon);
  const head = config.tiedEmbedding ? embedding : weights.matrix([HEAD], HEAD_BITS);
  graph.output("logits", weights.product(normed, head));
  if (rows.length > 0) {
    const shape = [rows.length * config.kvHeads, 1, "N", config.headDim];
    graph.output("rows", graph.node("Concat", rows, { shape }, { axis: 0 })); // one output costs less than many
  }
  return { graph, weights: weights.file, prompts, caches };
}

/** The same graph for many tokens at a time, over the weights that a folder of that precision (not fp32) has, and over others in memory. */
export function graphForPrompts(model: Model, precision: Precision): PromptGraph {
  const { graph, prompts } = wholeModelGraph(model, { precision, forPrompts: true });
  return { graph: graph.encode("model for prompts"), weights: prompts! };
}

/** The same graph for a GPU provider, over the weights that a folder of that precision has: nothing is read of the model but sizes. */
export function graphForGpu(model: Model, precision: Precision): Uint8Array {
  return wholeModelGraph(model, { precision, dialect: "gpu" }).graph.encode("model");
}
