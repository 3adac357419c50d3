/** A model as a folder: the Hugging Face layout, with the chat model (native-models/inference). */
import { join } from "node:path";
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { configText } from "../../../native-models/config-text.ts";
import {
  genaiConfig,
  javascriptConfig,
  writeOnnxModel,
} from "../../../native-models/exporting/onnx-model.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { writeSafetensorsFolder } from "../../../native-models/formats/safetensors/write.ts";
import { encoded, watched } from "../../../native-models/formats/views.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { modelWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { fusedWeights } from "../../../native-models/stored-layout.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { licenceBeside } from "./licence-files.ts";
import { writeFolderAtomic } from "./write-folder.ts";
import { CHAT_FOLDER, writeChat } from "../chat/chat-model.ts";
import type { ChatForm } from "../chat/chat-model.ts";
import { writePromptFile } from "../chat/prompt-file.ts";

/** The share of an export taken by its weights for other programs; the chat model takes the rest. */
const WEIGHTS_SHARE = 0.7;

/**
 * Writes a model to `output` atomically. `onProgress` receives the share done. Throws what `writeFolderAtomic` throws, and the errors of reading
 * the weights.
 */
export async function exportModel(
  model: Model,
  tokenizer: Tokenizer,
  output: string,
  how: ModelExport = {},
): Promise<void> {
  await writeFolderAtomic(output, async (partial) => {
    await writeOwnFolder(partial, model, tokenizer, how);
    await writeLicence(partial, model);
  });
}

/** How to export a model, including how its chat model is made. */
export interface ModelExport extends ChatForm {
  readonly onProgress?: (fraction: number) => void;
}

/** Writes the Hugging Face layout, with this program's chat model, to an existing folder. Throws as `exportModel`. */
export async function writeOwnFolder(
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  { onProgress = () => {}, ...chat }: ModelExport,
): Promise<void> {
  await writeModelFolder(folder, model, tokenizer, (fraction) => onProgress(WEIGHTS_SHARE * fraction));
  if (chat.prompt) await writePromptFile(folder, chat.prompt, model);
  await writeChat(model, join(folder, CHAT_FOLDER), chat);
}

/**
 * Writes the Hugging Face layout to an existing folder: vectors are f32, and matrices f16; `asStored`: matrices in f32 or bf16 stay so. Throws as
 * `exportModel`.
 */
export async function writeModelFolder(
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  onProgress: (fraction: number) => void,
  { asStored = false } = {},
): Promise<void> {
  const weights = fusedWeights(modelWeights(model.config, model.sections), (name) => {
    const weight = model.weight(name);
    if (weight.shape.length === 1) return encoded(weight, "f32");
    const stays = asStored && (weight.storage === "f32" || weight.storage === "bf16");
    return stays ? weight : encoded(weight, "f16");
  });
  const all = weights.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  let written = 0;
  const counted = weights.map((weight) =>
    watched(weight, (rows) => {
      written += rows * weight.columns;
      onProgress(written / all);
    }),
  );
  await writeSafetensorsFolder(folder, counted);
  const own = withoutItsFiles(model.json);
  const json = model.architecture.published?.(own) ?? own;
  await writeSettings(folder, model, tokenizer, { ...json, torch_dtype: "float16" });
}

/**
 * Keys of the configurations about the files they came with: the type of the weights, by both of its names, code that lies beside them, and the
 * folders of the computer that wrote them.
 */
const OF_ITS_FILES: ReadonlySet<string> = new Set([
  ...["dtype", "torch_dtype", "auto_map"],
  ...["_name_or_path", "name_or_path", "special_tokens_map_file", "tokenizer_file"],
]);

const withoutItsFiles = (json: object): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !OF_ITS_FILES.has(key)));

/** Writes what accompanies weights in the Hugging Face layout: the given config.json, generation_config.json and the tokenizer. */
async function writeSettings(
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  config: JsonObject,
): Promise<void> {
  await writeFileAtomic(join(folder, "config.json"), configText(config, model.architecture));
  await writeJson(folder, "generation_config.json", {
    ...model.generation,
    bos_token_id: tokenizer.bosId,
    eos_token_id: tokenizer.eosIds,
  });
  for (const [name, content] of Object.entries(tokenizer.files))
    await writeJson(folder, name, withoutItsFiles(content as object));
}

/**
 * Writes the files that onnxruntime-genai and transformers.js need to an existing folder. Returns a graph for checks, as `writeOnnxModel`. Throws
 * `not-expressible`, and as `exportModel`.
 */
export async function writeOnnxFolder(
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  precision: Precision,
  onProgress: (fraction: number) => void = () => {},
): Promise<{ checking: Uint8Array }> {
  const written = await writeOnnxModel(folder, model, precision, onProgress);
  await writeSettings(folder, model, tokenizer, withoutItsFiles(javascriptConfig(model)));
  await writeJson(folder, "genai_config.json", genaiConfig(model, tokenizer, model.generation));
  return written;
}

/** Writes a JSON file. Throws `disk-full`, `unwritable`. */
const writeJson = (folder: string, name: string, value: unknown): Promise<void> =>
  writeFileAtomic(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

/** Copies the licence in a model's folder, if there is one. */
export async function writeLicence(folder: string, { path }: Model): Promise<void> {
  const licence = licenceBeside(path);
  if (licence) await writeFileAtomic(join(folder, licence.name), licence.text);
}
