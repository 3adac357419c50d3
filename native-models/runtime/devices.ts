/** Properties of devices. Nothing here loads onnxruntime. */
import type { Device } from "./session.ts";

/** Devices to which inputs would be copied at every run: weights must stay on them (training/resident-stack.ts). */
export const holdsWeights = (device: Device) => device === "cuda" || device === "directml";
