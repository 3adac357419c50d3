/** Sessions by name, created on first use, and the memory that their runs write to. */
import type { InferenceSession } from "onnxruntime-node";
import { Graph } from "../graph/graph.ts";
import { openSession } from "../runtime/session.ts";
import type { OrtTensor, SessionOptions } from "../runtime/session.ts";

/** Tensors by the names of graph inputs or outputs. */
export type Feeds = Readonly<Record<string, OrtTensor>>;

export class Sessions {
  readonly #options: SessionOptions;
  #sessions = new Map<string, Promise<InferenceSession>>();
  #scratch = new Map<string, Float32Array>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /**
   * Runs the session of this name, created from `model` on first use, with the inputs that it needs from `sources`; outputs that are
   * given are written in place.
   */
  async run(
    name: string,
    model: () => Uint8Array,
    sources: readonly Feeds[],
    outputs: Feeds = {},
  ): Promise<Feeds> {
    const session = await this.#session(name, model);
    const feeds: Record<string, OrtTensor> = {};
    for (const input of session.inputNames) {
      const source = sources.find((candidate) => input in candidate);
      if (!source) throw new Error(`nothing given for input ${input} of ${name}`);
      feeds[input] = source[input]!;
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const output of session.outputNames) fetches[output] = outputs[output] ?? null;
    return (await session.run(feeds, fetches)) as Feeds;
  }

  /**
   * A copy of a tensor in the device's memory, which lives until it is disposed of. Only for devices other than the CPU.
   * Integers, which onnxruntime-node's tensors cannot hold there, stay in memory.
   */
  async upload(value: OrtTensor): Promise<OrtTensor> {
    const { type, dims } = value;
    if (type !== "float32" && type !== "float16") return value;
    const model = () => copyGraph(type, dims.length);
    const session = await this.#session(`upload ${type} ${dims.length}`, model, true);
    const { y } = await session.run({ x: value });
    return y!;
  }

  #session(name: string, model: () => Uint8Array, outputsStay = false): Promise<InferenceSession> {
    let session = this.#sessions.get(name);
    if (!session) {
      session = openSession(model(), { ...this.#options, takesTurns: true, outputsStay });
      this.#sessions.set(name, session);
    }
    return session;
  }

  /** Memory that is reused between calls: a view of `length` elements of the buffer of this name. */
  buffer(name: string, length: number): Float32Array {
    let memory = this.#scratch.get(name);
    if (!memory || memory.length < length) this.#scratch.set(name, (memory = new Float32Array(length)));
    return memory.subarray(0, length);
  }

  /** Frees the sessions. */
  async close(): Promise<void> {
    const sessions = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.release()));
  }
}

/** x → y, the same numbers. */
function copyGraph(type: "float32" | "float16", dimensions: number): Uint8Array {
  const graph = new Graph("portable");
  const shape = Array.from({ length: dimensions }, (_, axis) => `d${axis}`);
  graph.output("y", graph.input("x", type, shape));
  return graph.encode("copy");
}
