/** What devices are like. Nothing here loads onnxruntime. */
import type { Device } from "./session.ts";

/** Devices that would be brought every input at every run: weights must lie there (training/resident-stack.ts). */
export const holdsWeights = (device: Device) => device === "cuda" || device === "directml";
