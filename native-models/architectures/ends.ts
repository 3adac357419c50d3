/** The weights around the blocks in most families. */
import type { Ends, Norm } from "./architecture.ts";

const EMBEDDING = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";

/** Upstream's usual names; a scaled embedding, and scaled or capped logits, if requested. */
export function usualEnds(
  norm: Norm,
  tied: boolean,
  {
    embeddingScale = 1,
    logitScale = 1,
    logitCap = null,
  }: { embeddingScale?: number; logitScale?: number; logitCap?: number | null } = {},
): Ends {
  return {
    embedding: { name: EMBEDDING, scale: embeddingScale },
    norm,
    head: { name: tied ? EMBEDDING : HEAD, scale: logitScale, cap: logitCap },
  };
}
