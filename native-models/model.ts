/** A model: an architecture, its configuration and its weights by upstream name. */
import type { Architecture, Config, JsonObject } from "./architectures/architecture.ts";
import type { Weight } from "./weights.ts";

export interface Model {
  readonly path: string;
  readonly architecture: Architecture;
  readonly config: Config;
  /** The config.json it came with, or one made from GGUF metadata. */
  readonly json: JsonObject;
  /** Throws `missing-tensors`. */
  weight(name: string): Weight;
}
