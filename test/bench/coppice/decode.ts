/** The product's chat model. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openChat, preparePrompts } from "../../../main/engine/recipes/chat-model.ts";
import { argmax } from "../../../native-models/inference/sampler.ts";
import { DESCRIPTION_FILE, writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import type { OpenDecoder } from "../decode.ts";
import { BENCH_CACHE } from "../harness/models.ts";

export const open: OpenDecoder = async ({ modelPath, precision, threads, blocks }) => {
  const key = createHash("sha256").update(modelPath).digest("hex").slice(0, 12);
  const folder = join(BENCH_CACHE, `chat-${key}-${precision}-${blocks}`);
  const whole = await openModel(modelPath);
  const kept = whole.sections.map((section, block) =>
    blocks === "half" && block % 2 === 1 ? null : section,
  );
  const model = mergedModel(whole, kept, { kind: "none" }, () => undefined);
  if (!existsSync(join(folder, DESCRIPTION_FILE))) await writeInferenceModel(model, folder, { precision });
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
