/**
 * A whole model as one graph in the form that onnxruntime-genai and transformers.js run: texts and the states of their earlier tokens in,
 * the next token's logits and the new states out. Source of names and shapes: genai_config.json in onnxruntime.ai/docs/genai/reference,
 * and `getCacheNames` of @huggingface/transformers.
 */
import { isTied } from "../architectures/architecture.ts";
import type { Attention, Role, Rope } from "../architectures/architecture.ts";
import { rope, ropeOfQueries } from "../graph/attention.ts";
import type { Angles } from "../graph/attention.ts";
import { continuedDeltaRules } from "../graph/delta-rule.ts";
import type { DeltaInputs } from "../graph/delta-rule.ts";
import { scale, softCap } from "../graph/elementwise.ts";
import { Graph, known } from "../graph/graph.ts";
import type { Shape, Tensor } from "../graph/graph.ts";
import { GraphWeights } from "../inference/graph-weights.ts";
import { wholeHead } from "../inference/head.ts";
import { InferenceMaths } from "../inference/inference-maths.ts";
import type { Precision } from "../inference/precision.ts";
import type { Bits } from "../inference/quantise.ts";
import type { WeightsFile } from "../inference/weights-file.ts";
import { halvesOf } from "../model.ts";
import type { Model } from "../model.ts";

/** The symbolic dimensions: texts, their new tokens, the earlier ones, and both together. Programs look for the first name. */
const [B, T, P, S] = [
  "batch_size",
  "sequence_length",
  "past_sequence_length",
  "total_sequence_length",
] as const;
/** The new tokens of all texts, which are concatenated for the maths of blocks. */
const N = `${B}·${T}`;

export interface OnnxGraphOptions {
  readonly precision: Precision;
  /** The name of the weights' file, in the graph's folder. */
  readonly weightsFile: string;
  /** Whether each new token gets logits, instead of only the last one of each text. */
  readonly allLogits?: boolean;
}

/** The blocks that mix tokens, in order: programs number their states from 0, without gaps. */
export const mixersOf = (sections: Model["sections"]): number[] =>
  sections.flatMap((section, block) => (halvesOf(section).includes("attention") ? [block] : []));

/**
 * input_ids [B, T] and attention_mask [B, S] (0 for padding), int64; past_key_values.I.key and .value [B, K, P, Dh] of
 * each attention, past_conv.I [B, C, W − 1] and past_recurrent.I [B, H, Dk, Dv] of other mixers → logits [B, 1, V], or [B, T, V] of all;
 * the same with `present` instead of `past`.
 */
export function onnxGraph(
  model: Model,
  { precision, weightsFile, allLogits = false }: OnnxGraphOptions,
): { graph: Graph; weights: WeightsFile } {
  const { config, sections } = model;
  const graph = new Graph("cpu");
  const weights = new GraphWeights(graph, model, precision, { file: weightsFile });
  const batch = new BatchInputs(graph);
  const mixers = mixersOf(sections);
  const maths = new InferenceMaths(model, weights, ({ role }) => (precision === "int8" ? 8 : bitsOf(role)), {
    attention: (block, projected, options) =>
      batchedAttention(projected, options, mixers.indexOf(block), batch),
    convolution: (block, _name, x, weight) => batchedConvolution(x, weight, mixers.indexOf(block), batch),
    deltaRule: (block, { heads, keyWidth, valueWidth }, inputs) =>
      batchedDeltaRule(inputs, [heads, keyWidth, valueWidth], mixers.indexOf(block), batch),
  });

  const { ends } = config;
  const embedding = wholeHead(weights, ends.embedding.name);
  const rows = embedding.rows(batch.flat(batch.ids, [])); // [N, D]
  const hidden = maths.throughBlocks(rows, (all) => (allLogits ? all : batch.lastTokens(all)));
  const logits = maths.logits(hidden, () => (isTied(ends) ? embedding : wholeHead(weights, ends.head.name)));
  graph.output("logits", allLogits ? batch.apart(logits) : insertAxis(logits, 1));
  return { graph, weights: weights.file };
}

/** The bits of an INT4 graph's matrices: products out of the feed-forward width lose the most when they are rounded. */
const bitsOf = (role: Role | undefined): Bits => (role === "down" ? 8 : 4);

/** What all attentions of a graph share, each part built on first use. */
class BatchInputs {
  readonly ids: Tensor;
  readonly #graph: Graph;
  #made = new Map<string, Tensor>();
  #angles = new Map<Rope, Angles>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.ids = graph.input("input_ids", "int64", [B, T]);
  }

  #once(name: string, make: () => Tensor): Tensor {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made;
  }

  #integer = (op: string, inputs: readonly Tensor[], shape: Shape, attributes = {}): Tensor =>
    this.#graph.node(op, inputs, { type: "int64", shape }, attributes);

  /** 1 where a text has a token, 0 where it is padded. [B, S], int64 */
  get #mask(): Tensor {
    return this.#graph.input("attention_mask", "int64", [B, S]);
  }

  /** T or S. [1], int64 */
  #sizeOf(x: Tensor): Tensor {
    return this.#once(`size of ${x.name}`, () => this.#integer("Shape", [x], [1], { start: 1, end: 2 }));
  }

  /** x [N, …] → [B, T, …]; `rest`: the shape of what follows, if it is to be reshaped too. */
  apart(x: Tensor, rest = x.shape.slice(1) as number[]): Tensor {
    const sizes = this.#once(`B, T, ${rest.join()}`, () =>
      this.#integer(
        "Concat",
        [this.#integer("Shape", [this.ids], [2]), this.#graph.integers(...rest)],
        [2 + rest.length],
        { axis: 0 },
      ),
    );
    return this.#graph.node("Reshape", [x, sizes], { shape: [B, T, ...rest] });
  }

  /** x [B, T, …] → [N, …]. */
  flat(x: Tensor, rest = x.shape.slice(2) as number[]): Tensor {
    const width = rest.reduce((product, size) => product * size, 1);
    const sizes = rest.length === 0 ? [-1] : [-1, width];
    const shape = rest.length === 0 ? [N] : [N, width];
    return this.#graph.node("Reshape", [x, this.#graph.integers(...sizes)], { shape });
  }

  /** The last token of each text, wherever the padding is. x [N, D] → [B, D] */
  lastTokens(x: Tensor): Tensor {
    const graph = this.#graph;
    const bits = graph.node(
      "Cast",
      [this.#newTokens(this.#mask)],
      { type: "int32", shape: [B, T] },
      { to: 6 },
    );
    const last = this.#integer("ArgMax", [bits], [B, 1], { axis: 1, keepdims: 1, select_last_index: 1 });
    return graph.node("GatherND", [this.apart(x), last], { shape: [B, known(x, 1)] }, { batch_dims: 1 });
  }

  /** x [B, S] → the new tokens' part, [B, T]. */
  #newTokens(x: Tensor): Tensor {
    const first = this.#once("−T", () => this.#integer("Neg", [this.#sizeOf(this.ids)], [1]));
    const [end, axis] = [this.#graph.integers(2 ** 31 - 1), this.#graph.integers(1)];
    return this.#graph.node("Slice", [x, first, end, axis], { shape: [B, T] });
  }

  /** The new tokens' positions in their texts, padding left out. [N, 1], f32 */
  get #positions(): Tensor {
    const graph = this.#graph;
    return this.#once("positions", () => {
      const axis = graph.initializer("axis of tokens", "int32", [], new Uint8Array(Int32Array.of(1).buffer));
      const counted = this.#integer("CumSum", [this.#mask, axis], [B, S]);
      const numbers = this.#newTokens(this.#integer("Sub", [counted, graph.integers(1)], [B, S]));
      const column = this.#integer("Reshape", [numbers, graph.integers(-1, 1)], [N, 1]);
      const positions = graph.node("Cast", [column], { type: "float32", shape: [N, 1] }, { to: 1 });
      return graph.node("Relu", [positions], positions); // padding before a text would be at −1
    });
  }

  /** Cosines and sines of the new tokens' angles, a row for each. */
  angles(rotation: Rope): Angles {
    const graph = this.#graph;
    const known = this.#angles.get(rotation);
    if (known) return known;
    const { magnitude, frequencies, beyond } = rotation;
    const list = (values: readonly number[]) => graph.constant(Float32Array.from(values), [1, values.length]);
    const usual = list(frequencies);
    const chosen = beyond
      ? graph.node("Where", [this.#isBeyond(beyond.tokens), list(beyond.frequencies), usual], usual)
      : usual;
    const table = { shape: [N, frequencies.length] };
    const angles = graph.node("Mul", [this.#positions, chosen], table);
    const side = (op: "Cos" | "Sin") => {
      const values = graph.node(op, [angles], table);
      return magnitude === 1 ? values : graph.node("Mul", [values, graph.scalar(magnitude)], table);
    };
    const growth = rotation.growth ? this.#growth(rotation.growth) : null;
    const made = { cos: side("Cos"), sin: side("Sin"), rows: this.#rows, growth };
    this.#angles.set(rotation, made);
    return made;
  }

  /** 1 + by · ln(1 + ⌊position / every⌋). [B, 1, T, 1] */
  #growth({ by, every }: NonNullable<Rope["growth"]>): Tensor {
    const graph = this.#graph;
    const [positions, one] = [this.#positions, graph.scalar(1)];
    const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, positions);
    const steps = node("Floor", node("Div", positions, graph.scalar(every)));
    const logarithms = node("Log", node("Add", steps, one));
    const factors = node("Add", node("Mul", logarithms, graph.scalar(by)), one);
    return insertAxis(this.apart(factors), 1);
  }

  /** Whether the longest text has more than this many tokens. [1], bool */
  #isBeyond(tokens: number): Tensor {
    const limit = this.#graph.integers(tokens);
    return this.#graph.node("Greater", [this.#sizeOf(this.#mask), limit], { type: "bool", shape: [1] });
  }

  /** The indices of the new tokens among those of all texts. [B, T], int64 */
  get #rows(): Tensor {
    return this.#once("rows", () => {
      const number = (value: number) => this.#scalar(value);
      const count = this.#integer("Size", [this.ids], []);
      return this.apart(this.#integer("Range", [number(0), count, number(1)], [N]), []);
    });
  }

  #scalar(value: number): Tensor {
    return this.#once(`the number ${value}`, () =>
      this.#integer("Squeeze", [this.#graph.integers(value), this.#graph.integers(0)], []),
    );
  }

  /** Added to the scores of a group of heads: 0 where a token may attend, a large negative number where not. [B, 1, group · T, S] */
  unseen(window: number | null, group: number): Tensor {
    return this.#once(`unseen, ${group} of ${window}`, () => {
      const one = this.#once(`unseen of ${window}`, () => this.#unseen(window));
      if (group === 1) return one;
      const copies = Array.from({ length: group }, () => one);
      return this.#graph.node("Concat", copies, { shape: [B, 1, `${group}·${T}`, S] }, { axis: 2 });
    });
  }

  #unseen(window: number | null): Tensor {
    const graph = this.#graph;
    const both = (a: Tensor, b: Tensor, shape: Shape) => graph.node("And", [a, b], { type: "bool", shape });
    const distances = this.#distances;
    const square = { type: "bool" as const, shape: distances.shape };
    const isEarlier = graph.node("GreaterOrEqual", [distances, graph.integers(0)], square);
    const isNear =
      window === null
        ? isEarlier
        : both(isEarlier, graph.node("Less", [distances, graph.integers(window)], square), square.shape);
    const seen = both(isNear, this.#isToken, [B, 1, T, S]);
    return graph.node("Where", [seen, graph.scalar(0), graph.scalar(UNSEEN)], {
      type: "float32",
      shape: [B, 1, T, S],
    });
  }

  /** How many places each token is before each new one. [T, S], int64 */
  get #distances(): Tensor {
    return this.#once("distances", () => {
      const size = (x: Tensor) => this.#integer("Squeeze", [this.#sizeOf(x), this.#graph.integers(0)], []);
      const whole = size(this.#mask);
      const first = this.#integer("Sub", [whole, size(this.ids)], []);
      const range = (from: Tensor, length: string) =>
        this.#integer("Range", [from, whole, this.#scalar(1)], [length]);
      const column = this.#integer("Unsqueeze", [range(first, T), this.#graph.integers(1)], [T, 1]);
      return this.#integer("Sub", [column, range(this.#scalar(0), S)], [T, S]);
    });
  }

  /** [B, 1, 1, S], bool */
  get #isToken(): Tensor {
    return this.#once("is token", () => {
      const bits = this.#graph.node("Cast", [this.#mask], { type: "bool", shape: [B, S] }, { to: 9 });
      return this.#graph.node("Unsqueeze", [bits, this.#graph.integers(1, 2)], { shape: [B, 1, 1, S] });
    });
  }

  /** 1 for a new token, 0 for padding. [N, 1], f32 */
  get occupied(): Tensor {
    return this.#once("occupied", () => {
      const column = this.flat(this.#newTokens(this.#mask), [1]);
      return this.#graph.node("Cast", [column], { type: "float32", shape: [N, 1] }, { to: 1 });
    });
  }
}

/** Added to the score of a masked token: far below any score, but finite, so that tokens that see only padding have no NaN. */
const UNSEEN = -1e9;

const insertAxis = (x: Tensor, axis: number): Tensor =>
  x.graph.node("Unsqueeze", [x, x.graph.integers(axis)], {
    shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)],
  });

const transpose = (x: Tensor, ...perm: number[]): Tensor =>
  x.graph.node("Transpose", [x], { shape: perm.map((axis) => x.shape[axis]!) }, { perm });

/** q [N, H·Dh], k and v [N, K·Dh] → [N, H·Dh]. The heads that share a key are rows of one product. */
function batchedAttention(
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  { heads, kvHeads, headDim, scale: factor, cap, window, rope: rotation }: Attention,
  state: number,
  batch: BatchInputs,
): Tensor {
  const { graph } = q;
  const group = heads / kvHeads;
  const inHeads = (x: Tensor, count: number) => transpose(batch.apart(x, [count, headDim]), 0, 2, 1, 3); // [B, count, T, Dh]
  const joined = (side: "key" | "value", fresh: Tensor) => {
    const past = graph.input(`past_key_values.${state}.${side}`, "float32", [B, kvHeads, P, headDim]);
    const present = graph.node("Concat", [past, fresh], { shape: [B, kvHeads, S, headDim] }, { axis: 2 });
    graph.output(`present.${state}.${side}`, present);
    return present;
  };
  const angles = rotation && batch.angles(rotation);
  const newKeys = inHeads(k, kvHeads);
  const keys = joined("key", angles ? rope(newKeys, angles) : newKeys);
  const values = joined("value", inHeads(v, kvHeads));

  const rows = `${group}·${T}`;
  const square = { shape: [B, kvHeads, rows, S] };
  const unscaled = inHeads(q, heads);
  const queries = scale(angles ? ropeOfQueries(unscaled, angles) : unscaled, factor);
  const folded = graph.node("Reshape", [queries, graph.integers(0, kvHeads, -1, headDim)], {
    shape: [B, kvHeads, rows, headDim],
  });
  const scores = graph.node("MatMul", [folded, transpose(keys, 0, 1, 3, 2)], square);
  const capped = cap === null ? scores : softCap(scores, cap);
  const masked = graph.node("Add", [capped, batch.unseen(window, group)], square);
  const shares = graph.node("Softmax", [masked], square, { axis: -1 });
  const mixed = graph.node("MatMul", [shares, values], folded);
  const unfolded = graph.node("Reshape", [mixed, graph.integers(0, heads, -1, headDim)], {
    shape: [B, heads, T, headDim],
  });
  return batch.flat(transpose(unfolded, 0, 2, 1, 3));
}

/** x [N, C], w [C, 1, W] → [N, C]; the last W − 1 inputs are kept. */
function batchedConvolution(x: Tensor, w: Tensor, state: number, batch: BatchInputs): Tensor {
  const { graph } = x;
  const [channels, , width] = w.shape as [number, number, number];
  const past = graph.input(`past_conv.${state}`, "float32", [B, channels, width - 1]);
  const inputs = transpose(batch.apart(graph.node("Mul", [x, batch.occupied], x)), 0, 2, 1); // [B, C, T]
  const all = graph.node(
    "Concat",
    [past, inputs],
    { shape: [B, channels, `${width - 1}+${T}`] },
    { axis: 2 },
  );
  const [first, end, axis] = [1 - width, 2 ** 31 - 1, 2].map((number) => graph.integers(number));
  graph.output(`present_conv.${state}`, graph.node("Slice", [all, first, end, axis], past));
  const y = graph.node("Conv", [all, w], inputs, { group: channels, kernel_shape: [width] });
  return batch.flat(transpose(y, 0, 2, 1));
}

/** [N, H·Dv]; the matrix of each head is kept. */
function batchedDeltaRule(
  { queries, keys, values, decay, beta }: DeltaInputs,
  sizes: readonly [heads: number, keyWidth: number, valueWidth: number],
  state: number,
  batch: BatchInputs,
): Tensor {
  const { graph } = queries;
  const past = graph.input(`past_recurrent.${state}`, "float32", [B, ...sizes]);
  const unlessPadding = (x: Tensor) => batch.apart(graph.node("Mul", [x, batch.occupied], x));
  const { output, after } = continuedDeltaRules(
    {
      queries: batch.apart(queries),
      keys: batch.apart(keys),
      values: batch.apart(values),
      decay: unlessPadding(decay),
      beta: unlessPadding(beta),
    },
    past,
    sizes[0],
  );
  graph.output(`present_recurrent.${state}`, after);
  return batch.flat(output);
}
