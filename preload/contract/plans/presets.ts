/** Depths by name, and which of them suits the data. */
import { rowCount } from "../data/data.ts";
import type { DatasetReport } from "../data/data.ts";

/** As shares of all blocks. */
export const presets = { half: 0.5, careful: 0.8 } as const;
export type Preset = keyof typeof presets;

/**
 * The depth that suits the data: half where most rows that measure it are questions with choices; careful where answers are written, which
 * loses much at half depth. Questions that were made of documents' gaps count as written: what is learnt are texts.
 */
export function suitedTo({ splits: { valid, test } }: Pick<DatasetReport, "splits">): Preset {
  const measured = rowCount(valid) > 0 ? valid : test;
  const questions = measured?.made === "cloze" ? 0 : (measured?.questions ?? 0);
  return 2 * questions < rowCount(measured) ? "careful" : "half";
}
