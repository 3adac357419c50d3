/** A running chat model: ids in, logits out, with cached keys and values. Runs block their thread: engines only. */
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { growthOf, isBeyond, ropeTables } from "../architectures/rope.ts";
import { fail } from "../failure.ts";
import type { Model } from "../model.ts";
import { OUT_OF_MEMORY } from "../out-of-memory.ts";
import { Random } from "../random.ts";
import { float32, int32, openSession, tensor } from "../runtime/session.ts";
import type { OrtTensor, SessionOptions } from "../runtime/session.ts";
import { CacheMemory } from "./cache-memory.ts";
import { NativeDecoder } from "./native.ts";
import type { KernelName, PieceAngles, TextPiece } from "./native.ts";
import { stepsOf } from "./steps.ts";
import type { StepProgram } from "./steps.ts";
import { anglesName, growthName, maskName } from "./cached-attention.ts";
import { PIECE_TOKENS, PROMPT_PIECE_TOKENS } from "./pieces.ts";
import { WEIGHTS_FILE } from "./weights-file.ts";
import { readPrompt, stateTensors } from "./stored-prompt.ts";
import type { StateValues } from "./stored-prompt.ts";
import { Snapshots } from "./snapshots.ts";
import type { RecurrentFeeds } from "./snapshots.ts";
import { tensorAfter, tensorBefore, wholeModelGraph } from "./whole-model-graph.ts";
import type { Layout, PromptGraph, RecurrentTensor } from "./whole-model-graph.ts";
import { descriptionOf, GRAPH_FILE, readDescription } from "./write-model.ts";
import type { Description } from "./write-model.ts";

/** The cache that the graph sees grows in steps of this many rows, so that tensors over it serve several tokens. */
const CACHE_STEP = 64;

/** The number of tokens used to measure the size of products' inputs. */
const MEASURED_TOKENS = 128;

/** Pieces of at least this many tokens are read by the prompt graph, or by all threads of the native decoder. */
const PROMPT_TOKENS = 16;

/** Added to the score of a masked token: far below any score, but finite. */
const UNSEEN = -1e9;

export interface DecoderOptions extends Pick<SessionOptions, "threads" | "device"> {
  /** Another graph over the folder's weights (`graphForGpu`); the folder's own by default. */
  readonly graph?: Uint8Array;
  /** The steps for the native decoder, which replaces the graph where it is available; null: it lacks an operation. */
  readonly steps?: (layout: Description) => StepProgram | null;
  /** The instruction set of the native decoder; the best that the CPU has by default. */
  readonly kernels?: KernelName;
}

/** The keys or the values of a state. */
interface Cache {
  /** The name of the graph's input. */
  readonly name: string;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly memory: CacheMemory;
}

/** What all texts over the same weights share. */
interface Shared {
  /** A session of the folder's graph, or of another one over its weights; null if the native decoder reads. */
  readonly session: InferenceSession | null;
  readonly native: NativeDecoder | null;
  /** The session that reads long pieces, if there is a separate one, and its weights. */
  prompts: {
    readonly session: InferenceSession;
    readonly feeds: Readonly<Record<string, OrtTensor>>;
  } | null;
  /** How many threads of the native decoder compute the tokens of answers. */
  answeringThreads: number;
  /** The stored prompt, with which every text begins. */
  readonly prompt: { readonly tokens: number; readonly values: StateValues } | null;
}

/** Further ids of a text. */
interface Reading {
  readonly decoder: Decoder;
  readonly ids: readonly number[];
  /** After how many of the last ids logits are wanted; 1 by default. */
  readonly last?: number;
}

export class Decoder {
  /** Its context length is the text's: it excludes the places that a stored prompt takes. */
  readonly description: Description;
  readonly #folder: string;
  readonly #options: DecoderOptions;
  readonly #shared: Shared;
  /** Whether this is the decoder that was opened, which closes what is shared. */
  readonly #isFirst: boolean;
  /** The tokens before the text: those of the stored prompt. */
  readonly #before: number;
  /** Keys, then values, of each state, in the order of the graph's `rows`. */
  readonly #caches: readonly Cache[];
  readonly #feeds: Record<string, OrtTensor> = {};
  /** Null at first. */
  #shownRows: number | null = null;
  readonly #recurrent: readonly RecurrentTensor[];
  readonly #snapshots: Snapshots;
  /** Whether nothing else holds the current recurrent tensors, so that the native decoder may change them in place. */
  #ownsRecurrent = false;
  #ids: number[] = [];
  #rotatedFor = 0;

  private constructor(
    description: Description,
    shared: Shared,
    folder: string,
    options: DecoderOptions,
    isFirst = true,
  ) {
    this.description = description;
    this.#shared = shared;
    this.#isFirst = isFirst;
    this.#folder = folder;
    this.#options = options;
    const { prompt } = shared;
    this.#before = prompt?.tokens ?? 0;
    const { states } = description;
    this.#caches = states
      .filter((state) => state.kind === "attention")
      .flatMap(({ block, kvHeads, headDim }) =>
        ["k", "v"].map((side) => ({
          name: `past.${block}.${side}`,
          kvHeads,
          headDim,
          memory: new CacheMemory(kvHeads, headDim, shared.native ? "f16" : "f32"),
        })),
      );
    this.#recurrent = states.filter((state) => state.kind === "recurrent");
    const empty = this.#recurrent.map((state) => {
      const said = prompt?.values.get(`${state.block}.${state.name}`);
      return [tensorBefore(state), said ? float32(said, ...state.shape) : zeros(state.shape)] as const;
    });
    this.#snapshots = new Snapshots(Object.fromEntries(empty));
    Object.assign(this.#feeds, this.#snapshots.before(0).tensors);
    this.#showRows(this.#before);
    if (prompt) this.#beginWith(prompt.values);
  }

  #beginWith(values: StateValues): void {
    const cached = stateTensors(this.description, this.#before).filter(({ isCached }) => isCached);
    for (const [index, { memory }] of this.#caches.entries())
      memory.write(values.get(cached[index]!.name)!, 0, this.#before);
  }

  /**
   * Opens a folder written by `writeInferenceModel`; a GPU needs a separate graph. Throws `not-found`, `corrupt-file`; with a
   * separate graph also onnxruntime's errors.
   */
  static async open(folder: string, options: DecoderOptions): Promise<Decoder> {
    const { contextLength, ...described } = await readDescription(folder);
    const prompt = described.prompt ? await readPrompt(folder, { contextLength, ...described }) : null;
    const description = { ...described, contextLength: contextLength - (prompt?.tokens ?? 0) };
    const { threads, steps, kernels } = options;
    const program = steps?.(description) ?? null;
    const weights = join(folder, WEIGHTS_FILE);
    const native = program && NativeDecoder.open(weights, program, { threads, ...(kernels && { kernels }) });
    const session = native ? null : await openGraph(folder, options);
    const shared = { session, native, prompts: null, answeringThreads: threads, prompt };
    return new Decoder(description, shared, folder, options);
  }

  /**
   * Opens a model's chat model in this layout without a folder: the native decoder makes it of the model's own weights, with the same bits.
   * Null if there is no native decoder for it. Throws `not-finite`, and the errors of reading the weights.
   */
  static openModel(
    model: Model,
    layout: Layout,
    options: Pick<DecoderOptions, "threads" | "kernels">,
  ): Decoder | null {
    const whole = wholeModelGraph(model, layout);
    const program = stepsOf(model, layout, whole);
    const native = program && NativeDecoder.openModel(model.path, program, options);
    const shared = { session: null, native, prompts: null, answeringThreads: options.threads, prompt: null };
    return native && new Decoder(descriptionOf(model, layout, whole), shared, model.path, options);
  }

  /** Another text over the same weights, empty at first; it can be used until this decoder is closed. */
  another(): Decoder {
    return new Decoder(this.description, this.#shared, this.#folder, this.#options, false);
  }

  /** Whether the native decoder runs the model. */
  get isNative(): boolean {
    return this.#shared.native !== null;
  }

  /** Sets how many threads of the native decoder, if there is one, answer. Prompts are read by those that it was opened with. */
  useThreads(threads: number): void {
    this.#shared.native?.useThreads(threads);
    this.#shared.answeringThreads = threads;
  }

  /**
   * From now on, prompts are read with the model's prompt graph (`graphForPrompts`), whose weights are made from the folder's; not for a
   * native decoder. Throws the errors of reading the folder.
   */
  async usePromptGraph({ graph, measuring, weights }: PromptGraph): Promise<void> {
    const { threads } = this.#options;
    const how = { threads, dataFolder: this.#folder };
    const feeds = weights.read(
      join(this.#folder, WEIGHTS_FILE),
      await this.#measure(await openSession(measuring, how)),
    );
    this.#shared.prompts = { session: await openSession(graph, how), feeds };
  }

  /** A graph's outputs for arbitrary tokens. */
  async #measure(session: InferenceSession): Promise<Record<string, OrtTensor>> {
    const { vocabularySize, contextLength } = this.description;
    const { threads: answeringThreads } = this.#options;
    const shared = { session, native: null, prompts: null, answeringThreads, prompt: null };
    const decoder = new Decoder(this.description, shared, this.#folder, this.#options);
    const random = new Random(1, "tokens to measure");
    const length = Math.min(MEASURED_TOKENS, contextLength);
    const ids = Array.from({ length }, () => random.integer(vocabularySize));
    try {
      return await decoder.#outputs(ids, [...ids.keys()]);
    } finally {
      await decoder.close();
    }
  }

  /** All tokens that have been read, those of a stored prompt too. */
  get #length(): number {
    return this.#before + this.#ids.length;
  }

  /** The state after all tokens read so far, by the names of `stateTensors`. */
  state(): Map<string, Float32Array> {
    const cached = this.#caches.map(({ memory }) => memory.read(this.#length)).values();
    const recurrent = this.#recurrent.map((state) => this.#feeds[tensorBefore(state)]!.data.slice()).values();
    const tensors = stateTensors(this.description, this.#length);
    return new Map(
      tensors.map(({ name, isCached }) => [
        name,
        (isCached ? cached : recurrent).next().value as Float32Array,
      ]),
    );
  }

  /** The ids that have been read. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** The text length whose frequencies rotated the cached keys (`Rope.beyond`). */
  get rotatedFor(): number {
    return this.#rotatedFor;
  }

  /** Whether `rows` and `fill` save and restore all that was read: with the native decoder, without recurrent tensors. */
  get canBeSaved(): boolean {
    return this.isNative && !this.isRecurrent;
  }

  /** The size of `rows` for a text of this many ids, in bytes. */
  rowsBytes(length: number): number {
    return this.#caches.reduce((sum, { kvHeads, headDim }) => sum + 2 * kvHeads * length * headDim, 0);
  }

  /** The cached keys or values of the text, those of each cache as bits of f16 [K, T, Dh]. */
  *rows(): Generator<Uint16Array> {
    for (const { memory } of this.#caches) yield memory.stored(this.#before, this.#ids.length) as Uint16Array;
  }

  /** Continues a text whose rows `read` puts into each given array, in the order of `rows`. After a failure the text is empty. */
  fill(ids: readonly number[], rotatedFor: number, read: (rows: Uint16Array) => void): void {
    this.truncate(0);
    this.#showRows(this.#before + ids.length);
    for (const { memory, kvHeads, headDim } of this.#caches) {
      const rows = new Uint16Array(kvHeads * ids.length * headDim);
      read(rows);
      memory.store(rows, this.#before, ids.length);
    }
    this.#ids = [...ids];
    this.#rotatedFor = rotatedFor;
  }

  /** Drops all but the first `length` ids; it drops more if the nearest snapshot of the recurrent tensors is earlier. */
  truncate(length: number): void {
    if (length >= this.#ids.length) return;
    this.#ids.length = length;
    if (!this.isRecurrent) return;
    const kept = this.#snapshots.before(length);
    this.#ids.length = kept.length;
    this.#feedRecurrent(kept.tensors);
  }

  /** Takes over the first `length` ids of another decoder over the same weights, or fewer if its nearest snapshot is earlier. */
  copy(other: Decoder, length: number): void {
    this.truncate(0);
    this.#rotatedFor = other.#rotatedFor;
    let kept = Math.min(length, other.#ids.length);
    if (this.isRecurrent) {
      const nearest = other.#snapshots.nearest(kept);
      kept = nearest.length;
      this.#snapshots.offer(kept, nearest.tensors, false);
      this.#feedRecurrent(nearest.tensors);
    }
    const rows = this.#before + kept;
    this.#showRows(rows);
    for (const [index, { memory }] of this.#caches.entries()) memory.copy(other.#caches[index]!.memory, rows);
    this.#ids = other.#ids.slice(0, kept);
  }

  /**
   * Whether up to `count` further ids can be read and forgotten again without a trace: not with recurrent tensors, not where a longer text has other
   * rotary frequencies, and not beyond the context.
   */
  canForget(count: number): boolean {
    const [now, then] = [this.#length + 1, this.#length + count];
    const isSame = this.description.rotations.every((one) => isBeyond(one, now) === isBeyond(one, then));
    return this.canBeSaved && isSame && this.#ids.length + count <= this.description.contextLength;
  }

  /** Whether the model has recurrent tensors. */
  get isRecurrent(): boolean {
    return this.#recurrent.length > 0;
  }

  /**
   * This many ids at the end of a prompt are always read together, even if they were read before: the same products then compute
   * them whatever was cached, so that the same prompt gets the same answer.
   */
  get promptEnd(): number {
    return this.#shared.prompts ? PROMPT_TOKENS : 1;
  }

  /** Reads further ids and returns the logits after the last, [V]. Throws `context-full`. */
  async read(ids: readonly number[]): Promise<Float32Array> {
    let logits: Float32Array | undefined;
    await this.#rotateFor(this.#length + ids.length);
    for (const piece of this.pieces(ids)) logits = await this.#run(piece, [piece.length - 1]);
    return logits ?? new Float32Array(0);
  }

  /**
   * Reads further ids of several texts over the same weights, which the native decoder reads as one batch; together they are at most a
   * piece. Returns the logits after the `last` ids of each, [last, V] each, the same as of each alone. Throws `context-full`.
   */
  static async readTogether(texts: readonly Reading[]): Promise<Float32Array[]> {
    const first = texts[0]?.decoder;
    if (!first?.isNative) return oneAfterAnother(texts);
    for (const { decoder, ids } of texts) await decoder.#rotateFor(decoder.#length + ids.length);
    let [count, at] = [0, 0];
    const wanted = texts.flatMap(({ ids, last = 1 }) => {
      count += ids.length;
      return Array.from({ length: last }, (_, index) => count - last + index);
    });
    const logits = first.#readNatively(texts, wanted);
    const { vocabularySize } = first.description;
    return texts.map(({ last = 1 }) => logits.subarray(at * vocabularySize, (at += last) * vocabularySize));
  }

  /** Reads ids and returns the logits after each. [ids, V]. Throws `context-full`. */
  async readAll(ids: readonly number[]): Promise<Float32Array> {
    const { vocabularySize } = this.description;
    const logits = new Float32Array(ids.length * vocabularySize);
    let done = 0;
    await this.#rotateFor(this.#length + ids.length);
    for (const piece of this.pieces(ids)) {
      const all = piece.map((_, index) => index);
      logits.set(await this.#run(piece, all), done * vocabularySize);
      done += piece.length;
    }
    return logits;
  }

  /**
   * Reads further ids and returns, piece by piece, what the head reads after each: hidden states after the last norm [piece, D]. Only for a
   * native decoder. Throws `context-full`.
   */
  async *hidden(ids: readonly number[]): AsyncGenerator<Float32Array> {
    await this.#rotateFor(this.#length + ids.length);
    for (const piece of this.pieces(ids))
      yield this.#readNatively([{ decoder: this, ids: piece }], [...piece.keys()], "hidden");
  }

  /** D; only for a native decoder. */
  get hiddenSize(): number {
    return this.#shared.native!.hiddenSize;
  }

  /** The pieces in which further ids are read; the last is not needlessly too short for the prompt graph. Throws `context-full`. */
  *pieces(ids: readonly number[]): Generator<readonly number[]> {
    this.requireContext(this.#ids.length + ids.length);
    const isFast = this.#shared.prompts !== null || this.isNative;
    const [most, least] = [isFast ? PROMPT_PIECE_TOKENS : PIECE_TOKENS, this.promptEnd];
    for (let first = 0; first < ids.length;) {
      const left = ids.length - first;
      const size = left > most && left < most + least ? left - least : most;
      yield ids.slice(first, first + size);
      first += size;
    }
  }

  /** Reads the cached text again if a text of `length` tokens has other rotary frequencies than it was read with. */
  async #rotateFor(length: number): Promise<void> {
    const { rotations } = this.description;
    const isSame = rotations.every(
      (rotation) => isBeyond(rotation, length) === isBeyond(rotation, this.#rotatedFor),
    );
    this.#rotatedFor = length;
    if (isSame) return;
    const ids = this.#ids;
    this.#ids = [];
    for (const piece of this.pieces(ids)) await this.#run(piece, [piece.length - 1]);
  }

  /** Runs tokens through the model and caches their rows. Returns the logits after the `selected` ones. [n, V] */
  async #run(ids: readonly number[], selected: readonly number[]): Promise<Float32Array> {
    if (this.isNative) return this.#readNatively([{ decoder: this, ids }], selected);
    const outputs = await this.#outputs(ids, selected);
    const { logits, rows } = outputs;
    if (rows) this.#remember(rows.data as Float32Array, ids.length);
    for (const id of ids) this.#ids.push(id);
    if (this.isRecurrent) this.#keep(outputs, ids.length === 1);
    return logits!.data as Float32Array;
  }

  /** The same with the native decoder, for ids of several texts; `selected` are indices over all of them. [n, V] or, hidden, [n, D] */
  #readNatively(
    texts: readonly Reading[],
    selected: readonly number[],
    wanted: "logits" | "hidden" = "logits",
  ): Float32Array {
    const { answeringThreads } = this.#shared;
    const native = this.#shared.native!;
    const width = wanted === "logits" ? this.description.vocabularySize : native.hiddenSize;
    const results = new Float32Array(selected.length * width);
    const count = texts.reduce((sum, { ids }) => sum + ids.length, 0);
    native.useThreads(count < PROMPT_TOKENS ? answeringThreads : this.#options.threads);
    const pieces = texts.map(({ decoder, ids }) => decoder.#pieceOf(ids));
    if (wanted === "logits") native.run(pieces, selected, results);
    else native.runToHead(pieces, selected, results);
    for (const { decoder, ids } of texts) decoder.#append(ids);
    return results;
  }

  /** Further ids with the state before them, and room for their rows. Throws `context-full`. */
  #pieceOf(ids: readonly number[]): TextPiece {
    const { rotations } = this.description;
    const [length, count] = [this.#length, ids.length];
    this.requireContext(this.#ids.length + count);
    const angles = rotations.map((rotation): PieceAngles => {
      const growth = rotation.growth
        ? growthOf(rotation.growth, count, length)
        : new Float32Array(count).fill(1);
      return { ...ropeTables(rotation, count, length, this.#rotatedFor), growth };
    });
    this.#showRows(length + count);
    const caches = this.#caches.map(({ memory }) => memory.view as Uint16Array);
    return {
      tokens: ids,
      position: length,
      caches,
      rows: this.#shownRows!,
      angles,
      states: this.#ownRecurrent(),
    };
  }

  /** Throws `context-full` if a text of this many tokens is too long. */
  requireContext(tokens: number): void {
    const { contextLength: limit } = this.description;
    if (tokens > limit) fail({ code: "context-full", tokens, limit });
  }

  /** Records ids that the native decoder has read. */
  #append(ids: readonly number[]): void {
    for (const id of ids) this.#ids.push(id);
    if (this.isRecurrent) this.#offer(ids.length === 1);
  }

  /** The current recurrent tensors, copied first if anything else holds them. */
  #ownRecurrent(): Float32Array[] {
    const names = this.#recurrent.map(tensorBefore);
    if (!this.#ownsRecurrent)
      for (const [index, { shape }] of this.#recurrent.entries()) {
        const copy = Float32Array.from(this.#feeds[names[index]!]!.data as Float32Array);
        this.#feeds[names[index]!] = float32(copy, ...shape);
      }
    this.#ownsRecurrent = true;
    return names.map((name) => this.#feeds[name]!.data as Float32Array);
  }

  /** Sets the current recurrent tensors to those of a snapshot. */
  #feedRecurrent(tensors: RecurrentFeeds): void {
    Object.assign(this.#feeds, tensors);
    this.#ownsRecurrent = false;
  }

  /** Offers the current recurrent tensors to the snapshots. */
  #offer(isInAnswer: boolean): void {
    const names = this.#recurrent.map(tensorBefore);
    const fed = Object.fromEntries(names.map((name) => [name, this.#feeds[name]!]));
    if (this.#snapshots.offer(this.#ids.length, fed, isInAnswer)) this.#ownsRecurrent = false;
  }

  async #outputs(ids: readonly number[], selected: readonly number[]): Promise<Record<string, OrtTensor>> {
    const feeds = this.#feeds;
    feeds.ids = int32(Int32Array.from(ids), ids.length);
    feeds.selected = int32(Int32Array.from(selected), selected.length);
    if (this.#caches.length > 0) {
      this.#showRows(this.#length);
      this.#feedPositions(ids.length);
    }
    const { session, prompts } = this.#shared;
    if (prompts && ids.length >= PROMPT_TOKENS) return prompts.session.run({ ...feeds, ...prompts.feeds });
    return session!.run(feeds);
  }

  #feedPositions(count: number): void {
    const { rotations, windows } = this.description;
    const [feeds, length, rows] = [this.#feeds, this.#length, this.#shownRows!];
    for (const [index, rotation] of rotations.entries()) {
      const { cos, sin } = ropeTables(rotation, count, length, this.#rotatedFor);
      feeds[anglesName("cos", index)] = float32(cos, count, rotation.frequencies.length);
      feeds[anglesName("sin", index)] = float32(sin, count, rotation.frequencies.length);
      if (rotation.growth)
        feeds[growthName(index)] = float32(growthOf(rotation.growth, count, length), count, 1);
    }
    for (const [index, window] of windows.entries()) {
      const mask = visibility({ length, count, rows, window });
      feeds[maskName(index)] = float32(mask, count, rows + count);
    }
    feeds.lengths = tensor("int64", BigInt64Array.of(BigInt(rows), BigInt(count)), [2]);
  }

  /** Makes the recurrent tensors after a run the inputs of the next one, and offers them to the snapshots. */
  #keep(outputs: Readonly<Record<string, OrtTensor>>, isInAnswer: boolean): void {
    for (const state of this.#recurrent) this.#feeds[tensorBefore(state)] = outputs[tensorAfter(state)]!;
    this.#ownsRecurrent = true;
    this.#offer(isInAnswer);
  }

  #remember(rows: Float32Array, count: number): void {
    const length = this.#length;
    this.#showRows(length + count);
    let first = 0;
    for (const { memory, kvHeads, headDim } of this.#caches) {
      const size = kvHeads * count * headDim;
      memory.write(rows.subarray(first, first + size), length, count);
      first += size;
    }
  }

  /** Makes the graph see the rows of `length` tokens, rounded up to whole steps; rows of the tokens read so far are kept. */
  #showRows(length: number): void {
    const { device = "cpu" } = this.#options;
    const least = device === "cpu" ? 0 : 1; // an empty tensor ends the process on WebGPU
    const rows = Math.ceil(Math.max(least, length) / CACHE_STEP) * CACHE_STEP;
    if (rows === this.#shownRows) return;
    for (const { name, memory, kvHeads, headDim } of this.#caches) {
      memory.show(rows, this.#length);
      if (!this.isNative) this.#feeds[name] = tensor("float32", memory.view, [kvHeads, 1, rows, headDim]);
    }
    this.#shownRows = rows;
  }

  /** Frees the weights if this is the decoder that was opened. */
  async close(): Promise<void> {
    if (!this.#isFirst) return;
    const { native, session, prompts } = this.#shared;
    native?.close();
    await session?.release();
    await prompts?.session.release();
  }
}

async function oneAfterAnother(texts: readonly Reading[]): Promise<Float32Array[]> {
  const logits: Float32Array[] = [];
  for (const { decoder, ids } of texts) logits.push(await decoder.read(ids));
  return logits;
}

/**
 * A session of the folder's graph, or of another over its weights. Throws `corrupt-file`; with another graph or too little memory,
 * onnxruntime's errors.
 */
async function openGraph(
  folder: string,
  { graph, threads, device }: DecoderOptions,
): Promise<InferenceSession> {
  const how = { threads, ...(device && { device }) };
  if (graph) return openSession(graph, { ...how, dataFolder: folder });
  const path = join(folder, GRAPH_FILE);
  return openSession(path, how).catch((error: Error) => {
    if (OUT_OF_MEMORY.test(error.message)) throw error;
    return fail({ code: "corrupt-file", path, section: "graph", reason: error.message.slice(0, 300) });
  });
}

const zeros = (shape: readonly number[]): OrtTensor =>
  float32(new Float32Array(shape.reduce((product, size) => product * size, 1)), ...shape);

/**
 * The mask of `count` new tokens when `length` of `rows` cache rows are filled: 0, or `UNSEEN`. With a window, a token sees
 * itself and the window − 1 tokens before it. [count, rows + count]
 */
function visibility(at: {
  length: number;
  count: number;
  rows: number;
  window: number | null;
}): Float32Array {
  const { length, count, rows, window } = at;
  const width = rows + count;
  const mask = new Float32Array(count * width).fill(UNSEEN);
  for (let token = 0; token < count; token++) {
    const row = mask.subarray(token * width, (token + 1) * width);
    const first = window === null ? 0 : Math.max(0, length + token + 1 - window); // the earliest visible position
    row.fill(0, Math.min(first, length), length);
    row.fill(0, rows + Math.max(0, first - length), rows + token + 1);
  }
  return mask;
}
