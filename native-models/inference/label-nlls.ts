/** The NLLs of a row's labels under a chat model, in the same order as in a training batch. */
import { labelPlaces } from "../training/batch.ts";
import type { TokenRow } from "../training/batch.ts";
import type { Decoder } from "./decoder.ts";
import { keepCommon } from "./generate.ts";
import { logSumExp } from "./log-sum-exp.ts";

/** Logits of this many tokens are in memory at a time. */
const LOGITS_TOKENS = 32;

/**
 * Reads a row as chat would read its prompt and answer. Returns the NLLs, in nats, of its labels, then of the alternatives to the
 * last one. Tokens that the decoder has read of an earlier row are not read again. Throws `context-full`.
 */
export async function labelNlls(decoder: Decoder, row: TokenRow): Promise<Float32Array> {
  const { vocabularySize } = decoder.description;
  const { ids, alternatives = [] } = row;
  const places = labelPlaces(row);
  const isLabel = new Set(places);
  const read = ids.slice(0, -1);
  const end = Math.max(0, (places[0] ?? ids.length) - decoder.promptEnd); // read together, as `generate` reads a prompt's end
  const kept = keepCommon(decoder, read.slice(0, end));
  if (kept < end) await decoder.read(read.slice(kept, end));
  const nlls: number[] = [];
  for (let first = end; first < read.length; first += LOGITS_TOKENS) {
    const piece = read.slice(first, first + LOGITS_TOKENS);
    const logits = await decoder.readAll(piece); // [piece, V]
    for (const index of piece.keys()) {
      const label = first + index + 1;
      if (!isLabel.has(label)) continue;
      const next = logits.subarray(index * vocabularySize, (index + 1) * vocabularySize);
      const normaliser = logSumExp(next);
      const labels = label === ids.length - 1 ? [ids[label]!, ...alternatives] : [ids[label]!];
      for (const id of labels) nlls.push(normaliser - next[id]!);
    }
  }
  return Float32Array.from(nlls);
}
