/** A run's units as a strip in a list. */
import type { LibraryRun } from "../../preload/contract/calls/library.ts";

/** One state per unit; empty before the base was measured. */
export function coreOf({ units, kept }: Pick<LibraryRun, "units" | "kept">): ("kept" | "cut")[] {
  if (units === null) return [];
  const left = kept && new Set(kept);
  return Array.from({ length: units }, (_, unit) => (!left || left.has(unit) ? "kept" : "cut"));
}
