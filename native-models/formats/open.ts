/** Opens a model file of any format, identified by its content. */
import { extname } from "node:path";
import { fail } from "../failure.ts";
import { FileBytes, isFolder } from "./bytes.ts";
import { openGguf } from "./gguf/read.ts";
import { openSafetensors } from "./safetensors/read.ts";
import type { TensorFile } from "./tensor-file.ts";

/**
 * Opens a GGUF file, a safetensors file or a folder of safetensors. Throws `not-found`, `unreadable`, `corrupt-file`,
 * `unsupported-format`.
 */
export function openTensorFile(path: string): TensorFile {
  if (isFolder(path)) return openSafetensors(path);
  const { magic, afterLength } = beginningOf(path);
  if (magic === "GGUF") return openGguf(path);
  if (afterLength === "{") return openSafetensors(path);
  // Neither: only the name shows the intended format, whose reader reports the error.
  switch (extname(path).toLowerCase()) {
    case ".gguf":
      return openGguf(path);
    case ".safetensors":
      return openSafetensors(path);
    default:
      return fail({ code: "unsupported-format", path, supported: ["GGUF", "safetensors"] });
  }
}

/** The four characters of a GGUF's magic, and the one after the header length of safetensors. */
function beginningOf(path: string): { magic: string; afterLength: string } {
  const file = FileBytes.open(path);
  try {
    const bytes = file.read(0, Math.min(9, file.sizeBytes), "beginning");
    const characters = Buffer.from(bytes).toString("latin1");
    return { magic: characters.slice(0, 4), afterLength: characters.slice(8) };
  } finally {
    file.close();
  }
}
