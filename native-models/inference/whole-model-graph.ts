/**
 * One graph of all kept units, from the same maths as the training graphs. Only the new rows of the key/value cache are
 * outputs: onnxruntime-node copies outputs, so the whole `present` stays inside.
 */
import { blockWeight, EMBEDDING, FINAL_NORM, HEAD } from "../architectures/architecture.ts";
import type { BlockOps } from "../architectures/architecture.ts";
import { ropeTables } from "../architectures/rope.ts";
import { encode } from "../formats/storage.ts";
import { add, swiglu } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { rmsNorm } from "../graph/norm.ts";
import type { Model } from "../model.ts";
import { halvesOf } from "../training/unit-graphs.ts";
import { BLOCK } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import { rowPieces, WeightsFile } from "./weights-file.ts";

/** `int4`: MatMulNBits of 4 bits and a head of 8; `fp32`: as it was trained. */
export type Precision = "int4" | "fp32";

/** Attention's caches are this many tokens long at most, however long the model's own context. */
export const LONGEST_CONTEXT = 8192;

const HEAD_BITS = 8;

/** MatMulNBits computes in int8 where the processor can. */
const ACCURACY_LEVEL = 4;

export interface WholeModel {
  readonly graph: Graph;
  readonly weights: WeightsFile;
  /** Index of each block that attends, and so has a cache. */
  readonly caches: readonly number[];
  readonly contextLength: number;
}

/**
 * ids [1, S], positions [n] (whose logits are wanted, within S), past.I.k and past.I.v [1, K, P, Dh], start and end
 * [1] (tokens before and after), lengths [1] (end − 1), total [] (end) → logits [1, n, V], new.I.k and new.I.v [1, K, S, Dh].
 */
export function wholeModelGraph(model: Model, precision: Precision): WholeModel {
  const { architecture, config, sections } = model;
  const graph = new Graph("cpu");
  const weights = new WeightsFile(graph);
  const contextLength = Math.min(config.maxPositions, LONGEST_CONTEXT);
  const caches: number[] = [];

  const ids = graph.input("ids", "int32", [1, "S"]);
  const positions = graph.input("positions", "int32", ["n"]);
  const start = graph.input("start", "int64", [1]);
  const end = graph.input("end", "int64", [1]);
  const lengths = graph.input("lengths", "int32", [1]);
  const total = graph.input("total", "int32", []);
  const tables = ropeTables(config.ropeFrequencies, contextLength);
  const cos = weights.numbers("cos", [contextLength, config.headDim / 2], () => tables.cos);
  const sin = weights.numbers("sin", [contextLength, config.headDim / 2], () => tables.sin);

  const matmul = (x: Tensor, name: string, upstream: readonly string[], bits: Bits): Tensor => {
    const parts = upstream.map((weight) => model.weight(weight));
    const outputs = parts.reduce((sum, part) => sum + part.rows, 0);
    const shape = [...x.shape.slice(0, -1), outputs];
    if (precision === "fp32")
      return graph.node("MatMul", [x, weights.transposed(name, parts[0]!)], { shape });
    const { codes, scales } = weights.quantised(name, parts, bits);
    const attributes = {
      K: parts[0]!.columns,
      N: outputs,
      bits,
      block_size: BLOCK,
      accuracy_level: ACCURACY_LEVEL,
    };
    return graph.node("com.microsoft:MatMulNBits", [x, codes, scales], { shape }, attributes);
  };
  const vector = (name: string) =>
    weights.numbers(name, model.weight(name).shape as number[], () => model.weight(name).readFloat32());
  const normed = (x: Tensor, name: string) => rmsNorm(x, vector(name), config.normEpsilon);

  /** Projections of one input that were computed as one: what attention can take whole. */
  const packed = new Map<Tensor, Tensor>();

  const blockOps = (block: number): BlockOps => {
    const upstream = (name: string) => blockWeight(block, name);
    const biased = (y: Tensor, names: readonly string[]) => {
      const biases = names.map((name) => upstream(`${name}.bias`));
      if (!model.names.includes(biases[0]!)) return y;
      const parts = biases.map((name) => model.weight(name));
      const bias = weights.numbers(
        `${biases[0]!}s`,
        [parts.reduce((sum, { columns }) => sum + columns, 0)],
        () => Float32Array.from(parts.flatMap((part) => [...part.readFloat32()])),
      );
      return graph.node("Add", [y, bias], y);
    };
    const project = (x: Tensor, names: readonly string[]) =>
      biased(
        matmul(
          x,
          upstream(`${names.join("+")}.weight`),
          names.map((name) => upstream(`${name}.weight`)),
          4,
        ),
        names,
      );
    return {
      linear: (x, ...names) => {
        if (precision === "fp32" || names.length === 1)
          return names.map((name) => project(x, [name])) as never;
        const whole = project(x, names);
        const sizes = names.map((name) => model.weight(upstream(`${name}.weight`)).rows);
        const shapes = sizes.map((size) => ({ shape: [...x.shape.slice(0, -1), size] }));
        const parts = graph.nodes("Split", [whole, graph.integers(...sizes)], shapes, { axis: -1 });
        for (const part of parts) packed.set(part, whole);
        return parts as never;
      },
      rmsNorm: (x, name) => normed(x, upstream(`${name}.weight`)),
      attention: (q, k, v) => attention(block, q, k, v),
      swiglu,
      add,
    };
  };

  const attention = (block: number, q: Tensor, k: Tensor, v: Tensor): Tensor => {
    const { heads, kvHeads, headDim, slidingWindow } = config;
    const whole = packed.get(q);
    const rotatesItself = headDim % 16 === 0; // GroupQueryAttention's own rotation takes no other widths
    const rotated = (x: Tensor) =>
      graph.node("com.microsoft:RotaryEmbedding", [x, start, cos, sin], x, { interleaved: 0 });
    const queries = !rotatesItself
      ? [rotated(q), rotated(k), v]
      : whole && whole === packed.get(k) && whole === packed.get(v)
        ? [whole, undefined, undefined]
        : [q, k, v];
    const past = (["k", "v"] as const).map((side) =>
      graph.input(`past.${block}.${side}`, "float32", [1, kvHeads, "P", headDim]),
    );
    const [mixed, ...present] = graph.nodes(
      "com.microsoft:GroupQueryAttention",
      [...queries, ...past, lengths, total, ...(rotatesItself ? [cos, sin] : [])],
      [{ shape: q.shape }, { shape: [1, kvHeads, "P", headDim] }, { shape: [1, kvHeads, "P", headDim] }],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        do_rotary: rotatesItself ? 1 : 0,
        rotary_interleaved: 0,
        scale: { float: headDim ** -0.5 },
        ...(slidingWindow !== null && { local_window_size: slidingWindow }),
      },
    ) as [Tensor, Tensor, Tensor];
    (["k", "v"] as const).forEach((side, i) => {
      const rows = graph.node("Slice", [present[i]!, start, end, graph.integers(2)], {
        shape: [1, kvHeads, "S", headDim],
      });
      graph.output(`new.${block}.${side}`, rows);
    });
    caches.push(block);
    return mixed;
  };

  const table = model.weight(EMBEDDING);
  const rows = weights.add(
    EMBEDDING,
    precision === "fp32" ? "float32" : "float16",
    [table.rows, table.columns],
    function* () {
      for (const data of rowPieces(table)) yield encode(precision === "fp32" ? "f32" : "f16", data);
    },
  );
  const embedded = graph.node("Gather", [rows, ids], { shape: [1, "S", config.hiddenSize] }, { axis: 0 });
  const x =
    precision === "fp32"
      ? embedded
      : graph.node("Cast", [embedded], { type: "float32", shape: embedded.shape }, { to: 1 });
  const hidden = sections.reduce(
    (stream, section, block) =>
      halvesOf(section).reduce((y, half) => architecture[half](y, blockOps(block)), stream),
    x,
  );
  const wanted = graph.node(
    "Gather",
    [hidden, positions],
    { shape: [1, "n", config.hiddenSize] },
    { axis: 1 },
  );
  const head = config.tiedEmbedding ? EMBEDDING : HEAD;
  graph.output("logits", matmul(normed(wanted, FINAL_NORM), `${head}.head`, [head], HEAD_BITS));
  return { graph, weights, caches, contextLength };
}
