/** The streams that merging and repairing aim to restore. */
import type { Kept } from "../../../../native-models/model.ts";
import type { Batch } from "../../../../native-models/training/batch.ts";
import type { Trainee } from "../../../../native-models/training/trainee.ts";
import type { Seam } from "../../schedule/seams.ts";

interface BeforeCut {
  readonly stack: Trainee;
  readonly before: readonly Kept[];
  /** Called after each pass of some tokens. */
  readonly onTokens: (tokens: number) => Promise<void>;
}

/** The stream [tokens, D] after the last dropped half at each seam, by batch and seam, in the model before the cut. */
export async function streamsBefore(
  { stack, before, onTokens }: BeforeCut,
  batches: readonly Batch[],
  seams: readonly Seam[],
): Promise<Float32Array[][]> {
  const dropped = seams.map((seam) => seam.dropped);
  const targets: Float32Array[][] = [];
  for (const batch of batches) {
    const streams = await stack.streamsAround(batch, before, dropped);
    targets.push(streams.map(({ after }) => after));
    await onTokens(batch.tokens.length);
  }
  return targets;
}
