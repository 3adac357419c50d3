/** What a method does in a run; preload/methods/method.ts has what it declares. */
import type { Config } from "../../../native-models/architectures/architecture.ts";
import type { Model } from "../../../native-models/model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { Journal } from "../journal/checkpoint.ts";
import type { JobContext } from "../job-control.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import type { Scored } from "../scoring/scan.ts";
import type { CalibrationRow } from "../evaluation/held-out-rows.ts";
import type { Encoder, TrainingExample } from "../rows/rows.ts";

/** The training rows that a method may change. */
export interface TrainingRows {
  readonly plan: TrimPlan;
  readonly encoder: Encoder;
  readonly examples: readonly TrainingExample[];
  /** Whether held-out rows have questions with choices. */
  readonly hasChoices: boolean;
  /** Of the model. */
  readonly maxPositions: number;
}

/** Scores the units of a model; those of the smallest scores are dropped. */
export interface ScorerMethod {
  readonly kind: "scorer";
  score(scored: Scored): Promise<UnitScore[]>;
}

interface Working {
  /** Called often; it may wait. Throws `cancelled`. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** A folder that stays until the run is done, so that a stopped run goes on. */
  readonly folder: string;
  /** A folder that is removed when the method ends, or the next time the run starts. */
  readonly workFolder: string;
}

export interface RowsContext extends TrainingRows, Working {
  /** As the methods before made them. */
  readonly rows: readonly TokenRow[];
  /** The rows that are taught, if there is no time for all. */
  readonly taught: ReadonlySet<number> | undefined;
  readonly tokenizer: Tokenizer;
  /** The tuned whole model. */
  readonly tuned: () => Promise<Model>;
  /** Tokens that the tuned model has read and written. */
  readonly wrote: (read: number, written: number) => void;
  /** What was kept in `folder` is damaged, and is made again. */
  readonly damaged: () => void;
}

/** Changes rows. A resumed run does it again, from what was kept in its folder. */
export interface RowsMethod<S, R> {
  readonly kind: "rows";
  /** What the tuned model would read and write for it, with all rows. */
  writing?(rows: TrainingRows, settings: S): PlannedTokens["writing"][string];
  change(context: RowsContext, settings: S): Promise<{ rows: readonly TokenRow[]; result: R }>;
}

export interface ChatContext extends Working {
  readonly plan: TrimPlan;
  /** The plan's model: for an improvement, the one that is improved. */
  readonly before: Model;
  /** The model of the depth. */
  readonly model: Model;
  readonly training: readonly TokenRow[];
  readonly calibration: readonly CalibrationRow[];
  readonly batcher: Batcher;
  readonly journal: Journal;
  readonly job: JobContext<RunEvent>;
  /** Work done, in passes of one token through one block. */
  readonly worked: (work: number) => void;
}

/** Gives a depth something that its chat model has. The depth is null if there is nothing to try. */
export interface ChatMethod<S, R> {
  readonly kind: "chat";
  /** Throws `unsuited-model` if a model cannot have it. */
  check?(config: Pick<Config, "blocks">): void;
  change(depth: Snapshot, context: ChatContext, settings: S): Promise<{ depth: Snapshot | null; result: R }>;
}
