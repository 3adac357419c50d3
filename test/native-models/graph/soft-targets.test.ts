/** A head with a teacher's distributions, against float64. */
import { describe, expect, test } from "vitest";
import { differentiate } from "../../../native-models/graph/differentiate.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { taughtCrossEntropy } from "../../../native-models/graph/soft-targets.ts";
import { float32, int32 } from "../../../native-models/runtime/session.ts";
import { random, randomTensor, run } from "./finite-differences.ts";

const [n, k, width, vocabulary] = [5, 3, 6, 40];
const next = random(11);
const h = randomTensor(next, n, width);
const matrix = randomTensor(next, vocabulary, width);
const teacherLogits = Array.from({ length: n }, () => Array.from({ length: vocabulary }, () => 4 * next()));
const labels = [3, 0, 39, 7, 12];
const weights = [0.2, 0, 0.5, 0.1, 0.3];
const strength = 0.4;

const softmax = (logits: readonly number[], temperature: number): number[] => {
  const powers = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

/** The k likeliest tokens of the teacher, their probabilities, and the rest's. */
function teacher(row: number, temperature: number) {
  const all = softmax(teacherLogits[row]!, temperature);
  const ids = all.map((_, id) => id).sort((a, b) => all[b]! - all[a]!);
  const top = ids.slice(0, k);
  const probabilities = top.map((id) => all[id]!);
  return { top, probabilities, rest: 1 - probabilities.reduce((sum, value) => sum + value, 0) };
}

/** Losses and the gradient towards h by the definition, in float64: the derivative of a class is the sum over its tokens. */
function expected(temperature: number) {
  const [x, e] = [h.data as Float32Array, matrix.data as Float32Array];
  let [loss, divergence] = [0, 0];
  const gradient = Array.from(x, () => 0);
  for (let row = 0; row < n; row++) {
    const logits = Array.from({ length: vocabulary }, (_, token) =>
      Array.from({ length: width }).reduce<number>(
        (sum, _, i) => sum + x[row * width + i]! * e[token * width + i]!,
        0,
      ),
    );
    const { top, probabilities, rest } = teacher(row, temperature);
    const [plain, heated] = [softmax(logits, 1), softmax(logits, temperature)];
    const classes = [...top.map((id) => [id]), logits.map((_, id) => id).filter((id) => !top.includes(id))];
    const own = classes.map((ids) => ids.reduce((sum, id) => sum + heated[id]!, 0));
    loss -= weights[row]! * Math.log(plain[labels[row]!]!);
    const factor = strength * temperature ** 2;
    [...probabilities, rest].forEach((p, i) => (divergence += factor * p * Math.log(p / own[i]!)));
    logits.forEach((_, token) => {
      const place = classes.findIndex((ids) => ids.includes(token));
      const p = [...probabilities, rest][place]!;
      const towards =
        weights[row]! * (plain[token]! - (token === labels[row] ? 1 : 0)) +
        (factor / temperature) * heated[token]! * (1 - p / own[place]!);
      for (let i = 0; i < width; i++) gradient[row * width + i]! += towards * e[token * width + i]!;
    });
  }
  return { loss, divergence, gradient };
}

async function actual(temperature: number, dialect: "cpu" | "portable") {
  const graph = new Graph(dialect);
  const input = (name: string, ...shape: (string | number)[]) => graph.input(name, "float32", shape);
  const rows = { labels: graph.input("labels", "int32", ["n"]), weights: input("weights", "n") };
  const inputs = { h: input("h", "n", width), matrix: input("matrix", vocabulary, width), ...rows };
  const targets = {
    ids: graph.input("ids", "int32", ["n", "k"]),
    probabilities: input("probabilities", "n", "k"),
    rest: input("rest", "n"),
    strength: input("strength"),
  };
  const { total, loss, divergence } = taughtCrossEntropy(inputs, targets, { temperature });
  const found = differentiate(graph, new Map([[total, graph.scalar(1)]]), [inputs.h]);
  for (const [name, tensor] of Object.entries({ loss, divergence, gradient: found.get(inputs.h)! }))
    graph.output(name, tensor);
  const spoken = labels.map((_, row) => teacher(row, temperature));
  return run(graph, {
    h,
    matrix,
    labels: int32(Int32Array.from(labels), n),
    weights: float32(Float32Array.from(weights), n),
    ids: int32(Int32Array.from(spoken.flatMap(({ top }) => top)), n, k),
    probabilities: float32(Float32Array.from(spoken.flatMap(({ probabilities }) => probabilities)), n, k),
    rest: float32(Float32Array.from(spoken.map(({ rest }) => rest)), n),
    strength: float32(Float32Array.of(strength)),
  });
}

describe.each(["cpu", "portable"] as const)("in the %s dialect", (dialect) => {
  test.each([1, 2.5])("the losses and the gradient at temperature %d are float64's", async (temperature) => {
    const [wanted, found] = [expected(temperature), await actual(temperature, dialect)];
    expect(found.loss![0]).toBeCloseTo(wanted.loss, 5);
    expect(found.divergence![0]).toBeCloseTo(wanted.divergence, 5);
    wanted.gradient.forEach((value, i) => expect(found.gradient![i]).toBeCloseTo(value, 5));
    expect(Math.max(...wanted.gradient.map(Math.abs))).toBeGreaterThan(0.05);
  });
});
