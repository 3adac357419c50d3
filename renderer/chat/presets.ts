/** Named sampling presets. */
import { Sampling } from "../../preload/contract/chat/chat.ts";

export type Preset = "exact" | "balanced" | "free";

type Chosen = Pick<Sampling, "temperature" | "topK" | "topP">;

export const presets: Record<Preset, Chosen> = {
  exact: { temperature: 0.2, topK: 0, topP: 0.9 },
  balanced: { temperature: 0.7, topK: 0, topP: 0.9 },
  free: { temperature: 1, topK: 0, topP: 0.95 },
};

/** The sampling of a new conversation. */
export const initialSampling: Sampling = Sampling.parse({ ...presets.exact, maxTokens: 512 });

/** The preset that matches the sampling, or "" if none does. */
export function presetOf(sampling: Sampling): Preset | "" {
  const names = Object.keys(presets) as Preset[];
  const keys = ["temperature", "topK", "topP"] as const;
  return names.find((name) => keys.every((key) => presets[name][key] === sampling[key])) ?? "";
}
