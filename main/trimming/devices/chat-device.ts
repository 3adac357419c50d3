/** Whether a device's answers match the processor's: the same graph over the same weights, on both. */
import { arbitraryTokens } from "../../../native-models/inference/arbitrary-tokens.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import type { DecoderOptions } from "../../../native-models/inference/decoder.ts";
import type { DeviceProblem } from "../../../preload/contract/plans/device.ts";
import { differing, problemIn } from "./device-check.ts";

const PROMPT_TOKENS = 12;
/** Tokens after the prompt, each the processor's most likely. */
const ANSWER_TOKENS = 4;

/**
 * A decoder on the device that `options` name, if its results for a short prompt match the processor's, or the problem with it.
 * Throws what opening the folder on the processor throws.
 */
export async function decoderOn(
  folder: string,
  options: DecoderOptions,
): Promise<{ decoder: Decoder } | { problem: DeviceProblem }> {
  const { ids, logits: expected } = await saidByProcessor(folder, options);
  let decoder: Decoder | undefined;
  try {
    decoder = await Decoder.open(folder, options);
    const problem = differing(worstDifference(await read(decoder, ids), expected));
    decoder.truncate(0);
    if (problem === null) return { decoder };
    await decoder.close();
    return { problem };
  } catch (error) {
    await decoder?.close();
    return { problem: problemIn(error) };
  }
}

/** A prompt and its continuation, both for another device to read, and the processor's logits after the prompt and after each token. */
async function saidByProcessor(folder: string, { graph, threads }: DecoderOptions) {
  const decoder = await Decoder.open(folder, { threads, ...(graph && { graph }) });
  try {
    const { vocabularySize, contextLength } = decoder.description;
    const length = Math.min(PROMPT_TOKENS, contextLength - ANSWER_TOKENS);
    const ids = [arbitraryTokens(length, vocabularySize)];
    const logits = [await decoder.read(ids[0]!)];
    for (let i = 0; i < ANSWER_TOKENS; i++) {
      ids.push([likeliest(logits.at(-1)!)]);
      logits.push(await decoder.read(ids.at(-1)!));
    }
    return { ids, logits };
  } finally {
    await decoder.close();
  }
}

/** The logits after each of these pieces. */
async function read(decoder: Decoder, ids: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const logits: Float32Array[] = [];
  for (const piece of ids) logits.push(await decoder.read(piece));
  return logits;
}

const likeliest = (logits: Float32Array) =>
  logits.reduce((best, logit, id) => (logit > logits[best]! ? id : best), 0);

function worstDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const differences = expected.map((logits, step) => {
    const largest = logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
    return (
      logits.reduce((worst, logit, id) => Math.max(worst, Math.abs(logit - actual[step]![id]!)), 0) / largest
    );
  });
  return Math.max(...differences);
}
