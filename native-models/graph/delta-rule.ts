/**
 * The gated delta rule (arXiv 2412.06464), in which each head has a matrix S [Dk, Dv] that every token decays and corrects: S ← g·S + k (β (v
 * − kᵀ g·S))ᵀ, o = Sᵀ q. Tokens are processed in chunks: inside a chunk everything is a matrix product, and a scan passes S from chunk
 * to chunk. Shapes: n chunks of C tokens in a row, so that a batch has B·n of them.
 */
import { matmul, splitHeads, mergeHeads } from "./attention.ts";
import { activate, multiply, reshape } from "./elementwise.ts";
import { expectShape, known } from "./graph.ts";
import type { Graph, Shape, Tensor } from "./graph.ts";
import { headNorm } from "./norm.ts";

/** Tokens per chunk. */
const CHUNK = 32;
/** Chunks of a row of T tokens. */
const CHUNKS = `${1 / CHUNK}·T`;

/** Sizes of the rule: each head of queries and keys serves heads / keyHeads heads of values. */
export interface DeltaRule {
  /** The prefix of its weights. */
  readonly name: string;
  readonly keyHeads: number;
  /** H */
  readonly heads: number;
  /** Dk */
  readonly keyWidth: number;
  /** Dv */
  readonly valueWidth: number;
}

/** The projections that a token mixer computes for the rule. */
export interface ProjectedDelta {
  /** [N, keyHeads·Dk] */
  readonly queries: Tensor;
  readonly keys: Tensor;
  /** [N, H·Dv] */
  readonly values: Tensor;
  /** How strongly each token decays S, and how far it replaces what its key held; both before their activations. [N, H] */
  readonly decay: Tensor;
  readonly beta: Tensor;
}

/** The ε that is added to squared lengths. */
const SMALLEST_SQUARE = 1e-6;

/** The inputs of the rule, for all tokens: [N, …]. aLog and dtBias [H]. */
export function deltaInputs(
  { queries, keys, values, decay, beta }: ProjectedDelta,
  { aLog, dtBias }: { readonly aLog: Tensor; readonly dtBias: Tensor },
  { keyHeads, heads, keyWidth }: DeltaRule,
): DeltaInputs {
  const ofLength = (x: Tensor, length: number) => {
    const { graph } = x;
    // x / √(Σx² + ε), times the length, as an RMS norm
    const factor = graph.node(
      "Expand",
      [graph.scalar(length / Math.sqrt(keyWidth)), graph.integers(keyWidth)],
      {
        type: "float32",
        shape: [keyWidth],
      },
    );
    return repeatHeads(headNorm(x, factor, SMALLEST_SQUARE / keyWidth, keyHeads), keyHeads, heads / keyHeads);
  };
  return {
    queries: ofLength(queries, keyWidth ** -0.5),
    keys: ofLength(keys, 1),
    values,
    decay: logDecay(decay, aLog, dtBias),
    beta: activate("sigmoid", beta),
  };
}

/** −exp(aLog)·softplus(x + dtBias). x [N, H] */
function logDecay(x: Tensor, aLog: Tensor, dtBias: Tensor): Tensor {
  const { graph } = x;
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, x);
  const shifted = node("Add", x, dtBias);
  const rate = graph.node("Neg", [graph.node("Exp", [aLog], aLog)], aLog);
  const y = node("Mul", node("Softplus", shifted), rate);
  return graph.record([x, aLog, dtBias], y, (gradient, [, wantRate, wantBias]) => {
    const slope = node("Mul", node("Mul", gradient, rate), node("Sigmoid", shifted));
    const sum = (tensor: Tensor) =>
      graph.node("ReduceSum", [tensor, graph.integers(0)], aLog, { keepdims: 0 });
    return [slope, wantRate ? sum(node("Mul", gradient, y)) : undefined, wantBias ? sum(slope) : undefined];
  });
}

/** Repeats each head `times` times, its copies next to each other. x [N, heads·D] → [N, heads·times·D] */
function repeatHeads(x: Tensor, heads: number, times: number): Tensor {
  if (times === 1) return x;
  const { graph } = x;
  const [tokens, width] = [x.shape[0]!, known(x, 1) / heads];
  const apart = reshape(x, [-1, heads, 1, width], [tokens, heads, 1, width]);
  const shape = [tokens, heads, times, width];
  const copies = graph.node(
    "Concat",
    Array.from({ length: times }, () => apart),
    { shape },
    { axis: 2 },
  );
  const repeated = graph.record([apart], copies, (gradient) => [
    graph.node("ReduceSum", [gradient, graph.integers(2)], apart, { keepdims: 1 }),
  ]);
  return reshape(repeated, [-1, heads * times * width], [tokens, heads * times * width]);
}

/**
 * The rule for one text, continued from S = `before` [1, H, Dk, Dv]; inputs [N, …] → the output [N, H·Dv], and the new S. Not recorded.
 */
export function continuedDeltaRule(
  inputs: DeltaInputs,
  before: Tensor,
  heads: number,
): { output: Tensor; after: Tensor } {
  const { graph } = before;
  const row = (x: Tensor) => graph.node("Unsqueeze", [x, graph.integers(0)], { shape: [1, ...x.shape] });
  const { queries, keys, values, decay, beta } = inputs;
  const rows = [queries, keys, values, decay, beta].map(row) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const { output, after } = continuedDeltaRules(
    { queries: rows[0], keys: rows[1], values: rows[2], decay: rows[3], beta: rows[4] },
    before,
    heads,
  );
  return { output: graph.node("Squeeze", [output, graph.integers(0)], values), after };
}

/** The same for B texts: inputs [B, T, …], before [B, H, Dk, Dv] → [B, T, H·Dv]. Not recorded. */
export function continuedDeltaRules(
  { queries, keys, values, decay, beta }: DeltaInputs,
  before: Tensor,
  heads: number,
): { output: Tensor; after: Tensor } {
  const [output, after] = before.graph.nodes(
    "com.microsoft:LinearAttention",
    [queries, keys, values, before, decay, beta],
    [values, before],
    { update_rule: "gated_delta", q_num_heads: heads, kv_num_heads: heads, scale: { float: 1 } },
  ) as [Tensor, Tensor];
  return { output, after };
}

/** The inputs of the rule, with keys and queries already normalised. */
export interface DeltaInputs {
  /** [..., H·Dk] */
  readonly queries: Tensor;
  /** [..., H·Dk] */
  readonly keys: Tensor;
  /** [..., H·Dv] */
  readonly values: Tensor;
  /** ln g, at most 0. [..., H] */
  readonly decay: Tensor;
  /** How far a token replaces what its key held, 0 to 1. [..., H] */
  readonly beta: Tensor;
}

/** o for every token of a row, which starts with S = 0. Inputs [B, T, …] → [B, T, H·Dv] */
export function gatedDeltaRule({ queries, keys, values, decay, beta }: DeltaInputs, heads: number): Tensor {
  expectShape("gatedDeltaRule", keys, queries.shape);
  expectShape("gatedDeltaRule", decay, [...values.shape.slice(0, 2), heads]);
  expectShape("gatedDeltaRule", beta, decay.shape);
  const chunked = (x: Tensor) => splitHeads(inChunks(x), heads); // [B·n, H, C, width]
  const [q, k, v, b] = [queries, keys, values, beta].map(chunked) as [Tensor, Tensor, Tensor, Tensor];
  const total = runningSum(chunked(decay)); // ln of the decay since the chunk's start: [B·n, H, C, 1]
  const between = decayBetween(total); // [B·n, H, C, C]
  const grown = exponential(total);

  // What a token changes depends on what the earlier ones of its chunk changed: a triangular system.
  const overlap = byRow(multiply(product(k, k, { transposeB: true }), between), b); // [B·n, H, C, C]
  const solved = unitLowerInverse(overlap);
  const steps: ChunkInputs = {
    reads: product(solved, byRow(k, multiply(b, grown))), // [B·n, H, C, Dk]
    writes: product(solved, byRow(v, b)), // [B·n, H, C, Dv]
    queries: byRow(q, grown),
    shares: multiply(product(q, k, { transposeB: true }), between), // [B·n, H, C, C]
    keys: byRow(k, exponential(untilEnd(total))),
    decay: exponential(lastRow(total)), // [B·n, H, 1, 1]
  };
  return outOfChunks(mergeHeads(throughChunks(steps, queries)), queries);
}

/** The matrices of a chunk. [B·n, H, …] */
interface ChunkInputs {
  /** The keys that S is read with, corrected for what earlier tokens of the chunk changed. [C, Dk] */
  readonly reads: Tensor;
  /** What is written, before what was read is subtracted. [C, Dv] */
  readonly writes: Tensor;
  /** [C, Dk] */
  readonly queries: Tensor;
  /** How much each token's output takes of what the tokens of its chunk write. [C, C] */
  readonly shares: Tensor;
  /** Keys, decayed to the chunk's end. [C, Dk] */
  readonly keys: Tensor;
  /** The decay over the whole chunk. [1, 1] */
  readonly decay: Tensor;
}

/**
 * From chunk to chunk: written = writes − reads·S, output = queries·S + shares·written, S ← decay·S + keysᵀ·written. Only `written` and S
 * are computed in the scan; the outputs follow for all chunks together. → [B·n, H, C, Dv]
 */
function throughChunks(chunks: ChunkInputs, rows: Tensor): Tensor {
  const { reads, writes, queries, shares, keys, decay } = chunks;
  const { graph } = reads;
  const [, heads, , keyWidth] = reads.shape as [string, number, number, number];
  const state = { shape: ["B", heads, keyWidth, known(writes, 3)] };
  const start = zeros(graph, rows, state.shape.slice(1) as number[]);
  const node = (op: string, a: Tensor, b: Tensor, like: { shape: Shape }) => graph.node(op, [a, b], like);

  const forward = graph.scan({
    states: [start],
    inputs: [reads, writes, keys, decay].map((x) => byRows(x, rows)),
    axis: 1,
    step: ([S], [read, write, key, kept]) => {
      const written = node("Sub", write!, matmul(read!, S!, {}, write!), write!);
      const added = matmul(key!, written, { transposeA: true }, state);
      return { states: [node("Add", node("Mul", S!, kept!, state), added, state)], outputs: [written, S!] };
    },
  });
  const [written, states] = forward.map(flatRows) as [Tensor, Tensor];
  const output = node(
    "Add",
    matmul(queries, states, {}, writes),
    matmul(shares, written, {}, writes),
    writes,
  );

  return graph.record([reads, writes, queries, shares, keys, decay], output, (gradient) => {
    const fromOutputs = [
      matmul(shares, gradient, { transposeA: true }, writes), // of what was written
      matmul(queries, gradient, { transposeA: true }, states), // of S
    ];
    const backward = graph.scan({
      states: [start],
      inputs: [...fromOutputs, reads, keys, decay].map((x) => byRows(x, rows)),
      axis: 1,
      isReversed: true,
      step: ([dS], [ofWritten, ofState, read, key, kept]) => {
        const dWritten = node("Add", ofWritten!, matmul(key!, dS!, {}, ofWritten!), ofWritten!);
        const kept1 = node("Add", node("Mul", dS!, kept!, state), ofState!, state);
        const removed = matmul(read!, dWritten, { transposeA: true }, state);
        return { states: [node("Sub", kept1, removed, state)], outputs: [dWritten, dS!] };
      },
    });
    const [dWritten, dStates] = backward.map(flatRows) as [Tensor, Tensor];
    const dReads = matmul(dWritten, states, { transposeB: true, scale: -1 }, reads);
    const dDecay = graph.node(
      "ReduceSum",
      [node("Mul", states, dStates, states), graph.integers(2, 3)],
      decay,
      { keepdims: 1 },
    );
    return [
      dReads,
      dWritten,
      matmul(gradient, states, { transposeB: true }, queries),
      matmul(gradient, written, { transposeB: true }, shares),
      matmul(written, dStates, { transposeB: true }, keys),
      dDecay,
    ];
  });
}

/** x [B·n, …] → [B, n, …], for the B rows of `rows`. */
function byRows(x: Tensor, rows: Tensor): Tensor {
  const { graph, shape } = x;
  const rest = shape.slice(1) as number[];
  const sizes = graph.node(
    "Concat",
    [batchSize(rows), graph.integers(-1, ...rest)],
    { type: "int64", shape: [2 + rest.length] },
    { axis: 0 },
  );
  return graph.node("Reshape", [x, sizes], { shape: ["B", CHUNKS, ...rest] });
}

/** x [B, n, …] → [B·n, …]. */
function flatRows(x: Tensor): Tensor {
  const rest = x.shape.slice(2) as number[];
  return x.graph.node("Reshape", [x, x.graph.integers(-1, ...rest)], { shape: [`B·${CHUNKS}`, ...rest] });
}

function zeros(graph: Graph, rows: Tensor, rest: readonly number[]): Tensor {
  const size = graph.node(
    "Concat",
    [batchSize(rows), graph.integers(...rest)],
    { type: "int64", shape: [1 + rest.length] },
    { axis: 0 },
  );
  return graph.node("Expand", [graph.scalar(0), size], { type: "float32", shape: ["B", ...rest] });
}

/** [1], int64 */
const batchSize = (rows: Tensor) => sizeOf(rows, 0);
const sizeOf = (x: Tensor, axis: number): Tensor =>
  x.graph.node("Shape", [x], { type: "int64", shape: [1] }, { start: axis, end: axis + 1 });

/** x [B, T, W] → [B·n, C, W], the last chunk of each row padded with zeros. */
function inChunks(x: Tensor): Tensor {
  return x.graph.record([x], cut(x), (gradient) => [joined(gradient, x)]);
}

/** x [B·n, C, W] → [B, T, W], with the T of `like`. */
function outOfChunks(x: Tensor, like: Tensor): Tensor {
  return x.graph.record([x], joined(x, like), (gradient) => [cut(gradient)]);
}

function cut(x: Tensor): Tensor {
  const { graph } = x;
  const width = known(x, 2);
  const negative = graph.node("Neg", [sizeOf(x, 1)], { type: "int64", shape: [1] });
  const missing = graph.node("Mod", [negative, graph.integers(CHUNK)], negative);
  const pads = graph.node(
    "Concat",
    [graph.integers(0, 0, 0, 0), missing, graph.integers(0)],
    { type: "int64", shape: [6] },
    { axis: 0 },
  );
  const filled = graph.node("Pad", [x, pads], x);
  return graph.node("Reshape", [filled, graph.integers(-1, CHUNK, width)], {
    shape: [`B·${CHUNKS}`, CHUNK, width],
  });
}

function joined(x: Tensor, like: Tensor): Tensor {
  const { graph } = x;
  const width = known(x, 2);
  const sizes = graph.node(
    "Concat",
    [batchSize(like), graph.integers(-1, width)],
    { type: "int64", shape: [3] },
    { axis: 0 },
  );
  const shape = [like.shape[0]!, like.shape[1]!, width];
  const rows = graph.node("Reshape", [x, sizes], { shape });
  return graph.node("Slice", [rows, graph.integers(0), sizeOf(like, 1), graph.integers(1)], { shape });
}

interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Product of the last two axes, of matrices that may be transposed. */
function product(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: Transposed = {}): Tensor {
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const y = matmul(a, b, { transposeA, transposeB }, { shape: [...a.shape.slice(0, -2), rows, columns] });
  return a.graph.record([a, b], y, (gradient, [wantA, wantB]) => [
    !wantA
      ? undefined
      : transposeA
        ? matmul(b, gradient, { transposeA: transposeB, transposeB: true }, a)
        : matmul(gradient, b, { transposeB: !transposeB }, a),
    !wantB
      ? undefined
      : transposeB
        ? matmul(gradient, a, { transposeA: true, transposeB: transposeA }, b)
        : matmul(a, gradient, { transposeA: !transposeA }, b),
  ]);
}

/** Each row of x multiplied by its factor. x [..., C, W], factors [..., C, 1] → x's shape */
function byRow(x: Tensor, factors: Tensor): Tensor {
  const { graph } = x;
  const times = (a: Tensor, b: Tensor) => graph.node("Mul", [a, b], x);
  return graph.record([x, factors], times(x, factors), (gradient, [wantX, wantFactors]) => [
    wantX ? times(gradient, factors) : undefined,
    wantFactors
      ? graph.node("ReduceSum", [times(gradient, x), graph.integers(-1)], factors, { keepdims: 1 })
      : undefined,
  ]);
}

function exponential(x: Tensor): Tensor {
  const { graph } = x;
  const y = graph.node("Exp", [x], x);
  return graph.record([x], y, (gradient) => [graph.node("Mul", [gradient, y], x)]);
}

/** The cumulative sum over rows. [..., C, 1] */
function runningSum(x: Tensor): Tensor {
  const { graph } = x;
  const sums = (of: Tensor, isWanted: (row: number, column: number) => boolean) =>
    graph.node("MatMul", [square(graph, isWanted), of], x);
  return graph.record(
    [x],
    sums(x, (row, column) => column <= row),
    (gradient) => [sums(gradient, (row, column) => column >= row)],
  );
}

/** The last row. x [..., C, 1] → [..., 1, 1] */
function lastRow(x: Tensor): Tensor {
  const { graph } = x;
  const shape = [...x.shape.slice(0, -2), 1, 1];
  const range = [graph.integers(CHUNK - 1), graph.integers(CHUNK), graph.integers(2)];
  return graph.record([x], graph.node("Slice", [x, ...range], { shape }), (gradient) => [
    graph.node("Pad", [gradient, graph.integers(0, 0, CHUNK - 1, 0, 0, 0, 0, 0)], x),
  ]);
}

/** The last row minus each row. [..., C, 1] */
function untilEnd(x: Tensor): Tensor {
  const { graph } = x;
  const differences = (isWanted: (row: number, column: number) => number, of: Tensor) =>
    graph.node("MatMul", [matrixOf(graph, isWanted), of], x);
  const last = CHUNK - 1;
  const sign = (row: number, column: number) => (column === last ? 1 : 0) - (column === row ? 1 : 0);
  return graph.record([x], differences(sign, x), (gradient) => [
    differences((row, column) => sign(column, row), gradient),
  ]);
}

/** exp(total of row i − total of row j) for j ≤ i, else 0. total [..., C, 1] → [..., C, C] */
function decayBetween(total: Tensor): Tensor {
  const { graph } = total;
  const shape = [...total.shape.slice(0, -1), CHUNK];
  const turned = (x: Tensor, result: { shape: Shape }) =>
    graph.node("Transpose", [x], result, { perm: [0, 1, 3, 2] });
  const across = turned(total, { shape: [...total.shape.slice(0, -2), 1, CHUNK] });
  const differences = graph.node("Sub", [total, across], { shape });
  // Differences above the diagonal are positive and may be large: they are masked before exp.
  const hidden = matrixOf(graph, (row, column) => (column <= row ? 0 : HIDDEN));
  const y = graph.node("Exp", [graph.node("Add", [differences, hidden], { shape })], { shape });
  return graph.record([total], y, (gradient) => {
    const slopes = graph.node("Mul", [gradient, y], { shape });
    const sum = (axis: number, result: { shape: Shape }) =>
      graph.node("ReduceSum", [slopes, graph.integers(axis)], result, { keepdims: 1 });
    return [graph.node("Sub", [sum(-1, total), turned(sum(-2, across), total)], total)];
  });
}

const HIDDEN = -1e9;

/**
 * (I + L)⁻¹, where L is the part of x below the diagonal, by forward substitution of blocks that double in size: the inverse of [[A, 0],
 * [L, B]] is [[A⁻¹, 0], [−B⁻¹·L·A⁻¹, B⁻¹]]. A sum of powers of L would be cheaper to write, but its terms cancel where keys repeat. [..., C, C]
 */
function unitLowerInverse(x: Tensor): Tensor {
  const { graph } = x;
  const node = (op: string, a: Tensor, b: Tensor) => graph.node(op, [a, b], x);
  /** The blocks of L that couple two neighbouring diagonal blocks of this size. */
  const joint = (size: number) =>
    node(
      "Mul",
      x,
      square(graph, (row, column) => {
        const [blockRow, blockColumn] = [Math.floor(row / size), Math.floor(column / size)];
        return blockRow % 2 === 1 && blockColumn === blockRow - 1;
      }),
    );
  const identity = square(graph, (row, column) => row === column);
  let inverse = node("Sub", identity, joint(1));
  for (let size = 2; size < CHUNK; size *= 2) {
    const below = matmul(matmul(inverse, joint(size), {}, x), inverse, {}, x);
    inverse = node("Sub", inverse, below);
  }
  return graph.record([x], inverse, (gradient) => {
    const towards = matmul(
      matmul(inverse, gradient, { transposeA: true }, x),
      inverse,
      { transposeB: true, scale: -1 },
      x,
    );
    return [
      node(
        "Mul",
        towards,
        square(graph, (row, column) => column < row),
      ),
    ];
  });
}

/** A constant of ones and zeros. [C, C] */
const square = (graph: Graph, isOne: (row: number, column: number) => boolean): Tensor =>
  matrixOf(graph, (row, column) => (isOne(row, column) ? 1 : 0));

function matrixOf(graph: Graph, value: (row: number, column: number) => number): Tensor {
  const values = Float32Array.from({ length: CHUNK * CHUNK }, (_, i) =>
    value(Math.floor(i / CHUNK), i % CHUNK),
  );
  return graph.constant(values, [CHUNK, CHUNK]);
}
