/** The vectors of a stored prompt in a model's folder, from which chat models of any precision get theirs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import { isOwnFile } from "../../../native-models/formats/own-files.ts";
import { openSafetensors } from "../../../native-models/formats/safetensors/read.ts";
import { writeSafetensors } from "../../../native-models/formats/safetensors/write.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import type { Model } from "../../../native-models/model.ts";

const FILE = "prompt.safetensors";
const TENSOR = "prompt";

/** Writes vectors [P, D] to a model's folder. Throws the errors of writing. */
export async function writePromptFile(
  folder: string,
  vectors: Float32Array,
  { config: { hiddenSize } }: Pick<Model, "config">,
): Promise<void> {
  const shape = [vectors.length / hiddenSize, hiddenSize];
  await writeSafetensors(join(folder, FILE), [fromFloat32(TENSOR, shape, vectors)]);
}

/** The vectors in a model's folder; null if there are none. Throws `corrupt-file`, `unreadable`. */
export function promptBeside({ path: folder, config }: Pick<Model, "path" | "config">): Float32Array | null {
  const path = join(folder, FILE);
  if (!isFolder(folder) || !existsSync(path) || !isOwnFile(folder, FILE)) return null;
  const file = openSafetensors(path);
  try {
    const weight = file.tensors.get(TENSOR);
    const [count, width] = weight?.shape ?? [];
    if (weight?.storage === "f32" && weight.shape.length === 2 && count && width === config.hiddenSize)
      return weight.readFloat32();
    const reason = `it has no vectors of ${config.hiddenSize} numbers`;
    return fail({ code: "corrupt-file", path, section: "stored prompt", reason });
  } finally {
    file.close();
  }
}
