/** The gated delta rule in chunks, against the same rule a token at a time in float64, and against finite differences. */
import { describe, expect, test } from "vitest";
import { gatedDeltaRule } from "../../../native-models/graph/delta-rule.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import type { Dialect, Tensor } from "../../../native-models/graph/graph.ts";
import { float32 } from "../../../native-models/runtime/session.ts";
import { gradientError, random, run } from "./finite-differences.ts";
import type { Feeds } from "./finite-differences.ts";

const [HEADS, KEY, VALUE] = [2, 3, 5];
const WIDTHS = { queries: HEADS * KEY, keys: HEADS * KEY, values: HEADS * VALUE, decay: HEADS, beta: HEADS };
type Name = keyof typeof WIDTHS;
const NAMES = Object.keys(WIDTHS) as Name[];

function build(graph: Graph): Tensor {
  const input = (name: Name) => graph.input(name, "float32", ["B", "T", WIDTHS[name]]);
  const [queries, keys, values, decay, beta] = NAMES.map(input) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  return gatedDeltaRule({ queries, keys, values, decay, beta }, HEADS);
}

/** Keys of length 1, as models have them; the same at every token if they `repeat`. */
function feedsOf(rows: number, tokens: number, { strongest = 1, repeat = false, steepest = 2 } = {}): Feeds {
  const next = random(3);
  const made = {} as Record<Name, Float32Array>;
  for (const name of NAMES) made[name] = Float32Array.from({ length: rows * tokens * WIDTHS[name] }, next);
  const { keys, decay, beta } = made;
  if (repeat) keys.forEach((_, i) => (keys[i] = keys[i % WIDTHS.keys]!));
  for (let first = 0; first < keys.length; first += KEY) {
    const length = Math.hypot(...keys.subarray(first, first + KEY));
    for (let i = first; i < first + KEY; i++) keys[i]! /= length;
  }
  decay.forEach((value, i) => (decay[i] = (steepest * (value - 1)) / 2));
  beta.forEach((value, i) => (beta[i] = repeat ? strongest : (value + 1) / 2));
  return Object.fromEntries(NAMES.map((name) => [name, float32(made[name], rows, tokens, WIDTHS[name])]));
}

function tokenByToken(feeds: Feeds): Float64Array {
  const [rows, tokens] = feeds.keys!.dims as [number, number, number];
  const at = (name: Name, row: number, token: number, i: number) =>
    feeds[name]!.data[(row * tokens + token) * WIDTHS[name] + i] as number;
  const outputs = new Float64Array(rows * tokens * WIDTHS.values);
  for (let row = 0; row < rows; row++)
    for (let head = 0; head < HEADS; head++) {
      const S = new Float64Array(KEY * VALUE);
      for (let token = 0; token < tokens; token++) {
        const key = (i: number) => at("keys", row, token, head * KEY + i);
        const kept = Math.exp(at("decay", row, token, head));
        for (let i = 0; i < S.length; i++) S[i]! *= kept;
        for (let v = 0; v < VALUE; v++) {
          let had = 0;
          for (let k = 0; k < KEY; k++) had += key(k) * S[k * VALUE + v]!;
          const change = at("beta", row, token, head) * (at("values", row, token, head * VALUE + v) - had);
          let output = 0;
          for (let k = 0; k < KEY; k++) {
            S[k * VALUE + v]! += key(k) * change;
            output += at("queries", row, token, head * KEY + k) * S[k * VALUE + v]!;
          }
          outputs[(row * tokens + token) * WIDTHS.values + head * VALUE + v] = output;
        }
      }
    }
  return outputs;
}

describe.each(["cpu", "portable"] satisfies Dialect[])("in the %s dialect", (dialect) => {
  test.each([
    ["a row of one short chunk", 1, 5, {}],
    ["rows of whole chunks", 2, 64, {}],
    ["rows of two chunks and a part", 2, 70, {}],
    ["keys that repeat and replace each other's values", 1, 64, { repeat: true, steepest: 0.001 }],
    ["decay that forgets everything", 1, 70, { steepest: 200 }],
  ] as const)("%s: the same as a token at a time", async (_, rows, tokens, options) => {
    const feeds = feedsOf(rows, tokens, options);
    const graph = new Graph(dialect);
    graph.output("y", build(graph));
    const { y } = await run(graph, feeds);
    const expected = tokenByToken(feeds);
    expect(y!.length).toBe(expected.length);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.1);
    expected.forEach((value, i) => {
      if (!(Math.abs(y![i]! - value) < 2e-5 * largest)) expect.fail(`${i}: ${y![i]}, expected ${value}`);
    });
  });

  test("its gradients equal finite differences", async () => {
    expect(await gradientError(build, feedsOf(2, 70), NAMES, dialect)).toBeLessThan(2e-3);
  });
});
