/** The product's training step in onnxruntime's profile. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ort from "onnxruntime-node";
import type { InferenceSession } from "onnxruntime-node";
import { STEP_PARTS } from "../step-profile.ts";
import type { OpenStepProfile, StepPart } from "../step-profile.ts";
import { open as openStep } from "./training-step.ts";

/** A call of an operator: its name, its time in µs, and the shapes of its inputs. */
interface Call {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: {
    readonly op_name: string;
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

export const open: OpenStepProfile = async (options) => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-profile-"));
  const sessions = profileSessions(folder);
  const { step } = await openStep({ ...options, usesGraphs: true });
  const { rank } = options;
  /** Ranks of adapters, of up to four projections that share a product. */
  const ranks = [1, 2, 3, 4].map((count) => count * rank);
  const partOf = ({ op_name: operator, input_type_shape: inputs = [] }: Call["args"]): StepPart => {
    const sizes = inputs.flatMap((input) => Object.values(input)[0]!);
    if (operator === "MatMulIntegerToFloat") return "weights";
    if (operator === "Gemm")
      return sizes.includes(options.vocabulary)
        ? "head"
        : ranks.some((size) => sizes.includes(size))
          ? "adapters"
          : "weights";
    if (operator === "FusedMatMul" || operator === "Softmax") return "attention";
    return ROUNDING.has(operator) ? "rounding" : "others";
  };
  return {
    profile: async (steps) => {
      try {
        for (let count = 0; count < steps; count++) await step();
        for (const session of sessions) session.endProfiling();
        const times = Object.fromEntries(STEP_PARTS.map((part) => [part, 0])) as Record<StepPart, number>;
        for (const name of readdirSync(folder))
          for (const { cat, name: event, dur, args } of JSON.parse(
            readFileSync(join(folder, name), "utf8"),
          ) as Call[])
            if (cat === "Node" && event.endsWith("_kernel_time")) times[partOf(args)] += dur / 1e6 / steps;
        return times;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
};

/** Operators that a training step uses only for rounding to 8 bits (graph/int8.ts). */
const ROUNDING = new Set(["Abs", "ReduceMax", "Max", "Div", "QuantizeLinear", "DequantizeLinear"]);

/** From now on, each session writes its profile into the folder. */
function profileSessions(folder: string): readonly InferenceSession[] {
  const sessions: InferenceSession[] = [];
  const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
    model: Uint8Array,
    options: InferenceSession.SessionOptions,
  ) => Promise<InferenceSession>;
  const profiled: typeof create = async (model, options) => {
    const profileFilePrefix = join(folder, `${sessions.length}`);
    const session = await create(model, { ...options, enableProfiling: true, profileFilePrefix });
    sessions.push(session);
    return session;
  };
  Object.assign(ort.InferenceSession, { create: profiled });
  return sessions;
}
