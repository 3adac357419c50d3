import { describe, expect, test } from "vitest";
import {
  attend,
  attentionTables,
  mergeHeads,
  padRows,
  rope,
  ropeOfQueries,
  rowLayout,
  splitHeads,
  takeRows,
  unpadRows,
} from "../../../native-models/graph/attention.ts";
import { causalConvolution } from "../../../native-models/graph/convolution.ts";
import { differentiate } from "../../../native-models/graph/differentiate.ts";
import { deltaInputs } from "../../../native-models/graph/delta-rule.ts";
import {
  activate,
  add,
  addBias,
  gated,
  gatedUnit,
  multiply,
  plusOne,
  reshape,
  scale,
  softCap,
} from "../../../native-models/graph/elementwise.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import type { Dialect, Tensor } from "../../../native-models/graph/graph.ts";
import { addLora, linear, split } from "../../../native-models/graph/linear.ts";
import { linearCrossEntropy, scaledSquaredError } from "../../../native-models/graph/loss.ts";
import { taughtCrossEntropy } from "../../../native-models/graph/soft-targets.ts";
import { headNorm, rmsNorm } from "../../../native-models/graph/norm.ts";
import { float32, int32 } from "../../../native-models/runtime/session.ts";
import { gradientError, random, randomTensor, run } from "./finite-differences.ts";
import type { Feeds } from "./finite-differences.ts";

const next = random(1);
const input = (g: Graph, name: string, ...shape: (number | string)[]) => g.input(name, "float32", shape);

interface Case {
  readonly op: string;
  readonly build: (g: Graph) => Tensor;
  readonly feeds: Feeds;
  readonly wrt: string[];
}

/** Two rows, of 3 and 2 tokens: B = 2, T = 3, N = 5. */
const layoutFeeds: Feeds = {
  padIndex: int32(Int32Array.of(0, 1, 2, 3, 4, 0), 2, 3),
  unpadIndex: int32(Int32Array.of(0, 1, 2, 3, 4), 5),
  occupied: float32(Float32Array.of(1, 1, 1, 1, 1, 0), 2, 3, 1),
  mask: float32(Float32Array.of(0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0), 3, 3),
  cos: randomTensor(next, 3, 2),
  sin: randomTensor(next, 3, 2),
};

/** Rows of eight places, each of which sees itself and the five before it. */
const longRows: Feeds = {
  mask: float32(
    Float32Array.from({ length: 64 }, (_, i) => {
      const behind = Math.floor(i / 8) - (i % 8);
      return behind >= 0 && behind < 6 ? 0 : -1e9;
    }),
    8,
    8,
  ),
};

const scores = { scale: 0.5, cap: null };

const heads = (g: Graph, name: string, count: number) => input(g, name, "B", count, "T", 4);

const cases: Case[] = [
  {
    op: "add",
    build: (g) => add(input(g, "a", "N", 3), input(g, "b", "N", 3)),
    feeds: { a: randomTensor(next, 2, 3), b: randomTensor(next, 2, 3) },
    wrt: ["a", "b"],
  },
  {
    op: "multiply",
    build: (g) => multiply(input(g, "a", "N", 3), input(g, "b", "N", 3)),
    feeds: { a: randomTensor(next, 2, 3), b: randomTensor(next, 2, 3) },
    wrt: ["a", "b"],
  },
  {
    op: "scale",
    build: (g) => scale(input(g, "a", "N", 3), 2.5),
    feeds: { a: randomTensor(next, 2, 3) },
    wrt: ["a"],
  },
  {
    op: "a tensor used twice",
    build: (g) => multiply(input(g, "a", "N", 3), add(input(g, "a", "N", 3), input(g, "b", "N", 3))),
    feeds: { a: randomTensor(next, 2, 3), b: randomTensor(next, 2, 3) },
    wrt: ["a", "b"],
  },
  {
    op: "plusOne",
    build: (g) => multiply(plusOne(input(g, "a", "N", 3)), input(g, "b", "N", 3)),
    feeds: { a: randomTensor(next, 2, 3), b: randomTensor(next, 2, 3) },
    wrt: ["a", "b"],
  },
  {
    op: "reshape",
    build: (g) => {
      const x = reshape(input(g, "a", "N", 6), [0, 3, 2], ["N", 3, 2]);
      return multiply(x, x);
    },
    feeds: { a: randomTensor(next, 2, 6) },
    wrt: ["a"],
  },
  {
    op: "softCap",
    build: (g) => softCap(input(g, "a", "N", 3), 0.7),
    feeds: { a: randomTensor(next, 2, 3) },
    wrt: ["a"],
  },
  {
    op: "headNorm",
    build: (g) => headNorm(input(g, "x", "N", 12), input(g, "w", 4), 1e-2, 3),
    feeds: { x: randomTensor(next, 5, 12), w: randomTensor(next, 4) },
    wrt: ["x", "w"],
  },
  {
    op: "gatedUnit, gelu-tanh",
    build: (g) => gatedUnit("gelu-tanh", input(g, "gate", "N", 5), input(g, "up", "N", 5)),
    feeds: { gate: randomTensor(next, 3, 5), up: randomTensor(next, 3, 5) },
    wrt: ["gate", "up"],
  },
  {
    op: "gatedUnit, silu",
    build: (g) => gatedUnit("silu", input(g, "gate", "N", 5), input(g, "up", "N", 5)),
    feeds: { gate: randomTensor(next, 3, 5), up: randomTensor(next, 3, 5) },
    wrt: ["gate", "up"],
  },
  {
    op: "causalConvolution",
    build: (g) => causalConvolution(input(g, "x", "B", "T", 3), input(g, "w", 3, 1, 4)),
    feeds: { x: randomTensor(next, 2, 7, 3), w: randomTensor(next, 3, 1, 4) },
    wrt: ["x", "w"],
  },
  {
    op: "split",
    build: (g) => {
      const [a, , c] = split(input(g, "x", "N", 8), [3, 2, 3]) as [Tensor, Tensor, Tensor];
      return multiply(multiply(a, c), add(a, add(c, c)));
    },
    feeds: { x: randomTensor(next, 3, 8) },
    wrt: ["x"],
  },
  {
    op: "addBias",
    build: (g) => softCap(addBias(input(g, "x", "N", 5), input(g, "bias", 5)), 0.9),
    feeds: { x: randomTensor(next, 3, 5), bias: randomTensor(next, 5) },
    wrt: ["x", "bias"],
  },
  {
    op: "split of each head",
    build: (g) => {
      const [a, b] = split(input(g, "x", "N", 10), [3, 2], 2) as [Tensor, Tensor];
      return add(multiply(a, a), linear(b, input(g, "w", 6, 4)));
    },
    feeds: { x: randomTensor(next, 3, 10), w: randomTensor(next, 6, 4) },
    wrt: ["x", "w"],
  },
  {
    op: "activate, sigmoid",
    build: (g) => activate("sigmoid", input(g, "x", "N", 5)),
    feeds: { x: randomTensor(next, 3, 5) },
    wrt: ["x"],
  },
  {
    op: "deltaInputs",
    build: (g) => {
      const [queries, keys] = [input(g, "q", "N", 6), input(g, "k", "N", 6)];
      const inputs = deltaInputs(
        { queries, keys, values: queries, decay: input(g, "decay", "N", 4), beta: input(g, "beta", "N", 4) },
        { aLog: input(g, "a", 4), dtBias: input(g, "bias", 4) },
        { name: "", keyHeads: 2, heads: 4, keyWidth: 3, valueWidth: 3 },
      );
      const rates = multiply(inputs.decay, inputs.beta); // [N, 4]
      return add(multiply(inputs.queries, inputs.keys), linear(rates, input(g, "w", 12, 4)));
    },
    feeds: {
      q: randomTensor(next, 3, 6),
      k: randomTensor(next, 3, 6),
      decay: randomTensor(next, 3, 4),
      beta: randomTensor(next, 3, 4),
      a: randomTensor(next, 4),
      bias: randomTensor(next, 4),
      w: randomTensor(next, 12, 4),
    },
    wrt: ["q", "k", "decay", "beta", "a", "bias"],
  },
  {
    op: "rmsNorm",
    build: (g) => rmsNorm(input(g, "x", "N", 8), input(g, "w", 8), 1e-5),
    feeds: { x: randomTensor(next, 3, 8), w: randomTensor(next, 8) },
    wrt: ["x", "w"],
  },
  {
    op: "linear",
    build: (g) =>
      linear(input(g, "x", "N", 4), input(g, "w", 6, 4), { scale: 0.7, plus: input(g, "plus", "N", 6) }),
    feeds: { x: randomTensor(next, 3, 4), w: randomTensor(next, 6, 4), plus: randomTensor(next, 3, 6) },
    wrt: ["x", "w", "plus"],
  },
  {
    op: "linear with a bias",
    build: (g) => linear(input(g, "x", "N", 4), input(g, "w", 6, 4), { plus: input(g, "bias", 6) }),
    feeds: { x: randomTensor(next, 3, 4), w: randomTensor(next, 6, 4), bias: randomTensor(next, 6) },
    wrt: ["x", "w", "bias"],
  },
  {
    op: "linear of a narrow weight",
    build: (g) =>
      linear(input(g, "x", "N", 2), input(g, "w", 17, 2), { scale: 0.7, plus: input(g, "plus", "N", 17) }),
    feeds: { x: randomTensor(next, 3, 2), w: randomTensor(next, 17, 2), plus: randomTensor(next, 3, 17) },
    wrt: ["x", "w", "plus"],
  },
  {
    op: "addLora beside one projection",
    build: (g) => {
      const x = input(g, "x", "N", 4);
      const adapter = {
        base: linear(x, input(g, "w", 6, 4)),
        a: input(g, "a", 2, 4),
        b: input(g, "b", 6, 2),
      };
      return addLora(x, [adapter], 32)[0]!;
    },
    feeds: {
      x: randomTensor(next, 3, 4),
      w: randomTensor(next, 6, 4),
      a: randomTensor(next, 2, 4),
      b: randomTensor(next, 6, 2),
    },
    wrt: ["x", "a", "b"],
  },
  {
    op: "addLora beside three projections of one x",
    build: (g) => {
      const x = input(g, "x", "N", 4);
      const adapters = [0, 1, 2].map((i) => ({
        base: linear(x, input(g, `w${i}`, 6, 4)),
        a: input(g, `a${i}`, 2, 4),
        b: input(g, `b${i}`, 6, 2),
      }));
      const [first, second, third] = addLora(x, adapters, 3) as [Tensor, Tensor, Tensor];
      return multiply(first, add(second, scale(third, 0.5)));
    },
    feeds: {
      x: randomTensor(next, 3, 4),
      ...Object.fromEntries(
        [0, 1, 2].flatMap((i) => [
          [`w${i}`, randomTensor(next, 6, 4)],
          [`a${i}`, randomTensor(next, 2, 4)],
          [`b${i}`, randomTensor(next, 6, 2)],
        ]),
      ),
    },
    wrt: ["x", "a0", "b0", "a1", "b1", "a2", "b2"],
  },
  {
    op: "splitHeads and mergeHeads",
    build: (g) => {
      const x = splitHeads(input(g, "x", "B", "T", 8), 2);
      return mergeHeads(multiply(x, x));
    },
    feeds: { x: randomTensor(next, 2, 3, 8) },
    wrt: ["x"],
  },
  {
    op: "gated",
    build: (g) => gated(input(g, "x", "N", 3), input(g, "gate", 1)),
    feeds: { x: randomTensor(next, 2, 3), gate: float32(Float32Array.of(0.7), 1) },
    wrt: ["x"],
  },
  {
    op: "takeRows, one of them twice",
    build: (g) => {
      const rows = takeRows(input(g, "x", "N", 4), g.input("index", "int32", ["n"]), rowLayout(g));
      return multiply(rows, rows);
    },
    feeds: { ...layoutFeeds, x: randomTensor(next, 5, 4), index: int32(Int32Array.of(3, 0, 3), 3) },
    wrt: ["x"],
  },
  {
    op: "padRows and unpadRows",
    build: (g) => {
      const layout = rowLayout(g);
      const rows = padRows(input(g, "x", "N", 4), layout);
      return unpadRows(multiply(rows, rows), layout);
    },
    feeds: { ...layoutFeeds, x: randomTensor(next, 5, 4) },
    wrt: ["x"],
  },
  {
    op: "rope",
    build: (g) => rope(heads(g, "x", 2), attentionTables(g, { pairs: 2 }).angles!),
    feeds: { ...layoutFeeds, x: randomTensor(next, 2, 2, 3, 4) },
    wrt: ["x"],
  },
  {
    op: "rope of a part of each head",
    build: (g) => rope(heads(g, "x", 2), attentionTables(g, { pairs: 1 }).angles!),
    feeds: {
      x: randomTensor(next, 2, 2, 3, 4),
      cos: randomTensor(next, 3, 1),
      sin: randomTensor(next, 3, 1),
    },
    wrt: ["x"],
  },
  {
    op: "rope of queries with factors",
    build: (g) => ropeOfQueries(heads(g, "x", 2), attentionTables(g, { pairs: 2, grows: true }).angles!),
    feeds: {
      x: randomTensor(next, 2, 2, 3, 4),
      cos: randomTensor(next, 3, 2),
      sin: randomTensor(next, 3, 2),
      growth: randomTensor(next, 3, 1),
    },
    wrt: ["x"],
  },
  {
    op: "attend with capped scores",
    build: (g) => {
      const { mask } = attentionTables(g, { pairs: 0 });
      return attend(heads(g, "q", 4), heads(g, "k", 2), heads(g, "v", 2), mask, { scale: 0.5, cap: 0.8 });
    },
    feeds: {
      ...longRows,
      q: randomTensor(next, 2, 4, 8, 4),
      k: randomTensor(next, 2, 2, 8, 4),
      v: randomTensor(next, 2, 2, 8, 4),
    },
    wrt: ["q", "k", "v"],
  },
  {
    op: "attend with grouped keys",
    build: (g) =>
      attend(
        heads(g, "q", 4),
        heads(g, "k", 2),
        heads(g, "v", 2),
        attentionTables(g, { pairs: 2 }).mask,
        scores,
      ),
    feeds: {
      ...longRows,
      q: randomTensor(next, 2, 4, 8, 4),
      k: randomTensor(next, 2, 2, 8, 4),
      v: randomTensor(next, 2, 2, 8, 4),
    },
    wrt: ["q", "k", "v"],
  },
  {
    op: "attend with as many keys as queries",
    build: (g) =>
      attend(
        heads(g, "q", 2),
        heads(g, "k", 2),
        heads(g, "v", 2),
        attentionTables(g, { pairs: 2 }).mask,
        scores,
      ),
    feeds: {
      ...longRows,
      q: randomTensor(next, 2, 2, 8, 4),
      k: randomTensor(next, 2, 2, 8, 4),
      v: randomTensor(next, 2, 2, 8, 4),
    },
    wrt: ["q", "k", "v"],
  },
  {
    op: "linearCrossEntropy",
    build: (g) => {
      const labels = g.input("labels", "int32", ["n"]);
      return linearCrossEntropy(input(g, "h", "n", 4), input(g, "e", 7, 4), labels, input(g, "weights", "n"))
        .loss;
    },
    feeds: {
      h: randomTensor(next, 3, 4),
      e: randomTensor(next, 7, 4),
      labels: int32(Int32Array.of(2, 6, 0), 3),
      weights: float32(Float32Array.of(0.5, 0, 0.25), 3),
    },
    wrt: ["h", "e"],
  },
  {
    op: "linearCrossEntropy with scaled and capped logits",
    build: (g) => {
      const labels = g.input("labels", "int32", ["n"]);
      return linearCrossEntropy(
        input(g, "h", "n", 4),
        input(g, "e", 7, 4),
        labels,
        input(g, "weights", "n"),
        { scale: 0.6, cap: 1.5 },
      ).loss;
    },
    feeds: {
      h: randomTensor(next, 3, 4),
      e: randomTensor(next, 7, 4),
      labels: int32(Int32Array.of(2, 6, 0), 3),
      weights: float32(Float32Array.of(0.5, 0, 0.25), 3),
    },
    wrt: ["h", "e"],
  },
  ...[
    { temperature: 1, logits: { scale: 1, cap: null } },
    { temperature: 2.5, logits: { scale: 1, cap: null } },
    { temperature: 2, logits: { scale: 0.6, cap: 1.5 } },
  ].map((options) => ({
    op: `taughtCrossEntropy at temperature ${options.temperature}, capped at ${options.logits.cap}`,
    build: (g: Graph) => {
      const targets = {
        ids: g.input("ids", "int32", ["n", "k"]),
        probabilities: input(g, "probabilities", "n", "k"),
        rest: input(g, "rest", "n"),
        strength: input(g, "strength"),
      };
      const labels = g.input("labels", "int32", ["n"]);
      const head = { h: input(g, "h", "n", 4), matrix: input(g, "e", 7, 4) };
      return taughtCrossEntropy({ ...head, labels, weights: input(g, "weights", "n") }, targets, options)
        .total;
    },
    feeds: {
      h: randomTensor(next, 3, 4),
      e: randomTensor(next, 7, 4),
      labels: int32(Int32Array.of(2, 6, 0), 3),
      weights: float32(Float32Array.of(0.5, 0, 0.25), 3),
      ids: int32(Int32Array.of(2, 5, 1, 4, 6, 3), 3, 2),
      probabilities: float32(Float32Array.of(0.6, 0.3, 0.1, 0.1, 0.9, 0.05), 3, 2),
      rest: float32(Float32Array.of(0.1, 0.8, 0.05), 3),
      strength: float32(Float32Array.of(0.4)),
    },
    wrt: ["h", "e"],
  })),
  {
    op: "scaledSquaredError",
    build: (g) => scaledSquaredError(input(g, "x", "N", 4), input(g, "target", "N", 4), input(g, "factor")),
    feeds: {
      x: randomTensor(next, 3, 4),
      target: randomTensor(next, 3, 4),
      factor: float32(Float32Array.of(0.3)),
    },
    wrt: ["x"],
  },
];

describe.each(["cpu", "portable"] satisfies Dialect[])("in the %s dialect", (dialect) => {
  test.each(cases)("the gradient of $op equals finite differences", async ({ build, feeds, wrt }) => {
    expect(await gradientError(build, feeds, wrt, dialect)).toBeLessThan(3e-3);
  });
});

test("both dialects compute the same", async () => {
  for (const { build, feeds } of cases) {
    const [cpu, portable] = await Promise.all(
      (["cpu", "portable"] as const).map(async (dialect) => {
        const graph = new Graph(dialect);
        graph.output("y", build(graph));
        return (await run(graph, feeds)).y!;
      }),
    );
    cpu!.forEach((value, i) => expect(value).toBeCloseTo(portable![i]!, 5));
  }
});

test("a tensor that no output depends on has no gradient", () => {
  const graph = new Graph();
  const [a, b] = [input(graph, "a", 2), input(graph, "b", 2)];
  const y = scale(a, 2);
  expect([...differentiate(graph, new Map([[y, y]]), [a, b]).keys()]).toEqual([a]);
});

test("an unused gradient adds no nodes to the model", () => {
  const build = (wrt: string[]) => {
    const graph = new Graph();
    const y = linear(input(graph, "x", "N", 4), input(graph, "w", 6, 4));
    const seed = input(graph, "seed", "N", 6);
    const tensors = wrt.map((name) => graph.inputs.get(name)!);
    for (const [tensor, gradient] of differentiate(graph, new Map([[y, seed]]), tensors))
      graph.output(`d_${tensor.name}`, gradient);
    return graph.encode().length;
  };
  expect(build(["x"])).toBeLessThan(build(["x", "w"]));
});

test("a wrong shape is refused and named when the graph is built", () => {
  const graph = new Graph();
  expect(() => linear(input(graph, "x", "N", 5), input(graph, "w", 6, 4))).toThrow(
    "linear: x is [N, 5], expected [?, 4]",
  );
  expect(() => add(input(graph, "x", "N", 5), input(graph, "y", "M", 5))).toThrow(
    "add: y is [M, 5], expected [N, 5]",
  );
});
