/** onnxruntime sessions. `run` and creation block their thread: engines only. */
import "./no-telemetry.ts";
import ort from "onnxruntime-node";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

export type Device = "cpu" | "webgpu" | "cuda" | "directml";

/** onnxruntime's names of devices. */
const PROVIDERS: Record<Device, string> = { cpu: "cpu", webgpu: "webgpu", cuda: "cuda", directml: "dml" };
export type { OrtTensor };

export interface SessionOptions {
  readonly threads: number;
  readonly device?: Device;
  /**
   * Whether a session keeps the memory of a run for the next one; true by default. It then holds a multiple of what a run needs;
   * if large weights are dequantised in the graph, that amounts to gigabytes.
   */
  readonly keepsMemory?: boolean;
  /**
   * Whether memory is planned as one block for each set of shapes that occurred; true by default. It costs the same amount of
   * memory again, and is for runs with recurring shapes.
   */
  readonly laysOutMemory?: boolean;
  /** Whether outputs stay in a GPU's memory; by default they are copied back. */
  readonly outputsStay?: boolean;
  /** Whether it alternates with other sessions: its threads then do not spin while they wait (spinning is disabled). */
  readonly takesTurns?: boolean;
  /** The folder of the external data of a model that is given as bytes. */
  readonly dataFolder?: string;
  /**
   * Whether onnxruntime may optimise the graph; true by default. It then reads initialisers into memory, and precomputes
   * everything that depends only on them: dequantised weights would be stored as f32.
   */
  readonly rewrites?: boolean;
}

type Numbers = Float32Array | Uint16Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A tensor over the given memory, without copying. */
export function tensor(type: OrtTensor.Type, data: Numbers, shape: readonly number[]): OrtTensor {
  return new ort.Tensor(type, data as never, shape);
}

export const float32 = (data: Float32Array, ...shape: number[]) => tensor("float32", data, shape);
/**
 * Half-precision numbers by their bits. Where JavaScript has Float16Array, onnxruntime-common creates one, which onnxruntime-node
 * 1.30 reads as empty; it accepts the raw bits.
 */
export function float16(bits: Uint16Array, ...shape: number[]): OrtTensor {
  const made = tensor("float16", bits, shape);
  Object.assign(made, { cpuData: bits });
  return made;
}

export const int32 = (data: Int32Array, ...shape: number[]) => tensor("int32", data, shape);

/** Opens a model: its bytes, or the path of a file with its external data in the same folder (memory-mapped, not copied). */
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
    enableMemPattern: laysOutMemory && device !== "directml", // DirectML does not support it
    ...(outputsStay && { preferredOutputLocation: "gpu-buffer" as const }),
    extra: {
      session: {
        // Denormals count as zero: softmax gives masked tokens denormal shares, and some CPUs are a hundred times slower
        // with them. Set in every session, so that a process computes alike whatever it opened before.
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
