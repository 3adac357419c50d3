/** The architectures that Coppice knows; a new one is a file beside this one and a line here. */
import { fail } from "../failure.ts";
import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

export const architectures: readonly Architecture[] = [llama];

/** The architecture of a config.json's `model_type`. Throws `unsupported-architecture`. */
export function architectureOf(modelType: string): Architecture {
  return find(modelType, (architecture) => architecture.modelTypes);
}

/** The architecture of a GGUF file's `general.architecture`. Throws `unsupported-architecture`. */
export function architectureOfGguf(name: string): Architecture {
  return find(name, (architecture) => architecture.ggufArchitectures);
}

function find(modelType: string, names: (architecture: Architecture) => readonly string[]): Architecture {
  const found = architectures.find((architecture) => names(architecture).includes(modelType));
  return (
    found ?? fail({ code: "unsupported-architecture", modelType, supported: architectures.flatMap(names) })
  );
}
