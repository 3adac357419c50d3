/** The chat engine: one loaded model, and the answers of all who ask it. */
import { chatTemplateOf, promptIds, renderChat } from "../../native-models/chat-template.ts";
import { Constraints } from "../../native-models/constraints/constraints.ts";
import type { ScoredToken } from "../../preload/contract/chat/chat.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import type { Decoder } from "../../native-models/inference/decoder.ts";
import { embedding } from "../../native-models/inference/embedding.ts";
import { generate, readAhead } from "../../native-models/inference/generate.ts";
import { MOST_ROWS } from "../../native-models/inference/pieces.ts";
import type { Lookup } from "../../native-models/inference/lookup.ts";
import { Together } from "../../native-models/inference/together.ts";
import type { TokenScore } from "../../native-models/inference/token-scores.ts";
import { graphForGpu } from "../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../native-models/model.ts";
import { openModel, withModel } from "../../native-models/open-model.ts";
import type { OpenModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { ConversationTexts } from "./conversation-texts.ts";
import { chat } from "./jobs.ts";
import { reportOf } from "./model-report.ts";
import { serve } from "./process/serve.ts";
import { yieldToEventLoop } from "../trimming/job-control.ts";
import type { Control } from "../trimming/job-control.ts";
import { chatFolderOf, preparePrompts } from "../trimming/chat/chat-model.ts";
import { openMeasured } from "../trimming/chat/chat-threads.ts";
import { learntTexts } from "../trimming/chat/learnt-texts.ts";
import { decoderOn } from "../trimming/devices/chat-device.ts";

interface Loaded {
  readonly path: string;
  readonly how: Parameters<typeof openMeasured>[1];
  readonly tokenizer: Tokenizer;
  readonly constraints: Constraints;
  /** For the texts of the native decoder. */
  readonly textTokens: number;
  readonly learnt: Lookup | null;
  decoder: Decoder;
  together: Together;
  texts: ConversationTexts;
  /** Resolves when the prompt graph is ready: the first answer waits for it, so that it equals later ones. */
  prepared: Promise<void>;
}

let loaded: Loaded | null = null;

/** A model that was inspected, still open. */
let inspected: OpenModel | null = null;

serve(chat, {
  "inspect-model": async ({ path }) => {
    inspected?.close();
    inspected = null;
    inspected = await openModel(path);
    return reportOf(inspected);
  },

  "render-chat": ({ template, messages, tools }) => ({
    text: renderChat(template, { messages, tools, addGenerationPrompt: true }),
  }),

  load: ({ model: path, preparesPrompts, textTokens, learnt: dataSet, ...how }) =>
    withInspected(path, async (model) => {
      await close();
      const decoder = await openMeasured(model, how);
      const prepared = preparesPrompts ? preparing(model, decoder) : Promise.resolve();
      const { tokenizer } = model;
      const constraints = new Constraints(tokenizer, tokenizer.eosIds);
      const isClosed = () => loaded?.tokenizer !== tokenizer;
      const learnt = dataSet && decoder.isNative ? learntTexts(dataSet, tokenizer, isClosed) : null;
      const about = { path, how, tokenizer, constraints, textTokens, learnt, prepared };
      loaded = { ...about, ...textsOf(decoder, about) };
      const { layers, contextLength, sizeBytes } = decoder.description;
      return {
        layers,
        maxPositions: contextLength,
        sizeBytes,
        chatTemplate: chatTemplateOf(tokenizer),
        isNative: decoder.isNative,
      };
    }),

  "use-device": async ({ device, preparesPrompts }) => {
    const { path, how, decoder, prepared } = requireLoaded();
    await prepared;
    return withModel(path, async (model) => {
      const folder = await chatFolderOf(model, how.cacheFolder, how.precision);
      const graph = graphForGpu(model, decoder.description);
      await decoder.close(); // one session at a time: each may hold all weights
      const opened = await decoderOn(folder, { graph, threads: how.threads, device });
      const problem = "problem" in opened ? opened.problem : null;
      const used = "decoder" in opened ? opened.decoder : await openMeasured(model, how);
      Object.assign(loaded!, textsOf(used, loaded!));
      if (problem !== null && preparesPrompts) loaded!.prepared = preparing(model, loaded!.decoder);
      return { problem };
    });
  },

  "read-ahead": async ({ prompt, special, room, kept }, { report, control }) => {
    const { decoder, together, texts, tokenizer, prepared } = requireLoaded();
    const ids = promptIds(tokenizer, prompt, special);
    if (room > 0) decoder.requireContext(ids.length + room);
    report({ tokens: ids.length });
    await prepared;
    const text = { prompt: ids, tokens: ids.length, cancelled: () => control.cancelled };
    await together.alone(text, async (own) => {
      if (kept !== undefined) texts.read(kept, own, ids);
      await readAhead(own, ids, cancelledBy(control));
    });
    return {};
  },

  "write-texts": async ({ paths }) => {
    await requireLoaded().texts.write(paths);
    return {};
  },

  generate: async (
    { prompt, special, sampling, shape, scores, isUrgent, room, kept },
    { report, control },
  ) => {
    const model = requireLoaded();
    const { decoder, together, texts, tokenizer, constraints, prepared } = model;
    await prepared;
    const ids = askedIds(model, prompt, special);
    let text = "";
    const onText = (piece: string) => {
      text += piece;
      report({ text: piece });
    };
    decoder.requireContext(ids.length + room);
    const options = { ...sampling, endIds: tokenizer.eosIds, constraint: shape && constraints.of(shape) };
    const cancelled = () => control.cancelled;
    if (decoder.isNative && !scores) {
      if (kept !== undefined) await texts.restore(kept, ids);
      const answer = await together.answer({ prompt: ids, options }, { isUrgent, onText, cancelled });
      if (kept !== undefined && typeof prompt === "string")
        texts.answered(kept, promptIds(tokenizer, prompt + text, special));
      return { ...answer, text };
    }
    const scoring = scores && {
      ...scores,
      onScores: (found: readonly TokenScore[]) =>
        report({ scores: found.map((score) => inBytes(tokenizer, score)) }),
    };
    const how = { ...options, scoring, cancelled: cancelledBy(control) };
    const tokens = ids.length + sampling.maxTokens;
    const generation = await together.alone({ prompt: ids, tokens, isUrgent, cancelled }, (own) =>
      generate(own, tokenizer, ids, how, onText),
    );
    return { ...generation, text };
  },

  embed: async ({ text }, { control }) => {
    const model = requireLoaded();
    const { decoder, together } = model;
    if (!decoder.isNative) return refuseChoice("no-vectors");
    const ids = askedIds(model, text, false);
    const { length: tokens } = ids;
    const vector = await together.alone({ prompt: ids, tokens, cancelled: () => control.cancelled }, (own) =>
      embedding(own, ids, cancelledBy(control)),
    );
    return { vector: [...vector], tokens };
  },
});

/** A prompt's ids. Throws `bad-choice` if there are none, or one that the model lacks. */
function askedIds(
  { decoder, tokenizer }: Loaded,
  prompt: string | readonly number[],
  special: boolean,
): readonly number[] {
  const ids = typeof prompt === "string" ? promptIds(tokenizer, prompt, special) : prompt;
  if (ids.length === 0) return refuseChoice("empty-prompt");
  const beyond = ids.find((id) => id >= decoder.description.vocabularySize);
  return beyond === undefined ? ids : refuseChoice({ code: "no-token", id: beyond });
}

/** A score with the tokens' bytes instead of their ids. */
function inBytes(tokenizer: Tokenizer, { id, logprob, top }: TokenScore): ScoredToken {
  const bytes = (token: number) => [...tokenizer.tokenBytes(token)];
  return {
    bytes: bytes(id),
    logprob,
    top: top.map(({ id: token, logprob }) => ({ bytes: bytes(token), logprob })),
  };
}

/** `withModel`, with the model that was inspected if it is this one. */
async function withInspected<T>(path: string, use: (model: OpenModel) => Promise<T>): Promise<T> {
  const model = inspected;
  inspected = null;
  try {
    return await (model?.path === path ? use(model) : withModel(path, use));
  } finally {
    model?.close();
  }
}

/** What answers with a decoder: texts that share a native one; with a graph, one at a time. */
function textsOf(
  decoder: Decoder,
  { tokenizer, textTokens, learnt }: Pick<Loaded, "tokenizer" | "textTokens" | "learnt">,
): Pick<Loaded, "decoder" | "together" | "texts"> {
  const room = { rows: decoder.isNative ? MOST_ROWS : 1, tokens: textTokens };
  const together = new Together(decoder, tokenizer, { room, yieldToEventLoop, learnt });
  return { decoder, together, texts: new ConversationTexts(together) };
}

function cancelledBy(control: Control): () => Promise<boolean> {
  return async () => {
    await yieldToEventLoop();
    return control.cancelled;
  };
}

/** `preparePrompts`; the first answer reports its failure. */
function preparing(model: Model, decoder: Decoder): Promise<void> {
  const prepared = preparePrompts(model, decoder);
  prepared.catch(() => {});
  return prepared;
}

async function close(): Promise<void> {
  await loaded?.prepared.catch(() => {});
  await loaded?.decoder.close();
  loaded = null;
}

function requireLoaded(): Loaded {
  return loaded ?? refuseChoice("no-model-loaded");
}
