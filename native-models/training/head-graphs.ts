/** The graphs after the last block: final norm and language-model head with its loss, and hidden-state distillation. */
import type { Config } from "../architectures/architecture.ts";
import { differentiate } from "../graph/differentiate.ts";
import { Graph } from "../graph/graph.ts";
import type { Dialect, Source, Tensor } from "../graph/graph.ts";
import { dense, weightInput } from "../graph/linear.ts";
import type { DenseStorage } from "../graph/linear.ts";
import {
  gradientTowardsRows,
  linearCrossEntropy,
  partOfCrossEntropy,
  scaledSquaredError,
} from "../graph/loss.ts";
import { rmsNorm } from "../graph/norm.ts";
import { normFactor } from "./unit-graphs.ts";

/** The name of the final norm's weight. */
export const finalNormWeight = ({ ends }: Pick<Config, "ends">) => `${ends.norm.name}.weight`;

/** x normalised as after the last block, and the norm's weight. [n, D] → [n, D] */
export function finalNorm(
  x: Tensor,
  config: Config,
  source: Source = x.graph,
): { normed: Tensor; weight: Tensor } {
  const { norm } = config.ends;
  const weight = source.input(finalNormWeight(config), "float32", [config.hiddenSize]);
  return { normed: rmsNorm(x, normFactor(weight, norm), norm.epsilon), weight };
}

interface HeadOptions {
  readonly dialect: Dialect;
  /** Whether the head's matrix and the final norm are trained. */
  readonly full: boolean;
}

/**
 * x [n, D] of tokens that carry a label, labels [n], weights [n] → score: nll [n]; train: loss [], dx [n, D] (and "d:…" of
 * the head's matrix and the norm).
 */
export function headGraphs(
  config: Config,
  { dialect, full }: HeadOptions,
): { score: Uint8Array; train: Uint8Array } {
  const build = (graph: Graph) => {
    const x = graph.input("x", "float32", ["n", config.hiddenSize]);
    const { normed, weight: norm } = finalNorm(x, config);
    const { head } = config.ends;
    const matrix = graph.input(head.name, "float32", [config.vocabularySize, config.hiddenSize]);
    const labels = graph.input("labels", "int32", ["n"]);
    const weights = graph.input("weights", "float32", ["n"]);
    return {
      x,
      norm,
      matrix,
      ...linearCrossEntropy(normed, matrix, labels, weights, head),
    };
  };
  const score = new Graph(dialect);
  score.output("nll", build(score).nll);

  const train = new Graph(dialect);
  const { x, norm, matrix, loss } = build(train);
  train.output("loss", loss);
  gradients(train, loss, x, full ? [norm, matrix] : []);
  return { score: score.encode("score"), train: train.encode("head") };
}

/** x [N, D], target [N, D] (the teacher's normed hidden states), factor [] → loss [], dx [N, D] (and "d:…" of the norm). */
export function distillationGraph(config: Config, { dialect, full }: HeadOptions): Uint8Array {
  const graph = new Graph(dialect);
  const x = graph.input("x", "float32", ["N", config.hiddenSize]);
  const { normed, weight: norm } = finalNorm(x, config);
  const target = graph.input("target", "float32", ["N", config.hiddenSize]);
  const loss = scaledSquaredError(normed, target, graph.input("factor", "float32", []));
  graph.output("loss", loss);
  gradients(graph, loss, x, full ? [norm] : []);
  return graph.encode("distillation");
}

/** x [N, D] → y [N, D]: the final norm alone, for a teacher's hidden states. */
export function finalNormGraph(config: Config, dialect: Dialect): Uint8Array {
  const graph = new Graph(dialect);
  const x = graph.input("x", "float32", ["N", config.hiddenSize]);
  graph.output("y", finalNorm(x, config).normed);
  return graph.encode("final norm");
}

/**
 * The end of the backward pass of a head that is split along the vocabulary: x [n, D], before the final norm; what its parts gave:
 * expected, actual [n, D], sum [n]; weights [n] → dx [n, D].
 */
export function endOfHeadGraph(config: Config, dialect: Dialect): Uint8Array {
  const graph = new Graph(dialect);
  const wide = (name: string) => graph.input(name, "float32", ["n", config.hiddenSize]);
  const each = (name: string) => graph.input(name, "float32", ["n"]);
  const x = wide("x");
  const { normed } = finalNorm(x, config);
  const sums = { expected: wide("expected"), actual: wide("actual") };
  const state = { sum: each("sum"), weights: each("weights") };
  const seeds = new Map([[normed, gradientTowardsRows(sums, state, config.ends.head)]]);
  graph.output("dx", differentiate(graph, seeds, [x]).get(x)!);
  return graph.encode("end of head");
}

/** The input name of a head's part. */
export const PART = "part";

/**
 * A part of `rows` rows of a head that is split along the vocabulary. h [n, D] (normed), labels [n] int32 (a row of the part),
 * inside [n] (1 if the label is in this part), largest, sum, right [n] (see `partOfCrossEntropy`) → scan: "next largest", "next
 * sum", "next right" [n]. gradient: with expected and actual [n, D], these too.
 */
export function headPartGraphs(
  { hiddenSize, ends }: Config,
  { dialect, storage, rows }: { dialect: Dialect; storage: DenseStorage; rows: number },
): { scan: Uint8Array; gradient: Uint8Array } {
  const build = (withGradient: boolean) => {
    const graph = new Graph(dialect);
    const each = (name: string) => graph.input(name, "float32", ["n"]);
    const wide = (name: string) => graph.input(name, "float32", ["n", hiddenSize]);
    const inputs = {
      h: wide("h"),
      matrix: dense(weightInput(graph, PART, storage, [rows, hiddenSize])),
      labels: graph.input("labels", "int32", ["n"]),
      inside: each("inside"),
    };
    const before = { largest: each("largest"), sum: each("sum"), right: each("right") };
    const part = partOfCrossEntropy(inputs, before, ends.head);
    const gradient = withGradient
      ? part.gradient({ expected: wide("expected"), actual: wide("actual") })
      : {};
    for (const [name, tensor] of Object.entries({ ...part.scan(), ...gradient }))
      graph.output(`next ${name}`, tensor as Tensor);
    return graph.encode(withGradient ? "head part gradient" : "head part scan");
  };
  return { scan: build(false), gradient: build(true) };
}

function gradients(graph: Graph, loss: Tensor, x: Tensor, parameters: readonly Tensor[]): void {
  for (const [tensor, gradient] of differentiate(graph, new Map([[loss, graph.scalar(1)]]), [
    x,
    ...parameters,
  ])) {
    graph.output(tensor === x ? "dx" : `d:${tensor.name}`, gradient);
  }
}
