/** onnxruntime sessions. `run` and creation block their thread: engines only. */
import "./no-telemetry.ts";
import ort from "onnxruntime-node";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

export type Device = "cpu" | "webgpu" | "cuda" | "directml";

/** What onnxruntime calls them. */
const PROVIDERS: Record<Device, string> = { cpu: "cpu", webgpu: "webgpu", cuda: "cuda", directml: "dml" };
export type { OrtTensor };

export interface SessionOptions {
  readonly threads: number;
  readonly device?: Device;
  /**
   * Whether a session keeps the memory of a run for the next one; it does unless told otherwise. It then holds some times
   * what a run needs, which large weights that are dequantised in the graph make gigabytes of.
   */
  readonly keepsMemory?: boolean;
  /**
   * Whether memory is laid out in one piece for each set of shapes that a run had; it is unless told otherwise. It costs as much
   * memory again, and is for runs whose shapes come again and again.
   */
  readonly laysOutMemory?: boolean;
  /** Whether outputs stay in the memory of a GPU; they come back unless told otherwise. */
  readonly outputsStay?: boolean;
  /** Whether it runs in turn with other sessions: its threads then do not wait for its next run with all their power. */
  readonly takesTurns?: boolean;
  /** The folder that holds the external data of a model that is given by its bytes. */
  readonly dataFolder?: string;
  /**
   * Whether onnxruntime may rewrite the graph to make it faster; it does unless told otherwise. It then reads initialisers into
   * memory, and computes at once what depends on them alone: weights that are dequantised would lie there as f32.
   */
  readonly rewrites?: boolean;
}

type Numbers = Float32Array | Uint16Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A tensor over the given memory: nothing is copied. */
export function tensor(type: OrtTensor.Type, data: Numbers, shape: readonly number[]): OrtTensor {
  return new ort.Tensor(type, data as never, shape);
}

export const float32 = (data: Float32Array, ...shape: number[]) => tensor("float32", data, shape);
/**
 * Half-precision numbers by their bits. Where JavaScript has Float16Array, onnxruntime-common makes one of them, which
 * onnxruntime-node 1.30 reads as empty; the bits themselves are what it takes.
 */
export function float16(bits: Uint16Array, ...shape: number[]): OrtTensor {
  const made = tensor("float16", bits, shape);
  Object.assign(made, { cpuData: bits });
  return made;
}

export const int32 = (data: Int32Array, ...shape: number[]) => tensor("int32", data, shape);

/** Opens a model: its bytes, or the path of a file whose external data lies beside it (mapped, not copied). */
export async function openSession(
  model: Uint8Array | string,
  {
    threads,
    device = "cpu",
    keepsMemory = true,
    laysOutMemory = keepsMemory,
    outputsStay = false,
    takesTurns = false,
    dataFolder,
    rewrites = true,
  }: SessionOptions,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [PROVIDERS[device]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: rewrites ? "all" : "disabled",
    logSeverityLevel: 3,
    enableCpuMemArena: keepsMemory,
    enableMemPattern: laysOutMemory && device !== "directml", // which does not work with it
    ...(outputsStay && { preferredOutputLocation: "gpu-buffer" as const }),
    extra: {
      session: {
        // Numbers next to zero (denormals) count as zero: what may not be seen gets such shares, and some processors take
        // a hundred times as long for them. In every session, so that a process computes alike whatever it opened before.
        set_denormal_as_zero: "1",
        ...(takesTurns && { force_spinning_stop: "1" }),
        ...(dataFolder && { model_external_initializers_file_folder_path: dataFolder }),
      },
    },
  };
  return typeof model === "string"
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}
