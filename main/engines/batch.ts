/** The batch engine: one model, many prompts. */
import { chatTemplateOf, promptIds } from "../../native-models/chat-template.ts";
import { Constraints } from "../../native-models/constraints/constraints.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import type { Failure } from "../../native-models/failure.ts";
import { answerTogether } from "../../native-models/inference/together.ts";
import type { Decoder } from "../../native-models/inference/decoder.ts";
import { withModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { batch } from "./jobs.ts";
import { serve } from "./process/serve.ts";
import { openMeasured } from "../trimming/chat/chat-threads.ts";

interface Opened {
  readonly tokenizer: Tokenizer;
  readonly constraints: Constraints;
  readonly decoder: Decoder;
}

let opened: Opened | null = null;

serve(batch, {
  open: ({ model: path, ...how }) =>
    withModel(path, async (model) => {
      await opened?.decoder.close();
      opened = null;
      const decoder = await openMeasured(model, how);
      const { tokenizer } = model;
      opened = { tokenizer, constraints: new Constraints(tokenizer, tokenizer.eosIds), decoder };
      const { contextLength: maxPositions } = decoder.description;
      return { chatTemplate: chatTemplateOf(tokenizer), maxPositions, isNative: decoder.isNative };
    }),

  answer: async ({ prompts, shapes, sampling, rows }, { report, control }) => {
    const { tokenizer, constraints, decoder } = opened ?? noModel();
    const { eosIds: endIds } = tokenizer;
    const allowed = shapes.map((shape) => constraints.of(shape));
    const { contextLength } = decoder.description;
    const started = performance.now();
    let [answers, tokens] = [0, 0];
    const asked = prompts.flatMap(({ id, prompt, special, shape, seed = sampling.seed }) => {
      const ids = promptIds(tokenizer, prompt, special);
      const failure = refusalOf(ids, contextLength);
      if (failure) report({ id, failure });
      const constraint = shape === null ? undefined : (allowed[shape] ?? noShape(shape));
      const options = { ...sampling, seed, endIds, constraint };
      return failure ? [] : [{ id, prompt: ids, options }];
    });
    await answerTogether(decoder, tokenizer, asked, {
      rows,
      cancelled: async () => {
        await control.yieldToEventLoop();
        return control.cancelled;
      },
      onAnswer: (question, answer) => {
        const { id, prompt } = asked[question]!;
        report({ id, promptTokens: prompt.length, ...answer });
        answers++;
        tokens += answer.tokens;
      },
    });
    return { answers, tokens, seconds: (performance.now() - started) / 1000 };
  },
});

/** Why a prompt cannot be answered, if it cannot. */
function refusalOf({ length: tokens }: readonly number[], limit: number): Failure | null {
  if (tokens === 0) return { code: "bad-choice", why: "empty-prompt" };
  return tokens > limit ? { code: "context-full", tokens, limit } : null;
}

function noShape(shape: number): never {
  return refuseChoice({ code: "no-shape", shape });
}

function noModel(): never {
  return refuseChoice("no-model-loaded");
}
