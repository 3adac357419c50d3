/** The graphs after the last block: final norm and language-model head with its loss, and hidden-state distillation. */
import type { Config } from "../architectures/architecture.ts";
import { differentiate } from "../graph/differentiate.ts";
import { Graph } from "../graph/graph.ts";
import type { Dialect, Source, Tensor } from "../graph/graph.ts";
import { dense, weightInput } from "../graph/linear.ts";
import type { DenseStorage } from "../graph/linear.ts";
import {
  gradientTowardsRows,
  headLogits,
  linearCrossEntropy,
  partOfCrossEntropy,
  scaledSquaredError,
} from "../graph/loss.ts";
import { rmsNorm } from "../graph/norm.ts";
import { divergences, partOfTaughtLogits, taughtCrossEntropy } from "../graph/soft-targets.ts";
import type { SoftTargets, TaughtLogits } from "../graph/soft-targets.ts";
import type { Likeliest } from "./head.ts";
import { normFactor } from "./unit-graphs.ts";

/** The name of the final norm's weight. */
export const finalNormWeight = ({ ends }: Pick<Config, "ends">) => `${ends.norm.name}.weight`;

/** The final norm of x, and the norm's weight. [n, D] → [n, D] */
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

/** A teacher's distributions (graph/soft-targets.ts) as inputs. */
function targetInputs(graph: Graph): SoftTargets {
  return {
    ids: graph.input("ids", "int32", ["n", "k"]),
    probabilities: graph.input("probabilities", "float32", ["n", "k"]),
    rest: graph.input("rest", "float32", ["n"]),
    strength: graph.input("strength", "float32", []),
  };
}

/** As `train` of `headGraphs`, with a teacher's distributions: also → divergence []. */
export function taughtHeadGraph(
  config: Config,
  { dialect, full, temperature }: HeadOptions & { temperature: number },
): Uint8Array {
  const graph = new Graph(dialect);
  const { head } = config.ends;
  const x = graph.input("x", "float32", ["n", config.hiddenSize]);
  const { normed: h, weight: norm } = finalNorm(x, config);
  const matrix = graph.input(head.name, "float32", [config.vocabularySize, config.hiddenSize]);
  const labels = graph.input("labels", "int32", ["n"]);
  const inputs = { h, matrix, labels, weights: graph.input("weights", "float32", ["n"]) };
  const options = { temperature, logits: head };
  const { total, loss, divergence } = taughtCrossEntropy(inputs, targetInputs(graph), options);
  graph.output("loss", loss);
  graph.output("divergence", divergence);
  gradients(graph, total, x, full ? [norm, matrix] : []);
  return graph.encode("taught head");
}

/**
 * The likeliest `count` tokens of a part of `rows` rows of the head, whose matrix is the input `name`: h [n, D] (normed) → values
 * [n, count], their logits / τ; ids [n, count] int32, rows of the part; total [n], log Σ exp(logits / τ).
 */
export function likeliestGraph(
  { hiddenSize, ends: { head } }: Config,
  options: { dialect: Dialect; storage: DenseStorage; name: string; rows: number } & Likeliest,
): Uint8Array {
  const { dialect, storage, name, rows, count, temperature } = options;
  const graph = new Graph(dialect);
  const h = graph.input("h", "float32", ["n", hiddenSize]);
  const matrix = dense(weightInput(graph, name, storage, [rows, hiddenSize]));
  const each = { type: "float32", shape: ["n"] } as const;
  const { logits } = headLogits(h, matrix, head);
  const heated = graph.node("Mul", [logits, graph.scalar(1 / temperature)], logits);
  const [values, ids] = graph.nodes(
    "TopK",
    [heated, graph.integers(count)],
    [{ shape: ["n", count] }, { type: "int64", shape: ["n", count] }],
    { axis: -1 },
  ) as [Tensor, Tensor];
  const largest = graph.node("ReduceMax", [heated, graph.integers(1)], { shape: ["n", 1] }, { keepdims: 1 });
  const powers = graph.node("Exp", [graph.node("Sub", [heated, largest], heated)], heated);
  const sum = graph.node("ReduceSum", [powers, graph.integers(1)], each, { keepdims: 0 });
  const flat = graph.node("Squeeze", [largest, graph.integers(1)], each);
  graph.output("values", values);
  graph.output("ids", graph.node("Cast", [ids], { type: "int32", shape: ids.shape }, { to: 6 }));
  graph.output("total", graph.node("Add", [flat, graph.node("Log", [sum], each)], each));
  return graph.encode("likeliest");
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

/** x [N, D] → y [N, D]: only the final norm, for a teacher's hidden states. */
export function finalNormGraph(config: Config, dialect: Dialect): Uint8Array {
  const graph = new Graph(dialect);
  const x = graph.input("x", "float32", ["N", config.hiddenSize]);
  graph.output("y", finalNorm(x, config).normed);
  return graph.encode("final norm");
}

/**
 * The end of the backward pass of a head that is split along the vocabulary: x [n, D], before the final norm; the sums over its parts,
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
 * sum", "next right" [n]. gradient: with expected and actual [n, D], also "next expected" and "next actual".
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

/**
 * `headPartGraphs` with a teacher's distributions. Also ids [n, k] int32 (rows of the part), idsInside [n, k], outside [n], picked
 * [n, k] → scan: "next outside", "next picked" too. gradient: with the statistics of all parts, weights [n], and the targets,
 * towards [n, D] → "next towards", the gradient towards h so far.
 */
export function taughtHeadPartGraphs(
  { hiddenSize, ends }: Config,
  options: { dialect: Dialect; storage: DenseStorage; rows: number; temperature: number },
): { scan: () => Uint8Array; gradient: () => Uint8Array } {
  const { dialect, storage, rows, temperature } = options;
  const begin = () => {
    const graph = new Graph(dialect);
    const each = (name: string) => graph.input(name, "float32", ["n"]);
    const inputs = {
      h: graph.input("h", "float32", ["n", hiddenSize]),
      matrix: dense(weightInput(graph, PART, storage, [rows, hiddenSize])),
      labels: graph.input("labels", "int32", ["n"]),
      inside: each("inside"),
      ids: graph.input("ids", "int32", ["n", "k"]),
      idsInside: graph.input("idsInside", "float32", ["n", "k"]),
    };
    const before = taughtInputs(graph);
    const part = partOfTaughtLogits(inputs, before, { temperature, logits: ends.head });
    return { graph, part, before, matrix: inputs.matrix, each };
  };
  return {
    scan: () => {
      const { graph, part } = begin();
      for (const [name, tensor] of Object.entries(part.scan()))
        graph.output(`next ${name}`, tensor as Tensor);
      return graph.encode("taught head part scan");
    },
    gradient: () => {
      const { graph, part, before, matrix, each } = begin();
      const towards = part.towardsProducts(before, targetInputs(graph), each("weights"));
      const sum = graph.input("towards", "float32", ["n", hiddenSize]);
      graph.output("next towards", graph.node("Gemm", [towards, matrix, sum], sum));
      return graph.encode("taught head part gradient");
    },
  };
}

/** Statistics of all parts as inputs. */
function taughtInputs(graph: Graph): TaughtLogits {
  const each = (name: string) => graph.input(name, "float32", ["n"]);
  return {
    largest: each("largest"),
    sum: each("sum"),
    right: each("right"),
    outside: each("outside"),
    picked: graph.input("picked", "float32", ["n", "k"]),
  };
}

/**
 * The end of the backward pass of a split head with a teacher: x [n, D], before the final norm, towards [n, D], the statistics of
 * all parts and the targets → dx [n, D], divergence [n].
 */
export function endOfTaughtHeadGraph(config: Config, dialect: Dialect, temperature: number): Uint8Array {
  const graph = new Graph(dialect);
  const wide = (name: string) => graph.input(name, "float32", ["n", config.hiddenSize]);
  const x = wide("x");
  const { normed } = finalNorm(x, config);
  graph.output("dx", differentiate(graph, new Map([[normed, wide("towards")]]), [x]).get(x)!);
  graph.output("divergence", divergences(taughtInputs(graph), targetInputs(graph), temperature));
  return graph.encode("end of taught head");
}

function gradients(graph: Graph, loss: Tensor, x: Tensor, parameters: readonly Tensor[]): void {
  for (const [tensor, gradient] of differentiate(graph, new Map([[loss, graph.scalar(1)]]), [
    x,
    ...parameters,
  ])) {
    graph.output(tensor === x ? "dx" : `d:${tensor.name}`, gradient);
  }
}
