/** The script of a batch engine whose model knows some texts by heart: a prompt is answered with what follows it in RECITED_TEXTS. */
import { batch } from "../../../../main/engines/jobs.ts";
import { serve } from "../../../../main/engines/process/serve.ts";

const texts = JSON.parse(process.env["RECITED_TEXTS"]!) as string[];

serve(batch, {
  open: () => ({
    chatTemplate: { source: null, bosToken: null, eosToken: null, specialTokens: [] },
    maxPositions: 512,
    isNative: false,
  }),
  answer: async ({ prompts, sampling }, { report, control }) => {
    for (const { id, prompt } of prompts) {
      await control.yieldToEventLoop();
      control.throwIfCancelled();
      const known = texts.find((text) => text.startsWith(prompt));
      const text = known?.slice(prompt.length) ?? " nothing of that";
      if (prompt === "Too long?") report({ id, failure: { code: "context-full", tokens: 600, limit: 512 } });
      else report({ id, text, reason: "end", promptTokens: 1, tokens: sampling.maxTokens });
    }
    return { answers: prompts.length, tokens: 0, seconds: 1 };
  },
});
