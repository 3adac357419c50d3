/** Runs an exported graph (onnx-graph.ts) on one text. */
import type { InferenceSession } from "onnxruntime-node";
import { float32, openSession, tensor } from "../runtime/session.ts";
import type { OrtTensor, SessionOptions } from "../runtime/session.ts";

export class OnnxReader {
  readonly #session: InferenceSession;
  #kept: Record<string, OrtTensor> = {};
  #length = 0;

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.startOver();
  }

  /** `graph`: a file's path, or bytes, whose weights are then in `dataFolder`. Throws onnxruntime's errors. */
  static async open(
    graph: string | Uint8Array,
    options: Pick<SessionOptions, "threads" | "dataFolder">,
  ): Promise<OnnxReader> {
    return new OnnxReader(await openSession(graph, options));
  }

  /** Forgets what was read. */
  startOver(): void {
    this.#length = 0;
    const kept = this.#session.inputMetadata.filter(({ name }) => name.startsWith("past"));
    this.#kept = Object.fromEntries(
      kept.map((input) => {
        const { shape } = input as Extract<typeof input, { isTensor: true }>;
        const sizes = shape.map((size) => (typeof size === "number" ? size : size === "batch_size" ? 1 : 0));
        const empty = new Float32Array(sizes.reduce((product, size) => product * size, 1));
        return [input.name, float32(empty, ...sizes)] as const;
      }),
    );
  }

  /** Reads further tokens and returns the graph's logits: [1, V] of the last or [ids, V] of each. */
  async read(ids: readonly number[]): Promise<Float32Array> {
    this.#length += ids.length;
    const ones = new BigInt64Array(this.#length).fill(1n);
    const feeds: Record<string, OrtTensor> = {
      ...this.#kept,
      input_ids: tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]),
      attention_mask: tensor("int64", ones, [1, this.#length]),
    };
    const outputs = await this.#session.run(feeds);
    for (const name of Object.keys(this.#kept)) this.#kept[name] = outputs[presentOf(name)]!;
    return outputs.logits!.data as Float32Array;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** The output that is the next run's input `name`. */
const presentOf = (name: string) => name.replace(/^past_key_values|^past/, "present");
