/** The batch engine: one model, many prompts. */
import { chatTemplateOf, promptIds } from "../../native-models/chat-template.ts";
import { Constraint } from "../../native-models/constraints/constraint.ts";
import { fail, failureOf } from "../../native-models/failure.ts";
import type { Decoder } from "../../native-models/inference/decoder.ts";
import { generate } from "../../native-models/inference/generate.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { batch } from "./kinds.ts";
import { chatFolderOf } from "./recipes/chat-model.ts";
import { openMeasured } from "./recipes/chat-threads.ts";
import { serve } from "./serve.ts";

let opened: { readonly tokenizer: Tokenizer; readonly decoder: Decoder } | null = null;

serve(batch, {
  open: async ({ model: path, cacheFolder, precision, threads, threadsFile }) => {
    const model = await openModel(path);
    try {
      await opened?.decoder.close();
      opened = null;
      const folder = await chatFolderOf(model, cacheFolder, precision);
      const decoder = await openMeasured(model, { folder, threads, threadsFile });
      const { tokenizer } = model;
      opened = { tokenizer, decoder };
      const { contextLength: maxPositions } = decoder.description;
      return { chatTemplate: chatTemplateOf(tokenizer), maxPositions, isNative: decoder.isNative };
    } finally {
      model.close();
    }
  },

  answer: async ({ prompts, shapes, sampling }, { report, control }) => {
    const { tokenizer, decoder } = opened ?? noModel();
    const { eosIds: endIds } = tokenizer;
    const constraints = shapes.map((shape) => new Constraint(shape, tokenizer, endIds));
    const started = performance.now();
    let [answers, tokens] = [0, 0];
    const cancelled = async () => {
      await control.breathe();
      return control.cancelled;
    };
    for (const { id, prompt, special, shape, seed = sampling.seed } of prompts) {
      control.proceed();
      try {
        const constraint = shape === null ? undefined : constraints[shape];
        const options = { ...sampling, seed, endIds, constraint, cancelled };
        let text = "";
        const ids = promptIds(tokenizer, prompt, special);
        const generation = await generate(decoder, tokenizer, ids, options, (piece) => (text += piece));
        const { reason, promptTokens } = generation;
        if (reason === "cancelled") return fail({ code: "cancelled" });
        report({ id, text, reason, promptTokens, tokens: generation.tokens });
        answers++;
        tokens += generation.tokens;
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code !== "context-full") throw error;
        report({ id, failure });
      }
    }
    return { answers, tokens, seconds: (performance.now() - started) / 1000 };
  },
});

function noModel(): never {
  return fail({ code: "bad-choice", option: "model", reason: "no model is loaded yet" });
}
