/** The chat engine: one loaded model, one answer at a time. */
import { fail } from "../../native-models/failure.ts";
import { Decoder } from "../../native-models/inference/decoder.ts";
import { generate } from "../../native-models/inference/generate.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { chat } from "./kinds.ts";
import { chatFolderOf } from "./recipes/chat-model.ts";
import { serve } from "./serve.ts";

let loaded: { decoder: Decoder; tokenizer: Tokenizer } | null = null;

serve(chat, {
  load: async ({ model: path, cacheFolder, precision, threads }) => {
    const model = await openModel(path);
    try {
      await loaded?.decoder.close();
      loaded = null;
      const decoder = await Decoder.open(await chatFolderOf(model, cacheFolder, precision), { threads });
      loaded = { decoder, tokenizer: model.tokenizer };
      const { layers, contextLength, sizeBytes } = decoder.description;
      return {
        layers,
        maxPositions: contextLength,
        sizeBytes,
        hasChatTemplate: model.tokenizer.chatTemplate !== null,
      };
    } finally {
      model.close();
    }
  },

  generate: async ({ prompt, special, sampling }, { report, control }) => {
    if (!loaded) return fail({ code: "bad-choice", option: "model", reason: "no model is loaded yet" });
    const { decoder, tokenizer } = loaded;
    const ids = tokenizer.encode(prompt, { special, addBos: tokenizer.addsBos && !special });
    if (ids.length === 0)
      return fail({ code: "bad-choice", option: "prompt", reason: "there is nothing to answer" });
    let text = "";
    const options = {
      ...sampling,
      endIds: tokenizer.eosIds,
      cancelled: async () => {
        await control.breathe();
        return control.cancelled;
      },
    };
    const generation = await generate(decoder, tokenizer, ids, options, (piece) => {
      text += piece;
      if (piece) report({ text: piece });
    });
    return { text, ...generation };
  },
});
