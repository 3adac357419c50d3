/** The product's chat model. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openChat, preparePrompts } from "../../../../main/trimming/chat/chat-model.ts";
import type { Precision } from "../../../../native-models/inference/precision.ts";
import { argmax } from "../../../../native-models/inference/sampler.ts";
import {
  DESCRIPTION_FILE,
  readDescription,
  writeInferenceModel,
} from "../../../../native-models/inference/write-model.ts";
import type { Description } from "../../../../native-models/inference/write-model.ts";
import type { Model } from "../../../../native-models/model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import type { DecoderOptions, OpenDecoder } from "../decode.ts";
import { BENCH_CACHE } from "../harness/models.ts";

/** A model's chat model in the cache of benchmarks, written if it is missing. */
export async function chatFolderFor(
  model: Model,
  path: string,
  precision: Precision,
  blocks: DecoderOptions["blocks"] = "all",
): Promise<{ folder: string; description: Description }> {
  const key = createHash("sha256").update(path).digest("hex").slice(0, 12);
  const folder = join(BENCH_CACHE, `chat-${key}-${precision}-${blocks}`);
  if (!existsSync(join(folder, DESCRIPTION_FILE))) await writeInferenceModel(model, folder, { precision });
  return { folder, description: await readDescription(folder) };
}

export const open: OpenDecoder = async ({ modelPath, precision, threads, blocks }) => {
  const whole = await openModel(modelPath);
  const kept = whole.sections.map((section, block) =>
    blocks === "half" && block % 2 === 1 ? null : section,
  );
  const model = mergedModel(whole, kept, { kind: "none" }, () => undefined);
  const { folder } = await chatFolderFor(model, modelPath, precision, blocks);
  const decoder = await openChat(model, folder, threads);
  await preparePrompts(model, decoder);
  whole.close();
  return {
    prompt: async (ids) => {
      decoder.truncate(0);
      await decoder.read(ids);
    },
    decode: async ({ from, tokens }) => {
      const ids: number[] = [];
      let logits = await decoder.read([from]);
      for (;;) {
        ids.push(argmax(logits));
        if (ids.length === tokens) return ids;
        logits = await decoder.read([ids.at(-1)!]);
      }
    },
  };
};
