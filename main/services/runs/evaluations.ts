import { sql } from "kysely";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";
import { DepthResult } from "../../../preload/contract/runs/run.ts";
import type { DepthMetrics, Subject, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import type { EvaluatedSplit } from "../../database/schema.ts";

/** An evaluation of a run's model (`runId`), or of a separate one, on a split of a dataset. */
export interface EvaluationEntry {
  runId?: string;
  modelId?: number;
  datasetId?: number;
  subject: Subject;
  split: EvaluatedSplit;
  depth: DepthResult;
}

export interface EvaluationRecord {
  id: number;
  runId: string | null;
  modelId: number | null;
  datasetId: number | null;
  subject: Subject;
  split: EvaluatedSplit;
  createdAt: string;
  depth: DepthResult;
}

type ChatFigures = Pick<
  DepthMetrics,
  "tokensPerSecond" | "timesAsFast" | "sizeBytes" | "generated" | "rounding"
>;

/** Evaluations of models. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Evaluations {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Stores an evaluation; within a run, one of the same subject, split and depth replaces the previous one. */
  record({ runId, modelId, datasetId, subject, split, depth }: EvaluationEntry): void {
    const row = {
      runId: runId ?? null,
      modelId: modelId ?? null,
      datasetId: datasetId ?? null,
      subject,
      split,
      createdAt: now(),
      depth: JSON.stringify(depth),
    };
    this.#store.run(
      query
        .insertInto("evaluations")
        .values(row)
        .onConflict((same) =>
          same.columns(["runId", "subject", "split", "units", "healed"]).doUpdateSet(row),
        ),
    );
  }

  /** Copies the evaluations of the run `of` and of one of its depths to a run that repeats it on everything. */
  repeat(of: string, runId: string, { units, healed }: Pick<DepthMetrics, "units" | "healed">): void {
    const isRepeated = ({ subject, depth }: EvaluationRecord) =>
      subject === "base" ||
      subject === "tuned" ||
      (subject === "trimmed" && depth.units === units && depth.healed === healed);
    for (const { datasetId, subject, split, depth } of this.ofRun(of).filter(isRepeated))
      this.record({ runId, ...(datasetId !== null && { datasetId }), subject, split, depth });
  }

  /** Adds the last measurements of a run, those of each model as a chat model. */
  addChatFigures(runId: string, { base, tuned, control, depths }: TrimOutcome["metrics"]): void {
    const add = (subject: Subject, chat: ChatFigures, depth?: DepthMetrics) => {
      const { tokensPerSecond, timesAsFast = null, sizeBytes, generated = null, rounding = null } = chat;
      const json = (value: unknown) => sql`json(${JSON.stringify(value)})`;
      const figures = sql<string>`json_set(depth, '$.tokensPerSecond', ${tokensPerSecond}, '$.sizeBytes', ${sizeBytes},
        '$.timesAsFast', ${json(timesAsFast)}, '$.generated', ${json(generated)}, '$.rounding', ${json(rounding)})`;
      let rows = query
        .updateTable("evaluations")
        .set({ depth: figures })
        .where("runId", "=", runId)
        .where("subject", "=", subject);
      if (depth) rows = rows.where("units", "=", depth.units).where("healed", "=", depth.healed ? 1 : 0);
      this.#store.run(rows);
    };
    this.#store.transaction(() => {
      add("base", base);
      add("tuned", tuned);
      if (control) add("control", control);
      for (const depth of depths) add("trimmed", depth, depth);
    });
  }

  /** A run's evaluations, by subject and then from deep to shallow. */
  ofRun(runId: string): EvaluationRecord[] {
    return this.#read(
      evaluations.where("runId", "=", runId).orderBy("subject").orderBy("units", "desc").orderBy("id"),
    );
  }

  /** A model's evaluations outside runs, newest first. */
  ofModel(modelId: number): EvaluationRecord[] {
    return this.#read(
      evaluations
        .where("modelId", "=", modelId)
        .where("runId", "is", null)
        .orderBy("createdAt", "desc")
        .orderBy("id", "desc"),
    );
  }

  #read(rows: typeof evaluations): EvaluationRecord[] {
    return this.#store.all(rows).map((row) => ({ ...row, depth: DepthResult.parse(JSON.parse(row.depth)) }));
  }
}

const evaluations = query
  .selectFrom("evaluations")
  .select(["id", "runId", "modelId", "datasetId", "subject", "split", "createdAt", "depth"]);
