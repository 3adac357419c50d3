/**
 * The native decoder (native-models/kernels/): a piece of text in one call, several times as fast as through onnxruntime. It is optional: it is missing
 * where it was not compiled, and on other CPUs; everything works without it.
 */
import { fail } from "../failure.ts";
import { FileBytes } from "../formats/bytes.ts";
import { loadNative } from "../runtime/native-file.ts";
import { storedBytes } from "../weights.ts";
import type { StorageType, Weight } from "../weights.ts";
import { codeBytes, scaleCount } from "./quantise.ts";
import type { AttentionStep, DeltaStep, MatrixRegions, DecoderStep, StepProgram } from "./steps.ts";
import type { MadeRegion } from "./weights-file.ts";

/** What native-models/kernels/binding.cpp exports. `Handle` is opaque. */
interface Native {
  fastCores(): number;
  create(threads: number, kernels: string | null): Handle;
  close(decoder: Handle): void;
  useThreads(decoder: Handle, threads: number): void;
  measure(decoder: Handle, tasks: number): [number, number, number, number, number];
  addMatrix(decoder: Handle, bits: number, rows: number, columns: number, scalesOf: number): number;
  fillMatrix(decoder: Handle, matrix: number, first: number, codes: Uint8Array, scales: Float32Array): void;
  fillFromStored(
    decoder: Handle,
    matrix: number,
    low: number,
    first: number,
    type: number,
    rows: Uint8Array,
  ): boolean;
  addVector(decoder: Handle, numbers: Float32Array): number;
  setSteps(
    decoder: Handle,
    steps: Float64Array,
    attentions: Float64Array,
    deltas: Float64Array,
    rowSize: number,
    logitsSize: number,
  ): void;
  run(
    decoder: Handle,
    tokens: Int32Array,
    counts: Int32Array,
    positions: Int32Array,
    rows: Int32Array,
    caches: readonly Uint16Array[],
    angles: readonly Float32Array[],
    states: readonly Float32Array[],
    wanted: Int32Array,
    logits: Float32Array,
  ): void;
  /** Ends before the head: gives what it reads instead of logits. */
  runToHead: Native["run"];
}
type Handle = object & { readonly handle?: unique symbol };

/** The angles of a piece's tokens, [T, half] each, and what their rotated queries are multiplied by, [T]. */
export interface PieceAngles {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly growth: Float32Array;
}

/** Further tokens of a text, and the state before them. */
export interface TextPiece {
  readonly tokens: readonly number[];
  /** How many tokens precede them. */
  readonly position: number;
  /** Keys, then values, of each attention, in half precision. [K, rows, Dh] each */
  readonly caches: readonly Uint16Array[];
  readonly rows: number;
  /** The angles of each rotation. */
  readonly angles: readonly PieceAngles[];
  /** Recurrent tensors, in the order of the chat model's description; they are changed in place. */
  readonly states: readonly Float32Array[];
}

/** Instruction sets for products; the first one that the CPU supports is the default. */
export const KERNELS = ["avx512", "avx2", "portable"] as const;
export type KernelName = (typeof KERNELS)[number];

/** Rows of a matrix are stored in groups of this many (native-models/kernels/kernels.h). */
const GROUP = 16;

/** About how many bytes of codes are read at a time. */
const PIECE = 2 ** 23;

const loadDecoder = () => loadNative() as Native | null;

/**
 * How many cores this process may use, on a hybrid CPU only the fast ones; null without a native decoder, or if the system doesn't
 * say.
 */
export const fastCores = (): number | null => loadDecoder()?.fastCores() || null;

/** The types of stored numbers that the decoder reads itself, by their places in native-models/kernels/kernels.h. */
const STORED_TYPES: readonly StorageType[] = [
  ...(["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1"] as const),
  ...(["q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl", "iq4_xs"] as const),
];

/** About how many stored bytes are rounded at a time: they stay in the CPU's cache until then. */
const STORED_PIECE = 2 ** 20;

/** Reads stored rows; those from a file into the same memory, since collecting a model's worth of it takes longer than reading. */
class RowReader {
  #memory = new Uint8Array(0);

  /** Rows of a type in STORED_TYPES, valid until the next call. Throws the errors of reading. */
  read(weight: Weight, first: number, count: number): { type: number; rows: Uint8Array } {
    const type = STORED_TYPES.indexOf(weight.storage);
    if (type < 0) return { type: 0, rows: bytesOf(weight.readFloat32(first, count)) };
    if (!weight.readInto) return { type, rows: weight.read(first, count) };
    const size = storedBytes(weight.storage, count, weight.columns);
    if (this.#memory.length < size) this.#memory = new Uint8Array(size);
    const rows = this.#memory.subarray(0, size);
    weight.readInto(rows, first);
    return { type, rows };
  }
}

/** Rounds weights into a matrix of the decoder, and into its low plane if that is not negative. Throws `not-finite`, and the errors of reading. */
function roundMatrix(
  native: Native,
  decoder: Handle,
  path: string,
  {
    index,
    low,
    weights,
    reader,
  }: { index: number; low: number; weights: readonly Weight[]; reader: RowReader },
): void {
  let row = 0;
  for (const weight of weights) {
    const rowBytes = storedBytes(weight.storage, 1, weight.columns);
    const most = Math.max(GROUP, Math.floor(STORED_PIECE / rowBytes));
    for (let first = 0; first < weight.rows; first += most) {
      const count = Math.min(most, weight.rows - first);
      const { type, rows } = reader.read(weight, first, count);
      if (!native.fillFromStored(decoder, index, low, row, type, rows))
        fail({ code: "not-finite", path, tensor: weight.name });
      row += count;
    }
  }
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Reads a matrix into the decoder, some rows at a time. */
function readMatrix(
  native: Native,
  decoder: Handle,
  file: FileBytes,
  { matrix, bits, rows, columns, codes, scales }: MatrixRegions & { readonly matrix: number },
): void {
  const isShared = typeof scales === "number";
  const [codeRow, scaleRow] = [codeBytes(columns, bits), isShared ? 0 : scaleCount(columns)];
  const most = Math.min(rows, Math.ceil(PIECE / codeRow / GROUP) * GROUP);
  const [someCodes, someScales] = [new Uint8Array(most * codeRow), new Float32Array(most * scaleRow)];
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const its = {
      codes: someCodes.subarray(0, count * codeRow),
      scales: someScales.subarray(0, count * scaleRow),
    };
    file.readInto(its.codes, codes.offset + first * codeRow, "weights");
    if (!isShared) {
      const bytes = new Uint8Array(someScales.buffer, 0, its.scales.byteLength);
      file.readInto(bytes, scales.offset + 4 * first * scaleRow, "weights");
    }
    native.fillMatrix(decoder, matrix, first, its.codes, its.scales);
  }
}

/** What `NativeDecoder.measure` measured, on all threads. */
export interface Costs {
  /** The time of an empty task: distributing the work and waiting for the last thread. */
  readonly emptyNs: number;
  /** The bytes of all matrices' codes, and the time to read them without computing anything. */
  readonly weightBytes: number;
  readonly readingNs: number;
  /** Tasks since the last call, and the time until their last parts were done; none at the first call. */
  readonly tasks: number;
  readonly tasksNs: number;
}

export class NativeDecoder {
  readonly #native: Native;
  readonly #decoder: Handle;
  /** D */
  readonly hiddenSize: number;

  private constructor(native: Native, decoder: Handle, { hiddenSize }: StepProgram) {
    this.#native = native;
    this.#decoder = decoder;
    this.hiddenSize = hiddenSize;
  }

  /**
   * Reads a program's weights, from the file at `path`, into memory of its own. Null if there is no native decoder here, or if the
   * file has another size than these weights. Throws the errors of reading the file.
   */
  static open(
    path: string,
    program: StepProgram,
    options: { readonly threads: number; readonly kernels?: KernelName },
  ): NativeDecoder | null {
    const native = loadDecoder();
    if (!native) return null;
    const file = FileBytes.open(path);
    try {
      if (file.sizeBytes !== program.weightsBytes) return null;
      return NativeDecoder.#make(native, program, options, {
        fill: (decoder, matrix, index) => readMatrix(native, decoder, file, { ...matrix, matrix: index }),
        vector: ({ offset, byteLength }) => {
          const numbers = new Float32Array(byteLength / 4);
          file.readInto(new Uint8Array(numbers.buffer), offset, "weights");
          return numbers;
        },
      });
    } finally {
      file.close();
    }
  }

  /**
   * Rounds a program's weights itself, on all threads, to the same bits as a file would have: nothing is written. Null if there is no native
   * decoder here. Throws `not-finite` for the model at `path`, and the errors of reading its weights.
   */
  static openModel(
    path: string,
    program: StepProgram,
    options: { readonly threads: number; readonly kernels?: KernelName },
  ): NativeDecoder | null {
    const native = loadDecoder();
    if (!native) return null;
    const { matrices } = program;
    const reader = new RowReader();
    return NativeDecoder.#make(native, program, options, {
      fill: (decoder, { codes: { weights }, scales }, index) => {
        if (typeof scales === "number") return; // a low plane, which is filled with the high one
        const low = matrices.findIndex((other) => other.scales === index);
        roundMatrix(native, decoder, path, { index, low, weights, reader });
      },
      vector: ({ weights }) => joined(weights.map((weight) => weight.readFloat32())),
    });
  }

  /** A decoder whose matrices `fill` fills, once all of them are there. */
  static #make(
    native: Native,
    program: StepProgram,
    { threads, kernels = null }: { readonly threads: number; readonly kernels?: KernelName | null },
    weights: {
      readonly fill: (decoder: Handle, matrix: MatrixRegions, index: number) => void;
      readonly vector: (vector: MadeRegion) => Float32Array;
    },
  ): NativeDecoder {
    const decoder = native.create(threads, kernels);
    const made = new NativeDecoder(native, decoder, program);
    try {
      for (const { bits, rows, columns, scales } of program.matrices)
        native.addMatrix(decoder, bits, rows, columns, typeof scales === "number" ? scales : -1);
      program.matrices.forEach((matrix, index) => weights.fill(decoder, matrix, index));
      for (const vector of program.vectors) native.addVector(decoder, weights.vector(vector));
      made.#setSteps(program);
      return made;
    } catch (error) {
      made.close();
      throw error;
    }
  }

  #setSteps({ steps, attentions, deltas, rowSize, logitsSize }: StepProgram): void {
    const [native, decoder] = [this.#native, this.#decoder];
    const allSteps = Float64Array.from(steps.flatMap(numbersOfStep));
    const allAttentions = Float64Array.from(attentions.flatMap(numbersOfAttention));
    const allDeltas = Float64Array.from(deltas.flatMap(numbersOfDelta));
    native.setSteps(decoder, allSteps, allAttentions, allDeltas, rowSize, logitsSize);
  }

  /** Sets how many threads, at most 256, work on a token from now on; its logits stay the same. */
  useThreads(threads: number): void {
    this.#native.useThreads(this.#decoder, threads);
  }

  /** Measures what tokens cost apart from arithmetic. */
  measure(emptyTasks = 2000): Costs {
    const [emptyNs, weightBytes, readingNs, tasks, tasksNs] = this.#native.measure(this.#decoder, emptyTasks);
    return { emptyNs, weightBytes, readingNs, tasks, tasksNs };
  }

  /** Frees its memory and its threads. */
  close(): void {
    this.#native.close(this.#decoder);
  }

  /**
   * Reads tokens of texts that share no cache, and writes the logits after the `wanted` ones, which are ascending indices over all texts.
   * [n, V]. A token's logits are the same bits whatever piece it is read in, and whatever other texts are read with it.
   */
  run(texts: readonly TextPiece[], wanted: readonly number[], logits: Float32Array): void {
    this.#run("run", texts, wanted, logits);
  }

  /** As `run`, but writes what the head reads of the wanted tokens: hidden states after the last norm. [n, D] */
  runToHead(texts: readonly TextPiece[], wanted: readonly number[], hidden: Float32Array): void {
    this.#run("runToHead", texts, wanted, hidden);
  }

  #run(
    how: "run" | "runToHead",
    texts: readonly TextPiece[],
    wanted: readonly number[],
    results: Float32Array,
  ): void {
    this.#native[how](
      this.#decoder,
      Int32Array.from(texts.flatMap(({ tokens }) => tokens)),
      Int32Array.from(texts, ({ tokens }) => tokens.length),
      Int32Array.from(texts, ({ position }) => position),
      Int32Array.from(texts, ({ rows }) => rows),
      texts.flatMap(({ caches }) => caches),
      joinedAngles(texts),
      texts.flatMap(({ states }) => states),
      Int32Array.from(wanted),
      results,
    );
  }
}

/** Cosines, sines and growth of all tokens, for each rotation in turn. */
function joinedAngles(texts: readonly TextPiece[]): Float32Array[] {
  return texts[0]!.angles.flatMap((_, rotation) =>
    (["cos", "sin", "growth"] as const).map((kind) =>
      joined(texts.map(({ angles }) => angles[rotation]![kind])),
    ),
  );
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The fields of a step, in the order of native-models/kernels/steps.h. */
const numbersOfStep = (step: DecoderStep) => [
  step.operation,
  step.out,
  step.x,
  step.y,
  step.z,
  step.w,
  step.n,
  step.m,
  step.k,
  step.l,
  step.f,
];
const numbersOfAttention = (attention: AttentionStep) => [
  attention.heads,
  attention.kvHeads,
  attention.headDim,
  attention.scale,
  attention.cap ?? 0,
  attention.window ?? 0,
  attention.rotation ?? -1,
];
const numbersOfDelta = (delta: DeltaStep) => [
  delta.heads,
  delta.keyHeads,
  delta.keyWidth,
  delta.valueWidth,
  delta.rate,
  delta.bias,
  delta.state,
];
