/** A text as a vector, by which texts of similar content are found. */
import { fail } from "../failure.ts";
import type { Decoder } from "./decoder.ts";

/**
 * The vector of a text: the mean of its tokens' hidden states after the last norm, divided by its Euclidean length [D]. A chat model's
 * vectors are weaker than those of a model that was trained for search. Only for a native decoder, which forgets its own text. Throws
 * `context-full`, `cancelled`.
 */
export async function embedding(
  decoder: Decoder,
  ids: readonly number[],
  cancelled: () => Promise<boolean>,
): Promise<Float32Array> {
  const { hiddenSize: width } = decoder;
  const sum = new Float64Array(width);
  decoder.truncate(0);
  for await (const states of decoder.hidden(ids)) {
    states.forEach((value, at) => (sum[at % width]! += value));
    if (await cancelled()) fail({ code: "cancelled" });
  }
  decoder.truncate(0); // so that the next text takes this decoder, and not one with a conversation
  const length = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => value / length);
}
