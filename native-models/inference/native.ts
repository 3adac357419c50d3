/**
 * The native decoder (native/): whole tokens in one call, several times as fast as through onnxruntime. It is a part that may be missing, where no
 * compiler has built it or on other processors; everything works without it.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileBytes } from "../formats/bytes.ts";
import type { Region } from "./weights-file.ts";
import type { AttentionStep, Step, StepProgram } from "./steps.ts";

/** What native/binding.cpp exports. `Handle` is opaque. */
interface Native {
  create(threads: number, kernels: string | null): Handle;
  close(decoder: Handle): void;
  kernels(decoder: Handle): string;
  addMatrix(
    decoder: Handle,
    bits: number,
    rows: number,
    columns: number,
    codes: Uint8Array,
    scales: Float32Array,
  ): number;
  addVector(decoder: Handle, numbers: Float32Array): number;
  setSteps(decoder: Handle, steps: Float64Array, attentions: Float64Array, bufferSize: number): void;
  run(
    decoder: Handle,
    token: number,
    position: number,
    caches: readonly Float32Array[],
    rows: Float64Array,
    angles: readonly Float32Array[],
    logitsAt: number,
    logits: Float32Array,
  ): void;
}
type Handle = object & { readonly handle?: unique symbol };

/** The angles of a token, and what its rotated queries are multiplied by. */
export interface TokenAngles {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly growth: number;
}

/** The state that a token meets. */
export interface TokenState {
  /** Tokens before it. */
  readonly position: number;
  /** Keys, then values, of each attention. [K, rows, Dh] each */
  readonly caches: readonly Float32Array[];
  readonly rows: number;
  /** Of each rotation. */
  readonly angles: readonly TokenAngles[];
}

/** Sets of instructions that products may use; the first that a processor has is the default. */
export const KERNELS = ["avx512", "avx2", "portable"] as const;
export type KernelName = (typeof KERNELS)[number];

/** The built file, or null (build/native.ts). */
export function nativeFile(): string | null {
  const name = `coppice-${process.platform}-${process.arch}.node`;
  const { resourcesPath } = process as { resourcesPath?: string };
  const places = [
    ...(resourcesPath ? [join(resourcesPath, "native")] : []), // as packaged
    fileURLToPath(new URL("../../.cache/native", import.meta.url)), // from sources, and from bundles in out/main
  ];
  return places.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** Null if there is none, or one that this system cannot load, such as one for newer systems. */
function loadNative(): Native | null {
  const file = nativeFile();
  try {
    return file === null ? null : (createRequire(import.meta.url)(file) as Native);
  } catch {
    return null;
  }
}

export class NativeDecoder {
  readonly #native: Native;
  readonly #decoder: Handle;
  readonly #logitsAt: number;

  private constructor(native: Native, decoder: Handle, logitsAt: number) {
    this.#native = native;
    this.#decoder = decoder;
    this.#logitsAt = logitsAt;
  }

  /**
   * Reads a program's weights, from the file at `path`, into memory of its own. Null if there is no native decoder here, or if the
   * file was written by an earlier version in another order. Throws the errors of reading the file.
   */
  static open(
    path: string,
    program: StepProgram,
    options: { readonly threads: number; readonly kernels?: KernelName },
  ): NativeDecoder | null {
    const native = loadNative();
    if (!native) return null;
    const file = FileBytes.open(path);
    const decoder = native.create(options.threads, options.kernels ?? null);
    try {
      if (file.sizeBytes !== program.weightsBytes) return null;
      const bytes = ({ offset, byteLength }: Region) => file.read(offset, byteLength, "weights");
      const floats = (region: Region) => new Float32Array(bytes(region).slice().buffer);
      for (const { bits, rows, columns, codes, scales } of program.matrices)
        native.addMatrix(decoder, bits, rows, columns, bytes(codes), floats(scales));
      for (const region of program.vectors) native.addVector(decoder, floats(region));
    } finally {
      file.close();
    }
    const steps = Float64Array.from(program.steps.flatMap(numbersOfStep));
    const attentions = Float64Array.from(program.attentions.flatMap(numbersOfAttention));
    native.setSteps(decoder, steps, attentions, program.bufferSize);
    return new NativeDecoder(native, decoder, program.logits);
  }

  /** The instructions that it uses. */
  get kernels(): string {
    return this.#native.kernels(this.#decoder);
  }

  /** Frees its memory and its threads. */
  close(): void {
    this.#native.close(this.#decoder);
  }

  /** Reads a token into row `position` of the caches; `logits` [V] become those after it, if they are wanted. */
  run(token: number, { position, caches, rows, angles }: TokenState, logits: Float32Array | null): void {
    const each = new Float64Array(caches.length).fill(rows);
    const given = angles.flatMap(({ cos, sin, growth }) => [cos, sin, Float32Array.of(growth)]);
    const wanted = logits ?? NO_LOGITS;
    this.#native.run(this.#decoder, token, position, caches, each, given, this.#logitsAt, wanted);
  }
}

const NO_LOGITS = new Float32Array(0);

/** In the order of native/decoder.h. */
const numbersOfStep = (step: Step) => [
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
