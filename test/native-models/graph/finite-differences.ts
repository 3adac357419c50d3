/** Runs small graphs on the CPU and compares derived gradients with finite differences. */
import { differentiate } from "../../../native-models/graph/differentiate.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import type { Dialect, Tensor } from "../../../native-models/graph/graph.ts";
import { float32, openSession, tensor } from "../../../native-models/runtime/session.ts";
import type { OrtTensor } from "../../../native-models/runtime/session.ts";

/** Uniform in [−1, 1), from a linear congruential generator. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
}

export function randomTensor(next: () => number, ...shape: number[]): OrtTensor {
  return float32(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), ...shape);
}

export type Feeds = Record<string, OrtTensor>;

export async function run(graph: Graph, feeds: Feeds): Promise<Record<string, Float32Array>> {
  const session = await openSession(graph.encode(), { threads: 1 });
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const outputs = await session.run(used);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]),
  );
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/**
 * The worst disagreement, over the inputs in `wrt`, between ⟨gradient, direction⟩ and the central difference of
 * ⟨f(x), seed⟩ along a random direction, relative to the larger of the two and to the seed's scale.
 */
export async function gradientError(
  build: (graph: Graph) => Tensor,
  feeds: Feeds,
  wrt: readonly string[],
  dialect: Dialect = "cpu",
): Promise<number> {
  const next = random(7);
  const forward = new Graph(dialect);
  forward.output("y", build(forward));
  const { y } = await run(forward, feeds);
  const seed = Float32Array.from(y!, next);

  const backward = new Graph(dialect);
  const output = build(backward);
  const seedInput = backward.input("seed", "float32", output.shape);
  const tensors = wrt.map((name) => backward.inputs.get(name)!);
  for (const [input, gradient] of differentiate(backward, new Map([[output, seedInput]]), tensors)) {
    backward.output(`d_${input.name}`, gradient);
  }
  const shape = await shapeOf(forward, feeds);
  const gradients = await run(backward, { ...feeds, seed: float32(seed, ...shape) });

  let worst = 0;
  for (const name of wrt) {
    const value = feeds[name]!;
    const direction = Float32Array.from(value.data as Float32Array, next);
    const step = 1e-2;
    const shifted = async (sign: number) => {
      const moved = (value.data as Float32Array).map((x, i) => x + sign * step * direction[i]!);
      return dot((await run(forward, { ...feeds, [name]: tensor("float32", moved, value.dims) })).y!, seed);
    };
    const numeric = ((await shifted(1)) - (await shifted(-1))) / (2 * step);
    const derived = dot(gradients[`d_${name}`]!, direction);
    worst = Math.max(
      worst,
      Math.abs(numeric - derived) / Math.max(Math.abs(numeric), Math.abs(derived), 0.1),
    );
  }
  return worst;
}

async function shapeOf(graph: Graph, feeds: Feeds): Promise<readonly number[]> {
  const session = await openSession(graph.encode(), { threads: 1 });
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const { y } = await session.run(used);
  await session.release();
  return y!.dims;
}
