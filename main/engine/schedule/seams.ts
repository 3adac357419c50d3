/** Where a cut leaves a seam: a kept half, directly after which halves were dropped. */
import type { Kept } from "../../../native-models/model.ts";
import { halfStepsOf } from "../../../native-models/training/units.ts";
import type { HalfStep } from "../../../native-models/training/units.ts";

export interface Seam {
  /** The last half before it. */
  readonly half: HalfStep;
  /** The last of the halves that were dropped after it. */
  readonly dropped: HalfStep;
}

/** The seams of a cut, from the input on. One before the first kept half has nothing that could be repaired. */
export function seamsOf(before: readonly Kept[], after: readonly Kept[]): Seam[] {
  const kept = halfStepsOf(after);
  const isKept = ({ block, section }: HalfStep) =>
    kept.some((step) => step.block === block && step.section === section);
  const seams: Seam[] = [];
  let half: HalfStep | null = null;
  for (const step of halfStepsOf(before)) {
    if (isKept(step)) half = step;
    else if (half && seams.at(-1)?.half === half) seams[seams.length - 1] = { half, dropped: step };
    else if (half) seams.push({ half, dropped: step });
  }
  return seams;
}
