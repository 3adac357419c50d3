/** The answers and texts that a model was trained on, in which drafts of its answers are looked up (native-models/inference/lookup.ts). */
import { statSync } from "node:fs";
import { join } from "node:path";
import { readSplit, SPLIT_FILES } from "../../documents/stored/split-files.ts";
import { Lookup } from "../../../native-models/inference/lookup.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { yieldToEventLoop } from "../job-control.ts";

/** A larger file would take more memory and time than drafts save. */
const MOST_BYTES = 32 * 2 ** 20;
/** About 1 MB of text, and 20 MB of memory. */
const MOST_TOKENS = 250_000;
const PIECE_CHARACTERS = 4000;

/**
 * A lookup of a data set's training answers, which fills while answers are written, until `isClosed`. Without the data set it stays empty:
 * it only saves time.
 */
export function learntTexts(folder: string, tokenizer: Tokenizer, isClosed: () => boolean): Lookup {
  const lookup = new Lookup("learnt");
  void fill(lookup, folder, tokenizer, isClosed).catch(() => {});
  return lookup;
}

async function fill(
  lookup: Lookup,
  folder: string,
  tokenizer: Tokenizer,
  isClosed: () => boolean,
): Promise<void> {
  await yieldToEventLoop();
  if (statSync(join(folder, SPLIT_FILES.train)).size > MOST_BYTES) return;
  for (const { completion } of readSplit(folder, "train")?.examples ?? [])
    for (let first = 0; first < completion.length; first += PIECE_CHARACTERS) {
      if (isClosed() || lookup.length > MOST_TOKENS) return;
      lookup.add(tokenizer.encode(completion.slice(first, first + PIECE_CHARACTERS)));
      await yieldToEventLoop();
    }
}
