/** Opens a model file of any format, identified by its content. */
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fail } from "../failure.ts";
import { FileBytes, isFile, isFolder } from "./bytes.ts";
import { openGguf } from "./gguf/read.ts";
import { hasSafetensors, openSafetensors } from "./safetensors/read.ts";
import type { TensorFile } from "./tensor-file.ts";

/**
 * Opens a GGUF file or one of its parts, a safetensors file or a folder of safetensors. Throws `not-found`, `unreadable`,
 * `corrupt-file`, `missing-part`, `pickle`, `adapter-only`, `unsupported-format`.
 */
export function openTensorFile(path: string): TensorFile {
  if (isFolder(path)) {
    if (!hasSafetensors(path)) refuseOthers(path);
    return openSafetensors(path);
  }
  const { magic, afterLength } = beginningOf(path);
  if (magic === "GGUF") return openGguf(path);
  if (afterLength === "{") return openSafetensors(path);
  if (isPickle(magic)) fail({ code: "pickle", path });
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

/** PyTorch's files: a ZIP archive with a pickle in it, or only a pickle (protocols 2 to 5). */
const isPickle = (magic: string): boolean =>
  ["PK\x03\x04", "\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"].some((start) => magic.startsWith(start));

/** File names of weights that may be pickles. */
const PICKLE_NAME = /\.(bin|pt|pth|ckpt|pkl)$/i;

/** The configuration of an adapter of the PEFT library; transformers looks for it by this name. */
export const ADAPTER_CONFIG = "adapter_config.json";
/** An adapter's weights as a pickle. */
const ADAPTER_PICKLE = "adapter_model.bin";

/** Throws `pickle`, `adapter-only` or `unreadable` if a folder without safetensors of the usual name has other weights. */
function refuseOthers(folder: string): void {
  const names = readdirSync(folder).sort();
  const isAdapter = names.includes(ADAPTER_CONFIG);
  for (const name of names) {
    const path = join(folder, name);
    if (isAdapter && name === ADAPTER_PICKLE) continue; // it would be no model in another format either
    if (PICKLE_NAME.test(name) && isFile(path) && isPickle(beginningOf(path).magic))
      fail({ code: "pickle", path });
  }
  if (isAdapter) fail({ code: "adapter-only", path: folder });
  const [safetensors, ...shards] = names.filter((name) => /\.safetensors$/i.test(name));
  const file = names.find((name) => /\.gguf$/i.test(name)) ?? safetensors;
  const lacksIndex = shards.length > 0 && file === safetensors;
  if (file !== undefined && !lacksIndex)
    fail({ code: "unreadable", path: folder, reason: { code: "model-inside", file } });
}
