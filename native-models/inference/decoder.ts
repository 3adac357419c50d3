/** A chat model at work: ids in, logits out, keys and values remembered. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { fail } from "../failure.ts";
import { float32, int32, openSession, tensor } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import { Description, DESCRIPTION_FILE, GRAPH_FILE } from "./write-model.ts";

/** The cache grows by this many tokens: onnxruntime copies all of it at every step. */
const CACHE_STEP = 256;

/** Tokens of a prompt that are read at a time. */
const PREFILL_TOKENS = 512;

export class Decoder {
  readonly description: Description;
  readonly #session: InferenceSession;
  readonly #logits: OrtTensor;
  #capacity = 0;
  #cache = new Map<string, Float32Array>();
  #feeds: Record<string, OrtTensor> = {};
  #fetches: Record<string, OrtTensor | null> = {};
  #ids: number[] = [];

  private constructor(description: Description, session: InferenceSession) {
    this.description = description;
    this.#session = session;
    this.#logits = float32(new Float32Array(description.vocabularySize), 1, 1, description.vocabularySize);
    for (const name of session.outputNames) this.#fetches[name] = null;
  }

  /** Opens a folder that `writeInferenceModel` wrote. Throws `not-found`, `corrupt-file`. */
  static async open(folder: string, { threads }: { threads: number }): Promise<Decoder> {
    const path = join(folder, DESCRIPTION_FILE);
    const text = await readFile(path, "utf8").catch(() =>
      fail({ code: "not-found", path, what: "chat model" }),
    );
    const parsed = Description.safeParse(parseJson(text));
    if (!parsed.success)
      return fail({
        code: "corrupt-file",
        path,
        section: "description",
        reason: "it does not describe a chat model",
      });
    try {
      return new Decoder(parsed.data, await openSession(join(folder, GRAPH_FILE), { threads }));
    } catch (error) {
      return fail({
        code: "corrupt-file",
        path: join(folder, GRAPH_FILE),
        section: "graph",
        reason: (error as Error).message.slice(0, 300),
      });
    }
  }

  /** The ids that have been read. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Forgets all but the first `length` ids. */
  truncate(length: number): void {
    this.#ids.length = Math.min(length, this.#ids.length);
  }

  /** Reads ids on from those read already. The logits after the last: a view until the next call. [V]. Throws `context-full`. */
  async read(ids: readonly number[]): Promise<Float32Array> {
    for (let first = 0; first < ids.length; first += PREFILL_TOKENS) {
      const piece = ids.slice(first, first + PREFILL_TOKENS);
      await this.#run(piece, int32(Int32Array.of(piece.length - 1), 1), this.#logits);
    }
    return this.#logits.data as Float32Array;
  }

  /** Reads ids and gives the logits after each. [ids, V] */
  async readAll(ids: readonly number[]): Promise<Float32Array> {
    const positions = int32(
      Int32Array.from(ids, (_, i) => i),
      ids.length,
    );
    return (await this.#run(ids, positions, null)).data as Float32Array;
  }

  async #run(ids: readonly number[], positions: OrtTensor, logits: OrtTensor | null): Promise<OrtTensor> {
    const start = this.#ids.length;
    const end = start + ids.length;
    const { contextLength } = this.description;
    if (end > contextLength) fail({ code: "context-full", tokens: end, limit: contextLength });
    this.#reserve(end);
    const feeds = this.#feeds;
    feeds.ids = int32(Int32Array.from(ids), 1, ids.length);
    feeds.positions = positions;
    feeds.start = tensor("int64", BigInt64Array.of(BigInt(start)), [1]);
    feeds.end = tensor("int64", BigInt64Array.of(BigInt(end)), [1]);
    feeds.lengths = int32(Int32Array.of(end - 1), 1);
    feeds.total = int32(Int32Array.of(end));
    this.#fetches.logits = logits;
    const outputs = await this.#session.run(feeds, this.#fetches);
    for (const [name, cache] of this.#cache)
      this.#remember(cache, outputs[`new.${name}`]!.data as Float32Array, start, ids.length);
    for (const id of ids) this.#ids.push(id);
    return outputs.logits!;
  }

  #remember(cache: Float32Array, rows: Float32Array, start: number, count: number): void {
    const { kvHeads, headDim } = this.description;
    for (let head = 0; head < kvHeads; head++) {
      const from = head * count * headDim;
      cache.set(rows.subarray(from, from + count * headDim), (head * this.#capacity + start) * headDim);
    }
  }

  /** Makes room for `length` tokens in the cache. */
  #reserve(length: number): void {
    if (length <= this.#capacity) return;
    const { kvHeads, headDim, caches } = this.description;
    const capacity = Math.ceil(length / CACHE_STEP) * CACHE_STEP;
    for (const block of caches) {
      for (const side of ["k", "v"]) {
        const name = `${block}.${side}`;
        const grown = new Float32Array(kvHeads * capacity * headDim);
        const old = this.#cache.get(name);
        for (let head = 0; old && head < kvHeads; head++) {
          const from = head * this.#capacity * headDim;
          grown.set(old.subarray(from, from + this.#capacity * headDim), head * capacity * headDim);
        }
        this.#cache.set(name, grown);
        this.#feeds[`past.${name}`] = float32(grown, 1, kvHeads, capacity, headDim);
      }
    }
    this.#capacity = capacity;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
