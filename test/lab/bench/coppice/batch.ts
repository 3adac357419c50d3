/** The product's chat model with several rows. */
import { openChat } from "../../../../main/trimming/chat/chat-model.ts";
import { arbitraryTokens } from "../../../../native-models/inference/arbitrary-tokens.ts";
import { Decoder } from "../../../../native-models/inference/decoder.ts";
import { argmax } from "../../../../native-models/inference/sampler.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { OpenBatch } from "../batch.ts";
import { chatFolderFor } from "./decode.ts";

export const open: OpenBatch = async ({ modelPath, precision, threads, prompt, rows: most }) => {
  const model = await openModel(modelPath);
  const { folder } = await chatFolderFor(model, modelPath, precision);
  const decoder = await openChat(model, folder, threads);
  model.close();
  await decoder.read(arbitraryTokens(prompt, decoder.description.vocabularySize));
  const decoders = Array.from({ length: most }, (_, row) => (row === 0 ? decoder : decoder.another()));
  for (const other of decoders.slice(1)) other.copy(decoder, prompt);
  return {
    decode: async ({ rows, tokens }) => {
      const active = decoders.slice(0, rows);
      for (const one of active) one.truncate(prompt);
      let next = active.map((_, row) => row + 1);
      for (let count = 0; count < tokens; count++) {
        const logits = await Decoder.readTogether(
          active.map((one, row) => ({ decoder: one, ids: [next[row]!] })),
        );
        next = logits.map(argmax);
      }
    },
  };
};
