import type { Evaluation } from "../../../preload/contract/runs/run.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import type { Measured } from "./operations.ts";

/** A depth that the run reached: how to restore it, and its quality. */
export interface Depth {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly healed: boolean;
  readonly measured: Measured;
  /** On the validation rows, by which a depth is chosen. */
  readonly validated: Evaluation;
}
