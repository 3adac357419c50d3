/** The chat engine: one loaded model, one answer at a time. */
import { fail } from "../../native-models/failure.ts";
import type { Decoder } from "../../native-models/inference/decoder.ts";
import { generate } from "../../native-models/inference/generate.ts";
import { graphForGpu } from "../../native-models/inference/whole-model-graph.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { chat } from "./kinds.ts";
import { decoderOn } from "./recipes/chat-device.ts";
import { chatFolderOf, openToAnswer } from "./recipes/chat-model.ts";
import { serve } from "./serve.ts";

interface Loaded {
  /** Of the model, and of its chat weights. */
  readonly path: string;
  readonly folder: string;
  readonly threads: number;
  readonly tokenizer: Tokenizer;
  decoder: Decoder;
}

let loaded: Loaded | null = null;

serve(chat, {
  load: async ({ model: path, cacheFolder, precision, threads }) => {
    const model = await openModel(path);
    try {
      await loaded?.decoder.close();
      loaded = null;
      const folder = await chatFolderOf(model, cacheFolder, precision);
      const decoder = await openToAnswer(model, folder, threads);
      loaded = { path, folder, threads, tokenizer: model.tokenizer, decoder };
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

  "use-device": async ({ device }) => {
    const { path, folder, threads, decoder } = requireLoaded();
    const model = await openModel(path);
    try {
      const graph = graphForGpu(model, decoder.description.precision);
      await decoder.close(); // one session at a time: each may hold all weights
      const opened = await decoderOn(folder, { graph, threads, device });
      const problem = "problem" in opened ? opened.problem : null;
      loaded!.decoder = "decoder" in opened ? opened.decoder : await openToAnswer(model, folder, threads);
      return { problem };
    } finally {
      model.close();
    }
  },

  generate: async ({ prompt, special, sampling }, { report, control }) => {
    const { decoder, tokenizer } = requireLoaded();
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

function requireLoaded(): Loaded {
  return loaded ?? fail({ code: "bad-choice", option: "model", reason: "no model is loaded yet" });
}
