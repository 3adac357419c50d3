/** The chat model of a model: its folder, its speed, its answers. */
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { answerTogether } from "../../../native-models/inference/together.ts";
import { arbitraryTokens } from "../../../native-models/inference/arbitrary-tokens.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { labelNlls } from "../../../native-models/inference/label-nlls.ts";
import { MOST_ROWS } from "../../../native-models/inference/pieces.ts";
import { defaultPrecision, isNarrow } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { graphForPrompts, productsOf } from "../../../native-models/inference/whole-model-graph.ts";
import type { Layout } from "../../../native-models/inference/whole-model-graph.ts";
import {
  DESCRIPTION_FILE,
  layoutFor,
  readDescription,
  writeInferenceModel,
} from "../../../native-models/inference/write-model.ts";
import type { Description } from "../../../native-models/inference/write-model.ts";
import { writePrompt } from "../../../native-models/inference/write-prompt.ts";
import type { Model } from "../../../native-models/model.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import { shown } from "../../../native-models/shown.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Evaluation } from "../../../preload/contract/runs/run.ts";
import { freeMemoryBytes } from "../../computer.ts";
import type { ChatMeasured } from "../schedule/operations.ts";
import type { AskedRows } from "../evaluation/asked-rows.ts";
import type { ScoredRows } from "../evaluation/evaluate.ts";
import { answerRows, exactMatchOf, GREEDY } from "../evaluation/generated-answers.ts";
import { growth, ownRatio, ownSpeed, undisturbedRatio, undisturbedSpeed } from "./chat-speed.ts";
import { promptBeside } from "./prompt-file.ts";

/** The folder of the chat model inside a model's folder. */
export const CHAT_FOLDER = "onnx";

/** The additions in a model's own folder: products that keep int8, and a stored prompt. Throws `corrupt-file`, `unreadable`. */
export async function ownAdditions(
  model: Pick<Model, "path" | "config">,
): Promise<Pick<ChatForm, "raised" | "prompt">> {
  const present = await readDescription(join(model.path, CHAT_FOLDER)).catch(() => null);
  return { raised: present?.raised, prompt: promptBeside(model) };
}

/** What a chat model is asked besides its speed. */
interface Asked extends Partial<AskedRows> {
  readonly tokenizer: Tokenizer;
  /** Called as it reads and writes tokens. */
  readonly onTokens: (read: number, written: number) => Promise<void>;
}

/**
 * Opens a chat model on the processor: with the native decoder, if it is available and has all operations of the model, otherwise as a graph.
 * Throws the errors of `Decoder.open`.
 */
export function openChat(model: Model, folder: string, threads: number): Promise<Decoder> {
  return Decoder.open(folder, {
    threads,
    steps: (layout) => {
      checkRaised(model, folder, layout);
      return stepsOf(model, layout);
    },
  });
}

/** Refuses a folder whose description raises products that the model does not have, so that no decoder looks for them. Throws `corrupt-file`. */
function checkRaised(model: Model, folder: string, { raised }: Layout): void {
  if (!raised) return;
  const known = new Set(productsOf(model).map(({ name }) => name));
  const unknown = raised.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const reason = `it gives more bits to "${shown(unknown)}", which is no projection of this model`;
  fail({ code: "corrupt-file", path: join(folder, DESCRIPTION_FILE), section: "description", reason });
}

/**
 * Lets a graph on the processor use a prompt graph, if the model is small enough to spare the memory; the native decoder needs none. The
 * work takes a second and starts only after the caller has continued. Throws the errors of reading the chat weights.
 */
export async function preparePrompts(model: Model, decoder: Decoder): Promise<void> {
  const { description } = decoder;
  if (decoder.isNative || !isNarrow(model.config) || description.precision === "fp32") return;
  const largest = await largestFactor();
  if (largest) await decoder.usePromptGraph(graphForPrompts(model, description, largest));
}

/** Where a model's chat model is, or is to be written, and in what precision; by the model's width by default. */
export interface ChatPlace {
  readonly cacheFolder: string;
  readonly precision?: Precision | undefined;
}

/**
 * A model's chat model, open on the processor: the one in its own folder if it has one, otherwise made of its weights in memory where the
 * native decoder can do that, and in the cache where it can't. Throws the errors of `Decoder.open`, and those of writing.
 */
export async function openAnyChat(
  model: Model,
  threads: number,
  { cacheFolder, precision }: ChatPlace,
): Promise<Decoder> {
  const isPlain = (await ownFolderOf(model, precision)) === null && promptBeside(model) === null;
  const made = isPlain ? Decoder.openModel(model, layoutFor(model.config, precision), { threads }) : null;
  return made ?? openChat(model, await chatFolderOf(model, cacheFolder, precision), threads);
}

/** The folder of the chat model that a model's own folder has; null without one of the requested precision. */
async function ownFolderOf({ path }: Model, asked: Precision | undefined): Promise<string | null> {
  const own = join(path, CHAT_FOLDER);
  const present = await readDescription(own).catch(() => null);
  return present && (asked === undefined || present.precision === asked) ? own : null;
}

/** How a model's chat model is made. */
export interface ChatForm {
  /** By the model's width by default. */
  readonly precision?: Precision | undefined;
  /** Products that keep int8 in an int4 model (native-models/inference/products.ts). */
  readonly raised?: readonly string[] | undefined;
  /** The vectors of a stored prompt. */
  readonly prompt?: Float32Array | null;
}

interface ChatMeasuring {
  readonly yieldToEventLoop: () => Promise<void>;
  readonly asked?: Asked | null;
  /** Another chat model, with which this one is timed in turn, if memory allows; null: it is timed alone. */
  readonly reference?: Reference | null;
}

interface WrittenToMeasure extends ChatMeasuring, ChatForm {
  /** Whether the folder is kept. */
  readonly keep?: boolean;
}

/** A model and the folder of its chat model. */
interface InFolder {
  readonly model: Model;
  readonly folder: string;
}

/** A chat model that was timed alone. */
export interface Reference extends InFolder {
  readonly tokensPerSecond: number;
}

/** Writes a model's chat model, with a stored prompt if it has one. Throws as `writeInferenceModel` and `writePrompt`. */
export async function writeChat(
  model: Model,
  folder: string,
  { precision, raised = [], prompt = null }: ChatForm = {},
): Promise<Description> {
  const description = await writeInferenceModel(model, folder, { raised, ...(precision && { precision }) });
  if (prompt)
    await writePrompt(folder, model, prompt, { threads: 1, steps: (layout) => stepsOf(model, layout) });
  return description;
}

/**
 * Measures a chat model in its folder. Timed in turn with a reference, its speed is that of the reference times the measured ratio; timed
 * alone, it has no ratio. Throws the errors of `Decoder.open`.
 */
export async function measureChat(
  chat: InFolder,
  threads: number,
  { yieldToEventLoop, asked = null, reference = null }: ChatMeasuring,
): Promise<ChatMeasured> {
  const { sizeBytes } = await readDescription(chat.folder);
  const answers =
    asked && (await withChat(chat, threads, (decoder) => answersOf(chat.model, decoder, asked)));
  const inTurn = reference && (await speedInTurn(chat, reference, threads, yieldToEventLoop));
  const speed = inTurn ?? { tokensPerSecond: await speedAlone(chat, threads, yieldToEventLoop) };
  return { sizeBytes, ...speed, ...(answers ?? { exactMatch: null }) };
}

/** Writes a model's chat model to `folder`, measures it there, and removes it, unless `keep` is set. */
export async function measureChatModel(
  model: Model,
  folder: string,
  threads: number,
  measuring: WrittenToMeasure,
): Promise<ChatMeasured> {
  const { yieldToEventLoop, asked = null, reference = null, keep = false, ...form } = measuring;
  try {
    await writeChat(model, folder, form);
    return await measureChat({ model, folder }, threads, { yieldToEventLoop, asked, reference });
  } finally {
    if (!keep) await remove(folder);
  }
}

/** Tokens per second; if other programs disturb the timing of all threads, estimated from the processor time of one. */
async function speedAlone(
  chat: InFolder,
  threads: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<number> {
  const undisturbed = await withChat(chat, threads, (decoder) => undisturbedSpeed(decoder, yieldToEventLoop));
  return (
    undisturbed ??
    (await withChat(chat, 1, (decoder) => ownSpeed(decoder, yieldToEventLoop))) * growth(threads)
  );
}

/** There are two chat models, and each graph may hold its weights twice: as stored, and as its matrix products need them. */
const COPIES_OF_WEIGHTS = 4;

/** The speed relative to a reference that is open at the same time; null: there is not enough memory for both. */
async function speedInTurn(
  chat: InFolder,
  reference: Reference,
  threads: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Pick<ChatMeasured, "tokensPerSecond" | "timesAsFast"> | null> {
  const { sizeBytes } = await readDescription(reference.folder);
  if (COPIES_OF_WEIGHTS * sizeBytes > freeMemoryBytes()) return null;
  const both = (threads: number, ratioOf: typeof ownRatio) =>
    withChat(reference, threads, (other) =>
      withChat(chat, threads, (decoder) => ratioOf(decoder, other, yieldToEventLoop)),
    );
  const timesAsFast = (await both(threads, undisturbedRatio)) ?? (await both(1, ownRatio));
  return timesAsFast && { tokensPerSecond: reference.tokensPerSecond * timesAsFast.value, timesAsFast };
}

async function withChat<T>(
  { model, folder }: InFolder,
  threads: number,
  use: (decoder: Decoder) => Promise<T>,
): Promise<T> {
  const decoder = await openChat(model, folder, threads);
  try {
    return await use(decoder);
  } finally {
    await decoder.close();
  }
}

/** A chat model's answers, and its scores of rows that the trained model was measured on. */
async function answersOf(
  model: Model,
  decoder: Decoder,
  { tokenizer, answered: rows = [], corrected = [], prompted = [], scored, onTokens }: Asked,
): Promise<Pick<ChatMeasured, "exactMatch" | "answered" | "corrected" | "prompted" | "scored">> {
  await preparePrompts(model, decoder);
  const answers = await answerRows(decoder, tokenizer, rows, onTokens);
  const answered = {
    exactMatch: exactMatchOf(answers),
    answered: answers,
    ...(prompted.length > 0 && { prompted: await answerRows(decoder, tokenizer, prompted, onTokens) }),
    ...(corrected.length > 0 && { corrected: await answerRows(decoder, tokenizer, corrected, onTokens) }),
  };
  if (!scored) return answered;
  const { precision, prompt } = decoder.description;
  const { rows: scoredRows, questions, texts } = scored;
  const evaluation = await evaluated(decoder, scoredRows, (tokens) => onTokens(tokens, 0));
  if (!evaluation) return answered;
  return {
    ...answered,
    scored: { precision, ...(prompt && { prompted: true }), questions, texts, evaluation },
  };
}

/** Rows as chat scores them; null if one is longer than the context. */
async function evaluated(
  decoder: Decoder,
  scored: ScoredRows,
  onTokens: (tokens: number) => Promise<void>,
): Promise<Evaluation | null> {
  const { contextLength } = decoder.description;
  if (scored.rows.some(({ ids }) => ids.length > contextLength)) return null;
  const nlls: Float32Array[] = [];
  for (const row of scored.rows) {
    nlls.push(await labelNlls(decoder, row));
    await onTokens(row.ids.length - 1);
  }
  return scored.evaluation(nlls, "f32");
}

/** Writes a model's chat model to `folder`, scores rows as chat does, and removes it. Null if one is longer than the context. */
export async function scoreInChat(
  model: Model,
  folder: string,
  threads: number,
  { rows, yieldToEventLoop, ...form }: ChatScoring,
): Promise<Evaluation | null> {
  try {
    await writeChat(model, folder, form);
    return await withChat({ model, folder }, threads, (decoder) =>
      evaluated(decoder, rows, yieldToEventLoop),
    );
  } finally {
    await remove(folder);
  }
}

interface ChatScoring extends ChatForm, Pick<ChatMeasuring, "yieldToEventLoop"> {
  readonly rows: ScoredRows;
}

/** The length of each answer when generating several together is timed. */
const TOGETHER_TOKENS = 16;

/** Tokens per second when a model's chat model answers many short prompts together; the chat model is written to `folder` meanwhile. */
export async function speedTogether(
  model: Model,
  tokenizer: Tokenizer,
  folder: string,
  { threads, chat: { precision } }: Pick<TrimPlan, "threads" | "chat">,
): Promise<number> {
  try {
    const { vocabularySize } = await writeChat(model, folder, { precision });
    return await withChat({ model, folder }, threads, async (decoder) => {
      const options = { ...GREEDY, maxTokens: TOGETHER_TOKENS, endIds: [] };
      const prompt = arbitraryTokens(MOST_ROWS, vocabularySize);
      const questions = prompt.map((id) => ({ prompt: [id], options }));
      let written = 0;
      const started = performance.now();
      await answerTogether(decoder, tokenizer, questions, {
        rows: MOST_ROWS,
        cancelled: () => false,
        onAnswer: (_, { tokens }) => (written += tokens),
      });
      return written / ((performance.now() - started) / 1000);
    });
  } finally {
    await remove(folder);
  }
}

/**
 * The folder with a model's chat model: inside its own folder if it has one of the requested precision, or if none is requested;
 * otherwise in `cacheFolder`, created there.
 */
export async function chatFolderOf(
  model: Model,
  cacheFolder: string,
  asked: Precision | undefined,
): Promise<string> {
  const own = await ownFolderOf(model, asked);
  if (own !== null) return own;
  const prompt = promptBeside(model);
  const hasPrompt = (found: Description) => prompt === null || found.prompt !== undefined;
  const precision = asked ?? defaultPrecision(model.config);
  const folder = join(cacheFolder, precision);
  const known = await readDescription(folder).catch(() => null);
  if (!known || !hasPrompt(known)) await writeChat(model, folder, { precision, prompt });
  return folder;
}
