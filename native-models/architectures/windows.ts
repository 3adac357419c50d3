/** Blocks of two kinds that differ only in their window, as upstream's configurations spell them. */
import { z } from "zod";
import { attentionsOf } from "./architecture.ts";
import type { BlockKind, Config, JsonObject, Program } from "./architecture.ts";
import { cutBlocks, cutKinds, kindNames } from "./cut.ts";
import { layerBlocks, size } from "./keys.ts";

export const GLOBAL = "full_attention";
export const WINDOWED = "sliding_attention";

/** Qwen's keys for windows from a given block on; off in most files. */
export const windowKeys = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: size.nullish(),
  max_window_layers: z.number().int().min(0).default(28),
  layer_types: z.array(z.string()).nullish(),
};

/** The blocks of a configuration with those keys. Throws `corrupt-file`. */
export function windowOf(
  c: z.output<z.ZodObject<typeof windowKeys>> & { readonly num_hidden_layers: number },
  block: (name: string, window: number | null) => BlockKind,
  path: string,
): BlockKind[] {
  const window = c.use_sliding_window ? (c.sliding_window ?? null) : null;
  const kinds = { [GLOBAL]: block(GLOBAL, null), [WINDOWED]: block(WINDOWED, window) };
  const windowed = (index: number) => window !== null && index >= c.max_window_layers;
  return layerBlocks(c, kinds, (index) => (windowed(index) ? WINDOWED : GLOBAL), path);
}

/** Only transformers reads these windows; other programs treat all blocks as global. */
export function globalOnly(config: Config, program: Program, length: number): string[][] | null {
  if (program === "transformers" || !kindNames(config).includes(WINDOWED)) return null;
  return [Array.from({ length }, () => GLOBAL)];
}

/**
 * The context that llama.cpp computes correctly for families that it runs without windows: one window, beyond which its results would
 * differ.
 */
export function contextWithinWindow({ blocks, maxPositions }: Config): JsonObject {
  const windows = attentionsOf({ blocks }).flatMap(({ window }) => window ?? []);
  return { max_position_embeddings: Math.min(maxPositions, ...windows) };
}

/** If there are windows, a cut lists the kinds, because windows start at a block number. */
export function cutWindows(json: JsonObject, kept: readonly number[], config: Config): JsonObject {
  return kindNames(config).includes(WINDOWED) ? cutKinds(json, kept, config) : cutBlocks(json, kept);
}
