/** The NLLs of a row's labels under a chat model, in the same order as in a training batch. */
import { labelPlaces } from "../training/batch.ts";
import type { TokenRow } from "../training/batch.ts";
import type { Decoder } from "./decoder.ts";
import { keepCommon } from "./generate.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { logitsAfterEach } from "./token-scores.ts";

/**
 * Reads a row as chat would read its prompt and answer. Returns the NLLs, in nats, of its labels, then of the alternatives to the
 * last one. Tokens that the decoder has read of an earlier row are not read again. Throws `context-full`.
 */
export async function labelNlls(decoder: Decoder, row: TokenRow): Promise<Float32Array> {
  const { ids, alternatives = [] } = row;
  const places = labelPlaces(row);
  const isLabel = new Set(places);
  const read = ids.slice(0, -1);
  const end = Math.max(0, (places[0] ?? ids.length) - decoder.promptEnd); // read together, as `generate` reads a prompt's end
  const kept = keepCommon(decoder, read.slice(0, end));
  if (kept < end) await decoder.read(read.slice(kept, end));
  const nlls: number[] = [];
  for await (const { index, logits } of logitsAfterEach(decoder, read.slice(end))) {
    const label = end + index + 1;
    if (!isLabel.has(label)) continue;
    const normaliser = logSumExp(logits);
    const labels = label === ids.length - 1 ? [ids[label]!, ...alternatives] : [ids[label]!];
    for (const id of labels) nlls.push(normaliser - logits[id]!);
  }
  return Float32Array.from(nlls);
}
