/** The chat model of a model: its place, its speed, its answers. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../../../native-models/evaluation/statistics.ts";
import { fail } from "../../../native-models/failure.ts";
import { answerTogether } from "../../../native-models/inference/answer-together.ts";
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
  readDescription,
  writeInferenceModel,
} from "../../../native-models/inference/write-model.ts";
import type { Description } from "../../../native-models/inference/write-model.ts";
import type { Model } from "../../../native-models/model.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import { shown } from "../../../native-models/shown.ts";
import { writePrompt } from "../../../native-models/inference/write-prompt.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Evaluation } from "../../../preload/contract/run.ts";
import type { ChatMeasured } from "../schedule/operations.ts";
import type { AskedRows } from "./asked-rows.ts";
import type { ScoredRows } from "./evaluate.ts";
import { answerRows, exactMatchOf, GREEDY } from "./generated-answers.ts";
import { startTiming } from "./own-time.ts";
import type { Spent } from "./own-time.ts";
import { promptBeside } from "./prompt-file.ts";

/** The folder of the chat model inside a model's folder. */
export const CHAT_FOLDER = "onnx";

/**
 * Decoding is timed over this many tokens, again and again for at least so long, since the system counts processor time in
 * hundredths of a second; the median of so many timings counts. COPPICE_TIMED_SECONDS, if set, is another duration: tests of all that
 * is not a speed set a short one.
 */
const TIMED_TOKENS = 48;
const TIMED_SECONDS = 0.25;
const TIMINGS = 3;

/** What a chat model is asked besides its speed. */
export interface Asked extends Partial<AskedRows> {
  readonly tokenizer: Tokenizer;
  /** Called as it reads and writes tokens. */
  readonly onTokens: (read: number, written: number) => Promise<void>;
}

/**
 * Opens a chat model on the processor: the native decoder, if that is here and has all operations of the model, otherwise the graph.
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

/** Refuses a folder whose description names what the model does not have, so that no decoder looks for it. Throws `corrupt-file`. */
function checkRaised(model: Model, folder: string, { raised }: Layout): void {
  if (!raised) return;
  const known = new Set(productsOf(model).map(({ name }) => name));
  const unknown = raised.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const reason = `it gives more bits to "${shown(unknown)}", which is no projection of this model`;
  fail({ code: "corrupt-file", path: join(folder, DESCRIPTION_FILE), section: "description", reason });
}

/**
 * Lets a graph on the processor use a prompt graph, if the model is small enough to spare the memory; the native decoder needs none. It
 * takes a second, and starts once the caller has continued. Throws the errors of reading the chat weights.
 */
export async function preparePrompts(model: Model, decoder: Decoder): Promise<void> {
  const { description } = decoder;
  if (decoder.isNative || !isNarrow(model.config) || description.precision === "fp32") return;
  const largest = await largestFactor();
  if (largest) await decoder.usePromptGraph(graphForPrompts(model, description, largest));
}

/** How a model's chat model is made. */
export interface ChatForm {
  /** By the model's width by default. */
  readonly precision?: Precision | undefined;
  /** Products that keep 8 bits in int4 (native-models/inference/products.ts). */
  readonly raised?: readonly string[] | undefined;
  /** The vectors of a recovery prompt. */
  readonly prompt?: Float32Array | null;
}

interface ChatMeasuring extends ChatForm {
  readonly breathe: () => Promise<void>;
  readonly asked?: Asked | null;
}

/** Writes a model's chat model, with a recovery prompt if it has one. Throws as `writeInferenceModel` and `writePrompt`. */
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

/** Writes a model's chat model to `folder`, measures it there, and removes it. */
export async function measureChatModel(
  model: Model,
  folder: string,
  threads: number,
  { breathe, asked = null, ...form }: ChatMeasuring,
): Promise<ChatMeasured> {
  try {
    const { sizeBytes } = await writeChat(model, folder, form);
    const { undisturbed, ...answers } = await withChat(model, folder, threads, async (decoder) => ({
      undisturbed: await undisturbedSpeed(decoder, breathe),
      ...(asked ? await askedOf(model, decoder, asked) : { exactMatch: null }),
    }));
    const alone = () => withChat(model, folder, 1, (decoder) => ownSpeed(decoder, breathe));
    const tokensPerSecond = undisturbed ?? (await alone()) * growth(threads);
    return { tokensPerSecond, sizeBytes, ...answers };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withChat<T>(
  model: Model,
  folder: string,
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
async function askedOf(
  model: Model,
  decoder: Decoder,
  { tokenizer, answered: rows = [], corrected = [], scored, onTokens }: Asked,
): Promise<Pick<ChatMeasured, "exactMatch" | "answered" | "corrected" | "scored">> {
  await preparePrompts(model, decoder);
  const answers = await answerRows(decoder, tokenizer, rows, onTokens);
  const answered = {
    exactMatch: exactMatchOf(answers),
    answered: answers,
    ...(corrected.length > 0 && { corrected: await answerRows(decoder, tokenizer, corrected, onTokens) }),
  };
  if (!scored) return answered;
  const { precision } = decoder.description;
  const { rows: scoredRows, questions, texts } = scored;
  const evaluation = await evaluated(decoder, scoredRows, (tokens) => onTokens(tokens, 0));
  return evaluation ? { ...answered, scored: { precision, questions, texts, evaluation } } : answered;
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
  { rows, breathe, ...form }: ChatScoring,
): Promise<Evaluation | null> {
  try {
    await writeChat(model, folder, form);
    return await withChat(model, folder, threads, (decoder) => evaluated(decoder, rows, breathe));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface ChatScoring extends ChatForm, Pick<ChatMeasuring, "breathe"> {
  readonly rows: ScoredRows;
}

/** Tokens per second; null if other programs disturbed every timing. */
async function undisturbedSpeed(decoder: Decoder, breathe: () => Promise<void>): Promise<number | null> {
  const speeds = (await timings(decoder, breathe))
    .filter(({ isDisturbed }) => !isDisturbed)
    .map(({ tokens, seconds }) => tokens / seconds);
  return speeds.length > 0 ? median(speeds) : null;
}

/**
 * Tokens per second of processor time, which other programs hardly change. Of a decoder with one thread: several wait actively for
 * each other, the more of it the more others run.
 */
async function ownSpeed(decoder: Decoder, breathe: () => Promise<void>): Promise<number> {
  return median((await timings(decoder, breathe)).map(({ tokens, own }) => tokens / own));
}

/**
 * What so many threads do in the time of one, about: decoding reads weights, and all threads share one memory. Two did 1.27 × as much
 * (docs/benchmarks.md, cores).
 */
function growth(threads: number): number {
  return Math.sqrt(threads);
}

async function timings(
  decoder: Decoder,
  breathe: () => Promise<void>,
): Promise<(Spent & { readonly tokens: number })[]> {
  const { vocabularySize } = decoder.description;
  const ids = arbitraryTokens(32, vocabularySize);
  const timedMs = Number(process.env["COPPICE_TIMED_SECONDS"] ?? TIMED_SECONDS) * 1000;
  const found: (Spent & { tokens: number })[] = [];
  await decoder.read(ids);
  for (let timing = 0; timing < TIMINGS; timing++) {
    const [started, spent] = [performance.now(), startTiming()];
    let tokens = 0;
    do {
      decoder.truncate(ids.length);
      for (let i = 0; i < TIMED_TOKENS; i++) await decoder.read([ids[i % ids.length]!]);
      tokens += TIMED_TOKENS;
    } while (performance.now() - started < timedMs);
    found.push({ ...spent(), tokens });
    await breathe();
  }
  return found;
}

/** Of each of the answers by which writing together is timed. */
const TOGETHER_TOKENS = 16;

/** Tokens per second of many answers that a model's chat writes together, to short prompts; `folder` is for the chat model. */
export async function speedTogether(
  model: Model,
  tokenizer: Tokenizer,
  folder: string,
  { threads, chat: { precision } }: Pick<TrimPlan, "threads" | "chat">,
): Promise<number> {
  try {
    const { vocabularySize } = await writeChat(model, folder, { precision });
    return await withChat(model, folder, threads, async (decoder) => {
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
    await rm(folder, { recursive: true, force: true });
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
  const own = join(model.path, CHAT_FOLDER);
  const prompt = promptBeside(model);
  const hasPrompt = (found: Description) => prompt === null || found.prompt !== undefined;
  const present = await readDescription(own).catch(() => null);
  if (present && (asked === undefined || present.precision === asked)) return own;
  const precision = asked ?? defaultPrecision(model.config);
  const folder = join(cacheFolder, precision);
  const known = await readDescription(folder).catch(() => null);
  if (!known || !hasPrompt(known)) await writeChat(model, folder, { precision, prompt });
  return folder;
}
