/** Redundant information in a GGUF file must agree, and sizes used as divisors must not be 0. */
import type { Weight } from "../../weights.ts";
import type { FileBytes } from "../bytes.ts";
import { stringsOf } from "../string-list.ts";
import { tensorSection } from "../tensor-file.ts";
import type { MetadataValue } from "../tensor-file.ts";

/** Without the architecture's prefix. Some architectures have a list instead, one number per layer. */
const POSITIVE_SIZES = [
  "block_count",
  "embedding_length",
  "feed_forward_length",
  "attention.head_count",
  "attention.head_count_kv",
];

const EMBEDDING = "token_embd.weight";
const TOKENS = "tokenizer.ggml.tokens";

/** Throws `corrupt-file` if metadata and tensors contradict each other. */
export function refuseContradictions(
  file: FileBytes,
  metadata: ReadonlyMap<string, MetadataValue>,
  tensors: ReadonlyMap<string, Weight>,
): void {
  const architecture = metadata.get("general.architecture");
  for (const size of POSITIVE_SIZES) {
    const key = `${String(architecture)}.${size}`;
    const value = metadata.get(key);
    if (value !== undefined && typeof value !== "object" && !(typeof value === "number" && value >= 1)) {
      file.corrupt(
        `metadata "${key}"`,
        `it is ${String(value).slice(0, 100)}, where a positive number must be`,
      );
    }
  }
  const tokens = stringsOf(metadata.get(TOKENS));
  const embedding = tensors.get(EMBEDDING);
  if (tokens && embedding && tokens.length !== embedding.rows) {
    file.corrupt(tensorSection(EMBEDDING), `it has ${embedding.rows} rows for ${tokens.length} tokens`);
  }
}
