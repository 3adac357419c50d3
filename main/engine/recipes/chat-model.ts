/** The chat model of a model: its place, its speed, its share of exact matches. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promptIds } from "../../../native-models/chat-template.ts";
import { isExactMatch } from "../../../native-models/evaluation/exact-match.ts";
import { accuracyOf, median } from "../../../native-models/evaluation/statistics.ts";
import type { Accuracy } from "../../../native-models/evaluation/statistics.ts";
import type { Example } from "../../../native-models/evaluation/choices.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { generate } from "../../../native-models/inference/generate.ts";
import { defaultPrecision, isNarrow } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { graphForPrompts } from "../../../native-models/inference/whole-model-graph.ts";
import {
  hasInferenceModel,
  readDescription,
  writeInferenceModel,
} from "../../../native-models/inference/write-model.ts";
import type { Model } from "../../../native-models/model.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { startOwnTime } from "./own-time.ts";

/** The folder of the chat model inside a model's folder. */
export const CHAT_FOLDER = "onnx";

export const GREEDY = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0, stop: [] } as const;

/**
 * Decoding is timed over this many tokens, again and again for at least so long, since the system counts processor time in
 * hundredths of a second; the median of so many timings counts.
 */
const TIMED_TOKENS = 48;
const TIMED_SECONDS = 0.25;
const TIMINGS = 3;

/** Longer answers are not expected to match exactly. */
const LONGEST_EXACT_TOKENS = 32;
const MOST_EXACT_EXAMPLES = 100;
const SPARE_ANSWER_TOKENS = 8;

export interface ChatMeasure {
  readonly tokensPerSecond: number;
  readonly sizeBytes: number;
  /** For greedy answers to short free-text examples; null if there are none. */
  readonly exactMatch: Accuracy | null;
}

/**
 * Opens a chat model on the processor: the native decoder, if that is here and has all operations of the model, otherwise the graph.
 * Throws the errors of `Decoder.open`.
 */
export function openChat(model: Model, folder: string, threads: number): Promise<Decoder> {
  return Decoder.open(folder, { threads, steps: (layout) => stepsOf(model, layout) });
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

/** Writes a model's chat model to `folder` in chat's precision, measures it there, and removes it. */
export async function measureChatModel(
  model: Model,
  tokenizer: Tokenizer,
  folder: string,
  threads: number,
  examples: readonly Example[],
  breathe: () => Promise<void>,
): Promise<ChatMeasure> {
  try {
    const { sizeBytes } = await writeInferenceModel(model, folder);
    const decoder = await openChat(model, folder, threads);
    try {
      const tokensPerSecond = await decodingSpeed(decoder, threads, breathe);
      return {
        tokensPerSecond,
        sizeBytes,
        exactMatch: await exactMatches(decoder, tokenizer, examples, breathe),
      };
    } finally {
      await decoder.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tokens per second, as if no other program used the processor. */
async function decodingSpeed(
  decoder: Decoder,
  threads: number,
  breathe: () => Promise<void>,
): Promise<number> {
  const { vocabularySize } = decoder.description;
  const ids = Array.from({ length: 32 }, (_, i) => (i * 7919 + 11) % vocabularySize);
  const speeds: number[] = [];
  await decoder.read(ids);
  for (let timing = 0; timing < TIMINGS; timing++) {
    const [started, seconds] = [performance.now(), startOwnTime(threads)];
    let tokens = 0;
    do {
      decoder.truncate(ids.length);
      for (let i = 0; i < TIMED_TOKENS; i++) await decoder.read([ids[i % ids.length]!]);
      tokens += TIMED_TOKENS;
    } while (performance.now() - started < TIMED_SECONDS * 1000);
    speeds.push(tokens / seconds());
    await breathe();
  }
  return median(speeds);
}

/** The examples whose answer is expected to match exactly, with its length in tokens. */
function shortExamples(
  tokenizer: Tokenizer,
  examples: readonly Example[],
): (Example & { readonly tokens: number })[] {
  return examples
    .map((example) => ({ ...example, tokens: tokenizer.encode(example.completion).length }))
    .filter(({ prompt, tokens }) => prompt.length > 0 && tokens <= LONGEST_EXACT_TOKENS)
    .slice(0, MOST_EXACT_EXAMPLES);
}

/** The tokens that measuring a chat model reads, and at most writes, for each example that it answers. */
export function answersAsked(
  tokenizer: Tokenizer,
  examples: readonly Example[],
): { prompt: number; answer: number }[] {
  return shortExamples(tokenizer, examples).map(({ prompt, special, tokens }) => ({
    prompt: promptIds(tokenizer, prompt, special).length,
    answer: tokens + SPARE_ANSWER_TOKENS,
  }));
}

async function exactMatches(
  decoder: Decoder,
  tokenizer: Tokenizer,
  examples: readonly Example[],
  breathe: () => Promise<void>,
): Promise<Accuracy | null> {
  const short = shortExamples(tokenizer, examples);
  const matches: boolean[] = [];
  for (const { prompt, completion, special, tokens } of short) {
    let answer = "";
    const ids = promptIds(tokenizer, prompt, special);
    if (ids.length + tokens >= decoder.description.contextLength) continue;
    const options = { ...GREEDY, maxTokens: tokens + SPARE_ANSWER_TOKENS, endIds: tokenizer.eosIds };
    await generate(decoder, tokenizer, ids, options, (text) => (answer += text));
    matches.push(isExactMatch(answer, completion));
    await breathe();
  }
  return accuracyOf(matches);
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
  const present = await readDescription(own).catch(() => null);
  if (present && (asked === undefined || present.precision === asked)) return own;
  const precision = asked ?? defaultPrecision(model.config);
  const folder = join(cacheFolder, precision);
  if (!(await hasInferenceModel(folder))) await writeInferenceModel(model, folder, { precision });
  return folder;
}
