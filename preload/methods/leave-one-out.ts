/** Scoring a unit by leaving it out. */
import type { Scan, ScorerSpec } from "./method.ts";

/** The passes if each unit is left out in turn: only the layers above it are computed again, half of the blocks on average. */
export const leaveOneOut = ({ units, blocks }: Scan): ReturnType<ScorerSpec["passes"]> => ({
  kind: "scan",
  passes: units,
  blocks: blocks / 2,
});
