/** A model: an architecture, its configuration and its weights by upstream name. */
import type { Architecture, Config, Half, JsonObject } from "./architectures/architecture.ts";
import type { Weight } from "./weights.ts";

/** What there is of a block: all of it, or the half whose other half was dropped. */
export type Section = "block" | Half;

export interface Model {
  readonly path: string;
  readonly architecture: Architecture;
  readonly config: Config;
  /** What there is of each block: "block" everywhere but in a model trimmed by sub-layers. */
  readonly sections: readonly Section[];
  /** The config.json it came with, or one made from GGUF metadata. */
  readonly json: JsonObject;
  /** Its weights' upstream names, all of which `weight` finds. */
  readonly names: readonly string[];
  /** Throws `missing-tensors`, `not-finite`. */
  weight(name: string): Weight;
}
