/** Decoding with random weights, of a whole or halved model: it takes as long as with trained weights. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openChat } from "../../../../main/trimming/chat/chat-model.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import type { OpenGain } from "../gain.ts";
import { arbitraryIds } from "../harness/models.ts";
import { randomModel } from "./random-model.ts";

export const open: OpenGain = async ({ sizes, halved, prompt, threads }) => {
  const whole = randomModel("random", sizes);
  const kept = whole.sections.map((section, block) => (halved && block % 2 === 1 ? null : section));
  const model = mergedModel(whole, kept, { kind: "none" }, () => undefined);
  const folder = mkdtempSync(join(tmpdir(), "coppice-gain-"));
  const { vocabularySize } = await writeInferenceModel(model, folder);
  const decoder = await openChat(model, folder, threads);
  process.once("exit", () => rmSync(folder, { recursive: true }));
  await decoder.read(arbitraryIds(1, prompt, vocabularySize)[0]!);
  return {
    decode: async (tokens) => {
      decoder.truncate(prompt);
      for (const id of arbitraryIds(1, tokens, vocabularySize)[0]!) await decoder.read([id]);
      return null;
    },
  };
};
