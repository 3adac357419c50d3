/** What a run says about itself while it trains, besides its figures. */
import type { Said } from "../../../native-models/codes.ts";
import type { DeviceProblem } from "../plans/device.ts";
import type { UnitKind } from "../plans/plan.ts";

export interface RunLog {
  "earlier-trainer": null;
  elsewhere: null;
  "no-graphics": { problem: DeviceProblem };
  /** On processors of this kind, int8 products are not exact; other devices have none. */
  "no-int8": { device: "cpu" | "other" };
  /** `share`: of all training of a run that waited, of what is left of one that was paused; null: it will be late. */
  "less-time": { why: "waited" | "paused"; doneBy: string; share: number | null };
  /** A round, or an epoch of tuning, that the time limit leaves out. */
  "no-time": { name: string };
  "rows-in-time": { rows: number; of: number; name: string };
  "trained-parts": { full: number; adapters: number };
  "best-epoch": { epoch: number };
  /** `byLikelihood`: instead of right answers, of which there were none to count. */
  dropped: {
    round: number;
    unit: UnitKind;
    units: readonly number[];
    scorer: string;
    byLikelihood: boolean;
  };
  "timed-alone": { blocks: number };
}
export type LogLine = Said<RunLog>;
