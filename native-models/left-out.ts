/** What a file contains in addition to the language model, which is all that is read. */

/** Blocks that predict a token ahead (multi-token prediction), and what reads images or sound. */
export const LEFT_OUT = ["next-token", "images", "sound"] as const;
export type SkippedPart = (typeof LEFT_OUT)[number];

const PATTERNS: Readonly<Record<SkippedPart, RegExp>> = {
  "next-token": /(^|\.)(mtp|nextn)\./,
  images: /(^|\.)(vision_tower|vision_model|visual|multi_modal_projector|mm_projector|embed_vision)\./,
  sound: /(^|\.)(audio_tower|audio_model|embed_audio)\./,
};

/** The block of a weight, in the names of either format. */
const BLOCK = /^(?:blk|(?:model\.)?(?:language_model\.)?(?:model\.)?layers)\.(\d+)\./;

/** Finds these by the names of a file's tensors; blocks after the model's own are for multi-token prediction. */
export function leftOut(names: Iterable<string>, blocks: number): SkippedPart[] {
  const found = new Set<SkippedPart>();
  for (const name of names) {
    if (Number(BLOCK.exec(name)?.[1] ?? -1) >= blocks) found.add("next-token");
    for (const kind of LEFT_OUT) if (PATTERNS[kind].test(name)) found.add(kind);
  }
  return LEFT_OUT.filter((kind) => found.has(kind));
}
