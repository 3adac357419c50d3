/**
 * Attention over rows of different lengths. Linear maps run on the concatenated tokens, [N, …], without padding; only attention
 * sees rows side by side, [B, T, …], through `padRows` and `unpadRows`.
 */
import { softCapNodes } from "./elementwise.ts";
import { expectShape, known } from "./graph.ts";
import type { Graph, Shape, Tensor } from "./graph.ts";

/** The layout of N tokens in B rows of at most T: the inputs that a batch passes to every unit of a model. */
export interface RowLayout {
  /** The token at each place of each row; any token after a row's end. [B, T], int32. */
  readonly padIndex: Tensor;
  /** The place of each token, row · T + position. [N], int32. */
  readonly unpadIndex: Tensor;
  /** 1 where a place holds a token, else 0. [B, T, 1]. */
  readonly occupied: Tensor;
}

/** The inputs of a batch to attention of one kind. */
export interface AttentionTables {
  /** 0 where a token may attend, a large negative number where not. [T, T]. */
  readonly mask: Tensor;
  /** Cosines and sines of rotary angles by position, null without rotation. [T, rotated / 2]. */
  readonly angles: Angles | null;
}

/** Cosines and sines of tokens' rotary angles. */
export interface Turns {
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** The row of `cos` and `sin` that each token of a batch takes: [B, T], int64. If absent, every text takes the first T rows. */
  readonly rows?: Tensor;
}

export interface Angles extends Turns {
  /** What rotated queries are multiplied by, per position; null if nothing. [T, 1] */
  readonly growth: Tensor | null;
}

export function rowLayout(graph: Graph): RowLayout {
  return {
    padIndex: graph.input("padIndex", "int32", ["B", "T"]),
    unpadIndex: graph.input("unpadIndex", "int32", ["N"]),
    occupied: graph.input("occupied", "float32", ["B", "T", 1]),
  };
}

/**
 * The tables as inputs, for `pairs` rotated pairs of dimensions in a head, 0 without rotation; `grows`: whether rotated queries are
 * scaled by position; `ofKind` distinguishes several kinds in one graph.
 */
export function attentionTables(
  graph: Graph,
  { pairs, grows = false }: { readonly pairs: number; readonly grows?: boolean },
  ofKind = "",
): AttentionTables {
  const table = (name: string, columns: number) => graph.input(name + ofKind, "float32", ["T", columns]);
  const growth = grows ? table("growth", 1) : null;
  return {
    mask: graph.input(`mask${ofKind}`, "float32", ["T", "T"]),
    angles: pairs === 0 ? null : { cos: table("cos", pairs), sin: table("sin", pairs), growth },
  };
}

/** x [N, C] → [B, T, C]. The values beyond a row's end must not matter; no gradient flows back from there. */
export function padRows(x: Tensor, layout: RowLayout): Tensor {
  const { graph } = x;
  const width = known(x, 1);
  const padded = graph.node("Gather", [x, layout.padIndex], { shape: ["B", "T", width] }, { axis: 0 });
  return graph.record([x], padded, (gradient) => [takeTokens(gradient, layout)]);
}

/** x [B, T, C] → [N, C]. */
export function unpadRows(x: Tensor, layout: RowLayout): Tensor {
  const { graph } = x;
  return graph.record([x], takeTokens(x, layout), (gradient) => {
    const spread = graph.node("Gather", [gradient, layout.padIndex], x, { axis: 0 });
    return [graph.node("Mul", [spread, layout.occupied], x)];
  });
}

function takeTokens(x: Tensor, { unpadIndex }: RowLayout): Tensor {
  const { graph } = x;
  const width = known(x, 2);
  const flat = graph.node("Reshape", [x, graph.integers(-1, width)], { shape: ["B·T", width] });
  return graph.node("Gather", [flat, unpadIndex], { shape: ["N", width] }, { axis: 0 });
}

/**
 * The rows of some tokens, possibly repeated: x [N, C], index [n] (int32) → [n, C]. The backward pass is a product with a one-hot
 * matrix, because a scatter on a GPU adds in any order.
 */
export function takeRows(x: Tensor, index: Tensor, { unpadIndex }: RowLayout): Tensor {
  const { graph } = x;
  const [tokens, width] = x.shape as [string, number];
  const rows = index.shape[0]!;
  const taken = graph.node("Gather", [x, index], { shape: [rows, width] }, { axis: 0 });
  return graph.record([x], taken, (gradient) => {
    const places = graph.node("Gather", [unpadIndex, index], { shape: [rows] }, { axis: 0 }); // a distinct place for each token
    const upright = graph.node("Unsqueeze", [places, graph.integers(1)], { shape: [rows, 1] });
    const square = { shape: [rows, tokens] };
    const same = graph.node("Equal", [upright, unpadIndex], { type: "bool", ...square });
    const ones = graph.node("Cast", [same], { type: "float32", ...square }, { to: 1 });
    return [graph.node("Gemm", [ones, gradient], x, { transA: 1 })];
  });
}

/** x [B, T, H·Dh] → [B, H, T, Dh]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  expectShape("splitHeads", x, [null, null, known(x, 2)]);
  return x.graph.record([x], split(x, heads), (gradient) => [merge(gradient)]);
}

/** x [B, H, T, Dh] → [B, T, H·Dh]. */
export function mergeHeads(x: Tensor): Tensor {
  return x.graph.record([x], merge(x), (gradient) => [split(gradient, known(x, 1))]);
}

function split(x: Tensor, heads: number): Tensor {
  const { graph } = x;
  const [batch, tokens] = x.shape as [string, string];
  const headDim = known(x, 2) / heads;
  const shaped = graph.node("Reshape", [x, graph.integers(0, 0, heads, headDim)], {
    shape: [batch, tokens, heads, headDim],
  });
  return graph.node(
    "Transpose",
    [shaped],
    { shape: [batch, heads, tokens, headDim] },
    { perm: [0, 2, 1, 3] },
  );
}

function merge(x: Tensor): Tensor {
  const { graph } = x;
  const [batch, heads, tokens, headDim] = x.shape as [string, number, string, number];
  const shaped = graph.node(
    "Transpose",
    [x],
    { shape: [batch, tokens, heads, headDim] },
    { perm: [0, 2, 1, 3] },
  );
  return graph.node("Reshape", [shaped, graph.integers(0, 0, heads * headDim)], {
    shape: [batch, tokens, heads * headDim],
  });
}

/**
 * Rotary position embedding (arXiv 2104.09864); the first half of a head's rotated dimensions is paired with the second. Dimensions
 * that the angles do not cover are unchanged. x [B, H, T, Dh], angles [T, rotated / 2] → x's shape.
 */
export function rope(x: Tensor, angles: Turns): Tensor {
  const { graph } = x;
  return graph.record([x], rotate(x, angles), (gradient) => [
    rotate(gradient, { ...angles, sin: graph.node("Neg", [angles.sin], angles.sin) }),
  ]);
}

/** `rope` for queries, which are also multiplied by `growth` if it is not null. q [B, H, T, Dh] → its shape. */
export function ropeOfQueries(q: Tensor, angles: Angles): Tensor {
  const rotated = rope(q, angles);
  const { growth } = angles;
  if (!growth) return rotated;
  const grown = (x: Tensor) => q.graph.node("Mul", [x, growth], x);
  return q.graph.record([rotated], grown(rotated), (gradient) => [grown(gradient)]);
}

function rotate(x: Tensor, angles: Turns): Tensor {
  const { cos, sin, rows } = angles;
  const { graph } = x;
  const [width, rotated] = [known(x, 3), 2 * known(cos, 1)];
  if (rotated < width) {
    const sizes = [rotated, width - rotated];
    const parts = sizes.map((size) => ({ shape: [...x.shape.slice(0, 3), size] }));
    const [turning, still] = graph.nodes("Split", [x, graph.integers(...sizes)], parts, { axis: -1 }) as [
      Tensor,
      Tensor,
    ];
    return graph.node("Concat", [rotate(turning, angles), still], x, { axis: -1 });
  }
  if (graph.dialect === "cpu") {
    const first = graph.integers(0); // the row of the first token of every text
    return graph.node("com.microsoft:RotaryEmbedding", [x, rows ?? first, cos, sin], x, { interleaved: 0 });
  }
  if (rows) throw new Error("rows of angles are only for the dialect cpu");
  const half = width / 2;
  const shape = [...x.shape.slice(0, 3), half];
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, { shape });
  const [a, b] = graph.nodes("Split", [x, graph.integers(half, half)], [{ shape }, { shape }], {
    axis: -1,
  }) as [Tensor, Tensor];
  const first = node("Sub", node("Mul", a, cos), node("Mul", b, sin));
  const second = node("Add", node("Mul", b, cos), node("Mul", a, sin));
  return graph.node("Concat", [first, second], x, { axis: -1 });
}

/**
 * On a CPU, queries are split into this many pieces, each of which attends only to the keys up to its end: five eighths of the
 * products remain, and the largest score matrix is a quarter of the full one. The number of places in a row is a multiple of this.
 */
export const QUERY_PIECES = 4;

/** What happens to attention's scores before the softmax. */
export interface ScoreOptions {
  /** Their factor, 1 / √Dh in most models. */
  readonly scale: number;
  /** Scores s become cap · tanh(s / cap); null: unchanged. */
  readonly cap: number | null;
}

/**
 * Causal grouped-query attention (arXiv 2305.13245): softmax(q·kᵀ · scale + mask)·v. q [B, H, T, Dh], k and v [B, K, T, Dh], mask
 * [T, T] → [B, H, T, Dh]. The H/K heads that share a key are folded into rows, so k and v are never expanded.
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, options: ScoreOptions): Tensor {
  const { graph } = q;
  const [batch, , tokens, headDim] = q.shape as [string, number, string, number];
  expectShape("attend", k, [batch, known(k, 1), tokens, headDim]);
  expectShape("attend", v, k.shape);
  const count = graph.dialect === "cpu" ? QUERY_PIECES : 1;
  const [keys, values, rows] = [cutTokens(k, count, 2), cutTokens(v, count, 2), cutTokens(mask, count, 0)];
  const pieces = cutTokens(q, count, 2).map((piece, index) => {
    const seen = (parts: readonly Tensor[]) => joinTokens(parts.slice(0, index + 1), 2);
    const visible = joinTokens(cutTokens(rows[index]!, count, 1).slice(0, index + 1), 1);
    return attendPiece(piece, seen(keys), seen(values), visible, options);
  });
  const mixed = joinTokens(
    pieces.map((piece) => piece.mixed),
    2,
  );
  return graph.record([q, k, v], mixed, (gradient, [wantQ, wantK, wantV]) => {
    const back = cutTokens(gradient, count, 2).map((piece, index) => pieces[index]!.back(piece));
    /** Sums what the pieces contribute to the gradient of the keys or values. */
    const summed = (gradients: readonly Tensor[]) =>
      joinTokens(
        cutEach(gradients).map((parts) => parts.reduce((sum, part) => graph.node("Add", [sum, part], sum))),
        2,
      );
    return [
      wantQ
        ? joinTokens(
            back.map(({ towardsQ }) => towardsQ()),
            2,
          )
        : undefined,
      wantK ? summed(back.map(({ towardsK }) => towardsK())) : undefined,
      wantV ? summed(back.map(({ towardsV }) => towardsV())) : undefined,
    ];
  });
}

/** Gradients of the first 1, 2, 3 … parts → for each part, those that reach it. */
function cutEach(gradients: readonly Tensor[]): Tensor[][] {
  const parts = gradients.map((gradient, index) => cutTokens(gradient, index + 1, 2));
  return parts.map((_, part) => parts.slice(part).map((own) => own[part]!));
}

/**
 * Some queries [B, H, t, Dh] and the keys and values that they attend to, [B, K, s, Dh], mask [t, s] → [B, H, t, Dh]. The
 * softmax's gradient needs only rowsum(dO ⊙ O) (arXiv 2205.14135). Not recorded: `back` adds the nodes of the backward pass.
 */
function attendPiece(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, { scale, cap }: ScoreOptions) {
  const { graph } = q;
  const [batch, heads, tokens, headDim] = q.shape as [string, number, string, number];
  const [kvHeads, seen] = k.shape.slice(1) as [number, string];
  const group = heads / kvHeads;
  const rows = `${group}·${tokens}`;
  const folded = { shape: [batch, kvHeads, rows, headDim] };
  const square = { shape: [batch, kvHeads, rows, seen] };

  const reshape = (x: Tensor, sizes: number[], result: { shape: Tensor["shape"] }) =>
    graph.node("Reshape", [x, graph.integers(...sizes)], result);
  const fold = (x: Tensor) => reshape(x, [0, kvHeads, -1, headDim], folded); // [B, K, H/K·t, Dh]
  const unfold = (x: Tensor) => reshape(x, [0, heads, -1, headDim], q);
  const copies = Array.from({ length: group }, () => mask);
  const groupMask = group === 1 ? mask : graph.node("Concat", copies, { shape: [rows, seen] }, { axis: 0 }); // [H/K·t, s]

  const queries = fold(q);
  const scores = matmul(queries, k, { transposeB: true, scale }, square);
  const capped = cap === null ? null : softCapNodes(scores, cap);
  const masked = graph.node("Add", [capped?.output ?? scores, groupMask], square);
  const weights = graph.node("Softmax", [masked], square, { axis: -1 });
  const mixed = matmul(weights, v, {}, folded);
  const back = (gradient: Tensor) => {
    const dMixed = fold(gradient);
    const products = graph.node("Mul", [dMixed, mixed], folded);
    const rowSums = graph.node(
      "ReduceSum",
      [products, graph.integers(-1)],
      { shape: [batch, kvHeads, rows, 1] },
      { keepdims: 1 },
    );
    const dWeights = matmul(dMixed, v, { transposeB: true }, square);
    const towardsMasked = graph.node(
      "Mul",
      [weights, graph.node("Sub", [dWeights, rowSums], square)],
      square,
    );
    const slope = capped ? graph.node("Mul", [towardsMasked, capped.slope()], square) : towardsMasked;
    return {
      towardsQ: () => unfold(matmul(slope, k, { scale }, folded)),
      towardsK: () => matmul(slope, queries, { transposeA: true, scale }, k),
      towardsV: () => matmul(weights, dMixed, { transposeA: true }, v),
    };
  };
  return { mixed: unfold(mixed), back };
}

/** x in `count` equal parts along an axis of tokens. */
function cutTokens(x: Tensor, count: number, axis: number): Tensor[] {
  if (count === 1) return [x];
  const parts = Array.from({ length: count }, () => ({ shape: withTokens(x, axis, 1 / count) }));
  return x.graph.nodes("Split", [x], parts, { axis, num_outputs: count });
}

function joinTokens(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts as [Tensor];
  if (parts.length === 1) return first;
  return first.graph.node("Concat", parts, { shape: withTokens(first, axis, parts.length) }, { axis });
}

/** The shape of x with `times` as many tokens: "0.25·T". */
function withTokens({ shape }: Tensor, axis: number, times: number): Shape {
  const [symbol, share = 1] = String(shape[axis]).split("·").reverse();
  const next = Number(share) * times;
  return shape.map((size, index) => (index !== axis ? size : next === 1 ? symbol! : `${next}·${symbol}`));
}

/** Batched product of the last two axes, optionally with transposed operands and a factor. Adds nodes; is not recorded. */
export function matmul(
  a: Tensor,
  b: Tensor,
  {
    transposeA = false,
    transposeB = false,
    scale = 1,
  }: { transposeA?: boolean; transposeB?: boolean; scale?: number },
  result: { shape: Tensor["shape"] },
): Tensor {
  const { graph } = a;
  if (graph.dialect === "cpu") {
    const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: scale } };
    return graph.node("com.microsoft:FusedMatMul", [a, b], result, attributes);
  }
  const transpose = (x: Tensor) => {
    const [batch, heads, rows, columns] = x.shape as [string, number, string, number];
    return graph.node("Transpose", [x], { shape: [batch, heads, columns, rows] }, { perm: [0, 1, 3, 2] });
  };
  const product = graph.node(
    "MatMul",
    [transposeA ? transpose(a) : a, transposeB ? transpose(b) : b],
    result,
  );
  return scale === 1 ? product : graph.node("Mul", [product, graph.scalar(scale)], result);
}
