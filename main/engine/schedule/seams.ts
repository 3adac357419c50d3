/** The seams of a cut: kept halves directly after which halves were dropped. */
import type { BlockKind } from "../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../native-models/model.ts";
import { blockName } from "../../../native-models/training/parts.ts";
import { halfStepsOf } from "../../../native-models/training/units.ts";
import type { HalfStep } from "../../../native-models/training/units.ts";

export interface Seam {
  /** The last half before it. */
  readonly half: HalfStep;
  /** The last of the halves that were dropped after it. */
  readonly dropped: HalfStep;
}

/** The seams of a cut, from the input on. Before the first kept half there is none: nothing there could be repaired. */
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

/** A kept half, and the dropped ones whose weights it takes in. */
export interface Receiver {
  readonly half: HalfStep;
  readonly dropped: readonly HalfStep[];
}

/** A seam, and the halves before it that take in what was dropped there; none if the dropped ones are of another kind. */
export interface Merge extends Seam {
  readonly receivers: readonly Receiver[];
}

/**
 * The merges of a cut, from the input on. A dropped half is merged into the last kept one before it that is the same half of a block, if
 * their blocks are of one kind. What is dropped before the first kept half is merged into nothing.
 */
export function mergesOf(
  kinds: readonly BlockKind[],
  before: readonly Kept[],
  after: readonly Kept[],
): Merge[] {
  const kept = new Set(halfStepsOf(after).map(nameOf));
  const steps = halfStepsOf(before);
  const isKept = (step: HalfStep) => kept.has(nameOf(step));
  return seamsOf(before, after).map(({ half, dropped }) => {
    const first = steps.findIndex((step) => nameOf(step) === nameOf(half)) + 1;
    const end = steps.findIndex((step) => nameOf(step) === nameOf(dropped)) + 1;
    const gone = steps.slice(first, end);
    const receivers = (["attention", "mlp"] as const).flatMap((section) => {
      const into = steps.slice(0, first).findLast((step) => step.section === section && isKept(step));
      if (!into) return [];
      const isAlike = (step: HalfStep) => step.section === section && kinds[step.block] === kinds[into.block];
      const alike = gone.filter(isAlike);
      return alike.length > 0 ? [{ half: into, dropped: alike }] : [];
    });
    return { half, dropped, receivers };
  });
}

const nameOf = ({ block, section }: HalfStep) => blockName(block, section);
