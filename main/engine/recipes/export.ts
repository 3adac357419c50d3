/** A model as a folder: the Hugging Face layout, with the chat model (native-models/inference). */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failureOf, AppError } from "../../../native-models/failure.ts";
import { makeFolder, moveIntoPlace, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { writeSafetensorsFolder } from "../../../native-models/formats/safetensors/write.ts";
import { encoded, renamed } from "../../../native-models/formats/views.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { modelWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { fusedWeights } from "../../../native-models/stored-layout.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Weight } from "../../../native-models/weights.ts";
import { licenceBeside } from "../licence-files.ts";
import { CHAT_FOLDER } from "./chat-model.ts";

/** The share of an export taken by its weights for other programs; the chat model takes the rest. */
const WEIGHTS_SHARE = 0.7;

/**
 * Writes a model to `output` atomically; an existing one is replaced. Matrices are f16, vectors f32. `onProgress` receives the
 * share done. Throws `disk-full`, `unwritable`, and the errors of reading the weights.
 */
export async function exportModel(
  model: Model,
  tokenizer: Tokenizer,
  output: string,
  onProgress: (fraction: number) => void = () => {},
): Promise<void> {
  const partial = `${output}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
    const weights = fusedWeights(modelWeights(model.config, model.sections), (name) => {
      const weight = model.weight(name);
      return encoded(weight, weight.shape.length > 1 ? "f16" : "f32");
    });
    const all = weights.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    let written = 0;
    const counted = weights.map((weight) =>
      watched(weight, (rows) => {
        written += rows * weight.columns;
        onProgress((WEIGHTS_SHARE * written) / all);
      }),
    );
    await writeSafetensorsFolder(partial, counted);
    const writeJson = (name: string, value: unknown) =>
      writeFileAtomic(join(partial, name), `${JSON.stringify(value, null, 2)}\n`);
    await writeJson("config.json", { ...model.json, torch_dtype: "float16" });
    await writeJson("generation_config.json", {
      bos_token_id: tokenizer.bosId,
      eos_token_id: tokenizer.eosIds,
    });
    for (const [name, content] of Object.entries(tokenizer.files)) await writeJson(name, content);
    const licence = licenceBeside(model.path);
    if (licence) await writeFileAtomic(join(partial, licence.name), licence.text);
    await writeInferenceModel(model, join(partial, CHAT_FOLDER));
    makeFolder(dirname(output));
    await rm(output, { recursive: true, force: true });
    await moveIntoPlace(partial, output);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}

/** The same weight; `onRead` receives the number of rows read. */
function watched(weight: Weight, onRead: (rows: number) => void): Weight {
  return {
    ...renamed(weight, weight.name),
    read: (first, count) => {
      onRead(count);
      return weight.read(first, count);
    },
  };
}
