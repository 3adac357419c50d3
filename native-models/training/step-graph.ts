/**
 * The step graph: all kept units, head and loss in one model, for devices to which weights must not be copied at every run.
 * Weights are initialisers, adapters are inputs, and a gate before each half of a block can switch it off. The backward pass
 * consists of branches, one per half, which recompute the forward pass of their half: scoring does not pay for it, and no
 * intermediate results of a half are kept. A branch waits for the gradient of the one above, so that they run one after another
 * and need the memory of one branch.
 */
import { blockWeight } from "../architectures/architecture.ts";
import type { BlockKind, Config } from "../architectures/architecture.ts";
import { rowLayout, takeRows } from "../graph/attention.ts";
import { differentiate } from "../graph/differentiate.ts";
import { add, gated } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Dialect, Shape, Source, Tensor } from "../graph/graph.ts";
import { dense, weightInput } from "../graph/linear.ts";
import type { DenseStorage } from "../graph/linear.ts";
import { gradientTowardsRows, LOWEST_LOGIT, partOfCrossEntropy, scaledSquaredError } from "../graph/loss.ts";
import type { LogitOptions, RunningGradient, RunningLogits } from "../graph/loss.ts";
import { meanCosine } from "../graph/norm.ts";
import type { Kept, Model } from "../model.ts";
import { finalNorm } from "./head-graphs.ts";
import { headPart } from "./resident-weights.ts";
import type { ResidentWeights } from "./resident-weights.ts";
import { gradientsOf, trainingOps } from "./unit-graphs.ts";
import type { HalfOptions } from "./unit-graphs.ts";
import { halfStepsOf, stepsOf } from "./units.ts";
import type { HalfStep } from "./units.ts";

/** Which gradients the backward pass computes: those of what is trained, or those of a gate of each half and section. */
export type WantedGradients = "parameters" | "gates";

export interface StepGraphOptions {
  readonly gradients: WantedGradients;
  /** How each half is stored and trained. */
  readonly optionsOf: (step: HalfStep) => HalfOptions & { readonly storage: DenseStorage };
  /** Whether a half's weights are inputs, because they are or were trained; the others are the model's. */
  readonly givesWeights: (step: HalfStep) => boolean;
  readonly dialect: Dialect;
}

/** A part of the graph: the stream before and after it. [N, D] */
interface Span {
  readonly input: Tensor;
  readonly output: Tensor;
}

/** A half in the graph. */
interface Run extends HalfStep, Span {
  readonly gate: Tensor;
}

/**
 * x [N, D], the embedded tokens; the layout of their rows; gates [halves]; labelIndex, labels, weights [n]; trains, measures []
 * (bool) → nll [n]; normed [N, D]. If `trains`, with target [N, D] and factor [] of a distillation: distillation [], and
 * "d:<name>" of everything that is trained; the backward pass ends at the lowest half with such tensors. With `gradients` "gates",
 * "gate gradients of halves" and "gate gradients of sections" instead. If `measures`, of halves and of sections in order:
 * "cosine of …", the mean cosine of input and output; "added squares of …", Σ (output − input)².
 */
export function stepGraph(
  model: Model,
  kept: readonly Kept[],
  weights: ResidentWeights,
  { gradients: wantedGradients, optionsOf, givesWeights, dialect }: StepGraphOptions,
): Uint8Array {
  const { config } = model;
  const graph = new Graph(dialect);
  const source = weights.source(graph);
  const layout = rowLayout(graph);
  const trains = graph.input("trains", "bool", []);
  const measures = graph.input("measures", "bool", []);

  const run = ({ block, section }: HalfStep, gate: Tensor, x: Tensor): Tensor => {
    const from = givesWeights({ block, section }) ? graph : source;
    const ofBlock: Source = { input: (name, ...rest) => from.input(blockWeight(block, name), ...rest) };
    const kind = config.blocks[block]!;
    const ofKind = kindSuffix(config, kind);
    const ops = trainingOps(graph, kind, { ...optionsOf({ block, section }), source: ofBlock, ofKind });
    return add(x, gated(kind.halves[section].branch(x, ops), gate));
  };

  const gates = gatesOf(graph, halfStepsOf(kept).length);
  const runs: Run[] = [];
  let hidden = graph.input("x", "float32", ["N", config.hiddenSize]);
  for (const [index, step] of halfStepsOf(kept).entries()) {
    const input = hidden;
    hidden = run(step, gates[index]!, input);
    runs.push({ ...step, gate: gates[index]!, input, output: hidden });
  }

  const normOf = (x: Tensor) => finalNorm(x, config, source).normed;
  const labelIndex = graph.input("labelIndex", "int32", ["n"]);
  const normed = normOf(hidden);
  const head = cutHead(graph, source, weights, takeRows(normed, labelIndex, layout), config.ends.head);
  graph.output("nll", head.nll);
  graph.output("normed", normed);

  const dRows = head.gradient(trains);
  const [dHidden, distillation] = graph.when(trains, () => {
    const again = graph.node("Identity", [hidden], hidden);
    const states = normOf(again);
    const target = graph.input("target", "float32", states.shape);
    const loss = scaledSquaredError(states, target, graph.input("factor", "float32", []));
    const rows = takeRows(states, labelIndex, layout);
    const seeds = new Map([
      [rows, dRows],
      [loss, graph.scalar(1)],
    ]);
    return [differentiate(graph, seeds, [again]).get(again)!, loss];
  }) as [Tensor, Tensor];
  graph.output("distillation", distillation);

  const isForGates = wantedGradients === "gates";
  const trained = (step: HalfStep) =>
    isForGates ? [] : gradientsOf(config.blocks[step.block]!, step.section, optionsOf(step));
  const lowest = isForGates ? 0 : runs.findIndex((step) => trained(step).length > 0);
  const aboves = new Map<Tensor, Tensor>(); // the gradient towards each half's output
  let above = dHidden;
  for (const { block, section, gate, input, output } of (lowest < 0 ? [] : runs.slice(lowest)).reverse()) {
    aboves.set(output, above);
    const names = trained({ block, section }).map(({ name }) => blockWeight(block, name));
    const gradients = graph.when(trains, () => {
      const x = graph.node("Identity", [input], input);
      const seeds = new Map([[run({ block, section }, gate, x), above]]);
      const wanted = [x, ...names.map((name) => graph.inputs.get(name)!)];
      const found = differentiate(graph, seeds, wanted);
      return wanted.map((tensor) => found.get(tensor)!);
    });
    above = gradients[0]!;
    for (const [index, name] of names.entries()) graph.output(`d:${name}`, gradients[index + 1]!);
  }

  const sections = stepsOf(kept).map(({ block }) => {
    const halves = runs.filter((candidate) => candidate.block === block);
    return { input: halves[0]!.input, output: halves.at(-1)!.output };
  });
  for (const [name, spans] of [["halves", runs] as const, ["sections", sections] as const]) {
    if (isForGates) outputGateGradients(name, spans, trains, aboves);
    outputMeasures(name, spans, measures);
  }
  return graph.encode("step");
}

/** `aboves`: the gradient towards the output of each span. */
function outputGateGradients(
  name: string,
  spans: readonly Span[],
  trains: Tensor,
  aboves: ReadonlyMap<Tensor, Tensor>,
): void {
  const { graph } = trains;
  const [gradients] = graph.when(trains, () => [
    concatenated(
      spans.map(({ input, output }) => dot(added(input, output), aboves.get(output)!)),
      [spans.length],
    ),
  ]);
  graph.output(`gate gradients of ${name}`, gradients!);
}

function outputMeasures(name: string, spans: readonly Span[], measures: Tensor): void {
  const { graph } = measures;
  const [cosines, squares] = graph.when(measures, () => {
    return [
      concatenated(
        spans.map(({ input, output }) => meanCosine(input, output)),
        [spans.length],
      ),
      concatenated(
        spans.map(({ input, output }) => dot(added(input, output), added(input, output))),
        [spans.length],
      ),
    ];
  }) as [Tensor, Tensor];
  graph.output(`cosine of ${name}`, cosines);
  graph.output(`added squares of ${name}`, squares);
}

const concatenated = (parts: Tensor[], shape: Shape): Tensor =>
  parts[0]!.graph.node("Concat", parts, { shape }, { axis: 0 });

/** output − input. */
const added = (input: Tensor, output: Tensor): Tensor => output.graph.node("Sub", [output, input], output);

/** Σ a ⊙ b. Both [N, D] → [1] */
function dot(a: Tensor, b: Tensor): Tensor {
  const { graph } = a;
  const sum = graph.node("ReduceSum", [graph.node("Mul", [a, b], a)], { shape: [] }, { keepdims: 0 });
  return graph.node("Unsqueeze", [sum, graph.integers(0)], { shape: [1] });
}

/** The distinct kinds of a model's blocks. */
export const distinctKinds = ({ blocks }: Config): BlockKind[] => [...new Set(blocks)];

/** A suffix that distinguishes the inputs of a kind's attention from those of other kinds. */
export const kindSuffix = (config: Config, kind: BlockKind): string =>
  ` ${distinctKinds(config).indexOf(kind)}`;

/** The elements of an input "gates". [1] each */
function gatesOf(graph: Graph, count: number): Tensor[] {
  const gates = graph.input("gates", "float32", [count]);
  const sizes = graph.integers(...Array.from({ length: count }, () => 1));
  return graph.nodes(
    "Split",
    [gates, sizes],
    Array.from({ length: count }, () => ({ shape: [1] })),
    { axis: 0 },
  );
}

/**
 * The head in its parts (graph/loss.ts): h [n, D] (normed) → nll [n], and, in branches of `trains`, the gradient of Σ weight ·
 * nll towards h. Logits are recomputed there, so that only those of one part exist at a time.
 */
function cutHead(graph: Graph, source: Source, weights: ResidentWeights, h: Tensor, logits: LogitOptions) {
  const labels = graph.input("labels", "int32", ["n"]);
  const each = { type: "float32", shape: labels.shape } as const;
  const size = graph.node("Shape", [labels], { type: "int64", shape: [1] });
  const filled = (value: number) => graph.node("Expand", [graph.scalar(value), size], each);
  const long = graph.node("Cast", [labels], { type: "int64", shape: labels.shape }, { to: 7 });
  const parts = weights.headParts.map(({ first, rows }, index) => {
    const own = graph.node("Sub", [long, graph.integers(first)], long);
    const row = graph.node(
      "Min",
      [graph.node("Max", [own, graph.integers(0)], long), graph.integers(rows - 1)],
      long,
    );
    const isInside = graph.node("Equal", [own, row], { type: "bool", shape: labels.shape });
    const inside = graph.node("Cast", [isInside], each, { to: 1 });
    const shape = [rows, h.shape[1] as number] as const;
    return (before: RunningLogits) => {
      const matrix = dense(weightInput(source, headPart(index), weights.headStorage, shape));
      return partOfCrossEntropy({ h, matrix, labels: row, inside }, before, logits);
    };
  });
  const all = parts.reduce<RunningLogits>((running, part) => part(running).scan(), {
    largest: filled(LOWEST_LOGIT),
    sum: filled(0),
    right: filled(0),
  });
  const { largest, sum, right } = all;
  const total = graph.node("Add", [largest, graph.node("Log", [sum], each)], each);
  const gradient = (trains: Tensor): Tensor => {
    const zeros = () => {
      const size = graph.node("Shape", [h], { type: "int64", shape: [2] });
      return graph.node("Expand", [graph.scalar(0), size], h);
    };
    const { expected, actual } = parts.reduce<RunningGradient>(
      (running, part) => {
        const added = graph.when(trains, () => {
          const next = part(all).gradient(running);
          return [next.expected, next.actual];
        });
        return { expected: added[0]!, actual: added[1]! };
      },
      { expected: zeros(), actual: zeros() },
    );
    const weights = graph.input("weights", "float32", labels.shape);
    return graph.when(trains, () => [
      gradientTowardsRows({ expected, actual }, { sum, weights }, logits),
    ])[0]!;
  };
  return { nll: graph.node("Sub", [total, right], each), gradient };
}
