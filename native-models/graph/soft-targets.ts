/**
 * A language-model head that also learns from a teacher's distribution (arXiv 1503.02531), of which the k likeliest tokens are
 * known: cross-entropy with the labels, plus the Kullback–Leibler divergence KL(teacher ‖ student) over k + 1 classes, those
 * tokens and the rest of the vocabulary. Both distributions are softmaxes of logits / τ; the divergence is multiplied by τ², so that
 * its gradient does not shrink as τ grows.
 */
import { expectShape, known } from "./graph.ts";
import type { Tensor } from "./graph.ts";
import { LOWEST_LOGIT, logitsOfPart, PLAIN, SMALLEST, timesScale } from "./loss.ts";
import type { LogitOptions, RunningLogits } from "./loss.ts";

export interface TaughtOptions {
  readonly temperature: number;
  readonly logits?: LogitOptions;
}

/** The teacher's distribution at each label's position: its likeliest tokens, their probabilities, and the probability of the rest. */
export interface SoftTargets {
  /** [n, k] int32: rows of the matrix, each at most once in a row of ids. */
  readonly ids: Tensor;
  /** [n, k] */
  readonly probabilities: Tensor;
  /** [n] */
  readonly rest: Tensor;
  /** Factor of τ² · Σ KL. [] */
  readonly strength: Tensor;
}

/** The statistics of all previous parts of the logits, and of the teacher's tokens. */
export interface TaughtLogits extends RunningLogits {
  /** Σ exp((logit − maximum) / τ) over all other tokens. [n] */
  readonly outside: Tensor;
  /** The logits of the teacher's tokens. [n, k] */
  readonly picked: Tensor;
}

/** One value in the shape of a tensor. */
function filled(value: number, like: Tensor): Tensor {
  const { graph, shape } = like;
  const size = graph.node("Shape", [like], { type: "int64", shape: [shape.length] });
  return graph.node("Expand", [graph.scalar(value), size], { type: "float32", shape });
}

/** The statistics before the first part. */
function noTaughtLogits(labels: Tensor, ids: Tensor): TaughtLogits {
  const zeros = filled(0, labels);
  return {
    largest: filled(LOWEST_LOGIT, labels),
    sum: zeros,
    right: zeros,
    outside: zeros,
    picked: filled(0, ids),
  };
}

/** The student's distribution at τ: of the teacher's tokens [n, k], of the rest [n, 1], and what powers are divided by [n, 1]. */
function studentOf({ largest, outside, picked }: TaughtLogits, temperature: number) {
  const { graph } = picked;
  const [rows] = picked.shape;
  const column = { type: "float32", shape: [rows!, 1] } as const;
  const upright = (x: Tensor) => graph.node("Unsqueeze", [x, graph.integers(1)], column);
  const below = graph.node("Sub", [picked, upright(largest)], picked);
  const powers = graph.node(
    "Exp",
    [graph.node("Mul", [below, graph.scalar(1 / temperature)], picked)],
    picked,
  );
  const chosen = graph.node("ReduceSum", [powers, graph.integers(1)], column, { keepdims: 1 });
  const total = graph.node("Add", [chosen, upright(outside)], column);
  return {
    probabilities: graph.node("Div", [powers, total], picked),
    rest: graph.node("Div", [upright(outside), total], column),
    total,
  };
}

/** strength · τ² · KL(teacher ‖ student) of each label's place, from the statistics of all parts. [n] */
export function divergences(all: TaughtLogits, targets: SoftTargets, temperature: number): Tensor {
  const { graph } = all.picked;
  const student = studentOf(all, temperature);
  const rows = targets.rest;
  const log = (x: Tensor) => graph.node("Log", [graph.node("Max", [x, graph.scalar(SMALLEST)], x)], x);
  const part = (teacher: Tensor, own: Tensor) =>
    graph.node("Mul", [teacher, graph.node("Sub", [log(teacher), log(own)], teacher)], teacher);
  const ofTokens = graph.node(
    "ReduceSum",
    [part(targets.probabilities, student.probabilities), graph.integers(1)],
    rows,
    { keepdims: 0 },
  );
  const ofRest = part(rows, graph.node("Squeeze", [student.rest, graph.integers(1)], rows));
  const strength = timesScale(targets.strength, temperature ** 2);
  return graph.node("Mul", [graph.node("Add", [ofTokens, ofRest], rows), strength], rows);
}

/**
 * A part of such a head; `partOfCrossEntropy` is its counterpart without a teacher. `inside` and `idsInside`: 1 where the label, or
 * the teacher's token, is in this part, else 0. `scan` updates the statistics with the part. Given those of all parts, which are also
 * `before` unless this is the only part, `towardsProducts` is the gradient of Σ weight · nll + Σ `divergences` towards h·matrixᵀ.
 * [n, rows]
 */
export function partOfTaughtLogits(
  {
    h,
    matrix,
    labels,
    inside,
    ids,
    idsInside,
  }: Readonly<Record<"h" | "matrix" | "labels" | "inside" | "ids" | "idsInside", Tensor>>,
  before: TaughtLogits,
  { temperature, logits: options = PLAIN }: TaughtOptions,
) {
  const { graph } = h;
  const { logits, slope, largest, powers, shrinks, each, column, square, axis, upright, flat } = logitsOfPart(
    h,
    matrix,
    before.largest,
    options,
  );
  const isPlain = temperature === 1;
  const cooled = (x: Tensor, like: Tensor) => graph.node("Mul", [x, graph.scalar(1 / temperature)], like);
  const atTemperature = isPlain
    ? powers
    : graph.node("Exp", [cooled(graph.node("Sub", [logits, largest], square), largest)], square);
  const picks = (x: Tensor) => {
    const found = graph.node("GatherElements", [x, ids], { shape: ids.shape }, { axis: 1 });
    return graph.node("Mul", [found, idsInside], found);
  };
  const scattered = (x: Tensor, index: Tensor, updates: Tensor) =>
    graph.node("ScatterElements", [x, index, updates], square, { axis: 1, reduction: "add" });
  const ofLabels = () => graph.node("GatherElements", [logits, upright(labels)], column, { axis: 1 });
  /** The powers without those of the teacher's tokens: v − v is exactly 0. */
  const chosen = picks(atTemperature);
  const others = scattered(atTemperature, ids, graph.node("Neg", [chosen], chosen));

  const scan = (): TaughtLogits => {
    const plus = (sum: Tensor, factor: Tensor, added: Tensor) =>
      graph.node("Add", [graph.node("Mul", [sum, flat(factor)], each), added], each);
    const total = (x: Tensor) => graph.node("ReduceSum", [x, axis], each, { keepdims: 0 });
    const cool = isPlain ? shrinks : graph.node("Pow", [shrinks, graph.scalar(1 / temperature)], column);
    const label = graph.node("Mul", [flat(ofLabels()), inside], each);
    const tokens = picks(logits);
    return {
      largest: flat(largest),
      sum: plus(before.sum, shrinks, total(powers)),
      right: graph.node("Add", [before.right, label], each),
      outside: plus(before.outside, cool, total(others)),
      picked: graph.node("Add", [before.picked, tokens], tokens),
    };
  };

  const towardsProducts = (all: TaughtLogits, targets: SoftTargets, weights: Tensor): Tensor => {
    const student = studentOf(all, temperature);
    const strength = timesScale(targets.strength, temperature);
    const small = (x: Tensor) => graph.node("Max", [x, graph.scalar(SMALLEST)], x);
    /** The rest is one class: all its tokens rise or fall by the same factor. */
    const ratio = graph.node("Div", [upright(targets.rest), small(student.rest)], column);
    const rise = graph.node("Sub", [graph.scalar(1), ratio], column);
    const ofOthers = graph.node("Div", [graph.node("Mul", [rise, strength], column), student.total], column);
    const ofAll = graph.node("Div", [upright(weights), upright(all.sum)], column);
    const spread = graph.node(
      "Add",
      [graph.node("Mul", [powers, ofAll], square), graph.node("Mul", [others, ofOthers], square)],
      square,
    );
    const excess = graph.node("Sub", [student.probabilities, targets.probabilities], chosen);
    const tokens = graph.node("Mul", [graph.node("Mul", [excess, strength], chosen), idsInside], chosen);
    const label = graph.node("Mul", [graph.node("Neg", [weights], each), inside], each);
    const gradient = scattered(scattered(spread, ids, tokens), upright(labels), upright(label));
    const bent = slope ? graph.node("Mul", [gradient, slope()], square) : gradient;
    return timesScale(bent, options.scale);
  };
  return { scan, towardsProducts };
}

/**
 * The whole head in one part. h [n, D], E [V, D], labels [n] int32, weights [n] → { total [], loss [] = Σ weight · nll, divergence [] =
 * Σ of `divergences` }. `total`, the sum of both, is the one with a gradient.
 */
export function taughtCrossEntropy(
  { h, matrix, labels, weights }: Readonly<Record<"h" | "matrix" | "labels" | "weights", Tensor>>,
  targets: SoftTargets,
  options: TaughtOptions,
): { total: Tensor; loss: Tensor; divergence: Tensor } {
  const { graph } = h;
  const [rows, width] = h.shape as [string, number];
  expectShape("taughtCrossEntropy", matrix, [known(matrix, 0), width]);
  for (const each of [labels, weights, targets.rest]) expectShape("taughtCrossEntropy", each, [rows]);
  expectShape("taughtCrossEntropy", targets.probabilities, targets.ids.shape);

  const { ids } = targets;
  const inputs = { h, matrix, labels, inside: filled(1, labels), ids, idsInside: filled(1, ids) };
  const whole = partOfTaughtLogits(inputs, noTaughtLogits(labels, ids), options);
  const all = whole.scan();
  const sum = (x: Tensor) => graph.node("ReduceSum", [x, graph.integers(0)], { shape: [] }, { keepdims: 0 });
  const log = graph.node("Add", [all.largest, graph.node("Log", [all.sum], all.sum)], all.sum);
  const nll = graph.node("Sub", [log, all.right], all.sum);
  const loss = sum(graph.node("Mul", [nll, weights], weights));
  const divergence = sum(divergences(all, targets, options.temperature));
  const total = graph.node("Add", [loss, divergence], loss);
  graph.record([h, matrix], total, (gradient, [wantH, wantMatrix]) => {
    const times = (x: Tensor) => graph.node("Mul", [x, gradient], x);
    const own = { ...targets, strength: times(targets.strength) };
    const towards = whole.towardsProducts(all, own, times(weights));
    return [
      wantH ? graph.node("Gemm", [towards, matrix], h) : undefined,
      wantMatrix ? graph.node("Gemm", [towards, h], matrix, { transA: 1 }) : undefined,
    ];
  });
  return { total, loss, divergence };
}
