import { sql } from "kysely";
import type { Selectable, Updateable } from "kysely";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { Accuracy, RunEvent } from "../../../preload/contract/runs/run.ts";
import type { RunState, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { Batch } from "../../database/batch.ts";
import type { MetricsTable, PauseReason, RunsTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { Verdict } from "../../../preload/contract/runs/verdicts.ts";
import { now, secondsBetween } from "../../database/time.ts";
import { Timing } from "../plans/timing.ts";
import type { Evaluations } from "./evaluations.ts";
import { frequentEvents, writeEvent } from "./run-events.ts";
import { makeRunId } from "./run-id.ts";

/** A run in a list. */
export interface RunSummary extends Omit<
  Selectable<RunsTable>,
  "plan" | "timing" | "failure" | "tags" | "finishing" | "onBattery" | "result"
> {
  failure: Failure | null;
  tags: string[];
}

export interface RunRecord extends RunSummary {
  plan: TrimPlan;
}

/** The data of a new run besides its plan. Its id begins with `name`, which a person may choose. */
export interface RunOptions {
  name: string;
  modelId?: number;
  datasetId?: number;
  /** The folder for its trimmed model. */
  output?: string;
  /** Given if it is to finish by a time of day. */
  timing?: Timing;
}

/** What is stored about the end of a run. */
type Ended = Pick<TrimOutcome, "output" | "peakMemoryBytes"> & {
  readonly metrics?: Pick<TrimOutcome["metrics"], "trimmed">;
  readonly verdict?: Verdict;
};

/** One round of a run: scored, dropped and kept units; null for what has not happened yet. */
export interface RoundRecord {
  round: number;
  scorer: string | null;
  scoredRows: number | null;
  dropped: number[] | null;
  kept: number[] | null;
  scores: { unit: number; score: number; accuracy: number | null }[];
}

const metricsIntervalMs = 250;

/** Runs and their events. Failures of every call: disk-full, unwritable, corrupt-file, and unknown-run if an id is given. */
export class Runs {
  readonly #store: Store;
  readonly #evaluations: Evaluations;
  readonly #events = new Batch<{ runId: string; event: RunEvent }>(metricsIntervalMs, (events) =>
    this.#write(events),
  );

  constructor(store: Store, evaluations: Evaluations) {
    this.#store = store;
    this.#evaluations = evaluations;
  }

  /** Creates a queued run of a plan. */
  create(plan: TrimPlan, { name, modelId, datasetId, output, timing }: RunOptions): RunRecord {
    const createdAt = now();
    const row = {
      name,
      state: "queued" as const,
      seed: plan.seed,
      modelId: modelId ?? null,
      datasetId: datasetId ?? null,
      output: output ?? null,
      createdAt,
      updatedAt: createdAt,
      plan: JSON.stringify(plan),
      timing: timing ? JSON.stringify(timing) : null,
    };
    for (;;) {
      const id = makeRunId(name);
      const made = query
        .insertInto("runs")
        .values({ id, ...row })
        .onConflict((same) => same.column("id").doNothing());
      if (this.#store.run(made) === 1) return this.get(id);
    }
  }

  /** A run's entry in a list; null if that id does not exist. */
  find(id: string): RunSummary | null {
    const row = this.#store.first(query.selectFrom("runs").select(summaryColumns).where("id", "=", id));
    return row ? summaryOf(row) : null;
  }

  /** The same, for a run that must exist. */
  summary(id: string): RunSummary {
    return this.find(id) ?? fail({ code: "unknown-run", run: id });
  }

  /** The queued runs, in order, and whether they may start on battery power. */
  queued(): { id: string; onBattery: boolean }[] {
    const queued = query.selectFrom("runs").select(["id", "onBattery"]).where("state", "=", "queued");
    return this.#store
      .all(queued.orderBy("updatedAt").orderBy("id"))
      .map(({ id, onBattery }) => ({ id, onBattery: onBattery === 1 }));
  }

  /** The finished runs. */
  done(): { id: string }[] {
    return this.#store.all(query.selectFrom("runs").select("id").where("state", "=", "done"));
  }

  /** Newest first. */
  list(): RunSummary[] {
    return this.#store
      .all(query.selectFrom("runs").select(summaryColumns).orderBy("createdAt", "desc").orderBy("id"))
      .map(summaryOf);
  }

  /** The runs that model references refer to: by a run's id, or by the folder that it created. Newest first. */
  meantBy(references: readonly string[]): Pick<RunSummary, "id" | "name" | "output">[] {
    return this.#store.all(
      query
        .selectFrom("runs")
        .select(["id", "name", "output"])
        .where((run) => run.or([run("id", "in", references), run("output", "in", references)]))
        .orderBy("createdAt", "desc")
        .orderBy("id"),
    );
  }

  learntBy(output: string): string | null {
    const [run] = this.meantBy([output]);
    return run ? this.get(run.id).plan.data.path : null;
  }

  /** The target folders of runs, newest first, and whether they exist. */
  outputs(): { id: string; name: string; state: RunState; output: string }[] {
    return this.#store.all(
      query
        .selectFrom("runs")
        .select(["id", "name", "state", "output"])
        .where("output", "is not", null)
        .$narrowType<{ output: string }>()
        .orderBy("createdAt", "desc")
        .orderBy("id"),
    );
  }

  get(id: string): RunRecord {
    const row = this.#store.first(
      query
        .selectFrom("runs")
        .select([...summaryColumns, "plan"])
        .where("id", "=", id),
    );
    return row
      ? { ...summaryOf(row), plan: TrimPlan.parse(JSON.parse(row.plan)) }
      : fail({ code: "unknown-run", run: id });
  }

  /** What the plan was made from, for a run that is to finish by a time of day; null for others. */
  timing(id: string): Timing | null {
    const row = this.#store.first(query.selectFrom("runs").select("timing").where("id", "=", id));
    return row?.timing ? Timing.parse(JSON.parse(row.timing)) : null;
  }

  /** Replaces the plan of a run that has not been started yet. */
  replan(id: string, plan: TrimPlan): void {
    this.#store.run(
      query
        .updateTable("runs")
        .set({ plan: JSON.stringify(plan) })
        .where("id", "=", id)
        .where("startedAt", "is", null),
    );
  }

  /** All improvements in the lineage of a run, newest first. */
  improvementsOf(lineage: string): RunRecord[] {
    const improvements = query
      .selectFrom("runs")
      .select("id")
      .where(sql`plan ->> '$.improvement.lineage'`, "=", lineage)
      .orderBy("createdAt", "desc")
      .orderBy("id");
    return this.#store.all(improvements).map(({ id }) => this.get(id));
  }

  /** The runs that repeat a run on everything, newest first. */
  repeatsOf(id: string): RunRecord[] {
    const repeats = query
      .selectFrom("runs")
      .select("id")
      .where(sql`plan ->> '$.everything.of'`, "=", id)
      .orderBy("createdAt", "desc");
    return this.#store.all(repeats).map(({ id }) => this.get(id));
  }

  /** Stores an event of a run: figures within 250 ms, anything else before this returns. */
  record(id: string, event: RunEvent): void {
    this.#require(id);
    this.#events.add({ runId: id, event });
    if (!frequentEvents.has(event.event)) this.#events.flush();
  }

  /** Queues a run that is not running (again). Failure: bad-choice if it is running or done. */
  enqueue(id: string, { onBattery = false } = {}): void {
    const power = { onBattery: onBattery ? 1 : 0 };
    if (this.get(id).state === "queued") {
      // Nothing is written if nothing changes, since the disk may be full.
      const others = query.updateTable("runs").set(power).where("onBattery", "!=", power.onBattery);
      return void this.#store.run(others.where("id", "=", id));
    }
    const waits = this.#move(id, ["queued", "paused", "failed", "cancelled"], "queued", {
      ...power,
      finishedAt: null,
      pauseReason: null,
      failure: null,
    });
    if (!waits) this.#refuseAgain(id);
  }

  /** Asks a run to end early; this stays in effect until it has ended. */
  finishEarly(id: string): void {
    this.#change(id, { finishing: 1 });
  }

  /** Whether it was asked to end early. */
  isFinishing(id: string): boolean {
    const run = this.#store.first(query.selectFrom("runs").select("finishing").where("id", "=", id));
    return run?.finishing === 1;
  }

  /** Starts or resumes a run. Failure: bad-choice if it is running or done. */
  start(id: string): void {
    const resumedAt = now();
    const started = this.#move(id, ["queued", "paused", "failed", "cancelled"], "running", {
      startedAt: this.get(id).startedAt ?? resumedAt,
      resumedAt,
      finishedAt: null,
      pauseReason: null,
      failure: null,
    });
    if (!started) this.#refuseAgain(id);
  }

  /** This method and the next three end an active run, and return whether they did: a run that has already ended is not changed. */
  pause(id: string, pauseReason: PauseReason): boolean {
    return this.#move(id, ["queued", "running"], "paused", { pauseReason, secondsLeft: null });
  }

  finish(id: string, { output, peakMemoryBytes, metrics, verdict }: Ended): boolean {
    const { units, healed, keptIndices: kept } = metrics?.trimmed ?? {};
    const result = metrics ? JSON.stringify({ units, healed: Number(healed), kept, verdict }) : null;
    const end = { output, peakMemoryBytes, result, fraction: 1, secondsLeft: 0, finishedAt: now() };
    return this.#move(id, ["running"], "done", end);
  }

  fail(id: string, failure: Failure): boolean {
    const end = { failure: JSON.stringify(failure), secondsLeft: null, finishedAt: now() };
    return this.#move(id, ["queued", "running", "paused"], "failed", end);
  }

  cancel(id: string): boolean {
    return this.#move(id, ["queued", "running", "paused"], "cancelled", {
      secondsLeft: null,
      finishedAt: now(),
    });
  }

  /** Changes a run's name, note and tags. */
  describe(id: string, { name, note, tags }: { name: string; note: string; tags: readonly string[] }): void {
    this.#change(id, { name, note, tags: storedTags(tags) });
  }

  /** Training figures by step. */
  metrics(id: string): Omit<MetricsTable, "runId">[] {
    return this.#store.all(
      query
        .selectFrom("metrics")
        .select([
          "step",
          "loss",
          "distillationLoss",
          "learningRate",
          "gradientNorm",
          "tokensPerSecond",
          "tokens",
        ])
        .where("runId", "=", id)
        .orderBy("step"),
    );
  }

  /** The model's loss and accuracy on validation data, by step. */
  validations(id: string): { step: number; epoch: number; loss: number; accuracy: Accuracy | null }[] {
    return this.#store
      .all(
        query
          .selectFrom("validations")
          .select(["step", "epoch", "loss", "accuracy"])
          .where("runId", "=", id)
          .orderBy("step"),
      )
      .map((row) => ({
        ...row,
        accuracy: row.accuracy === null ? null : Accuracy.parse(JSON.parse(row.accuracy)),
      }));
  }

  rounds(id: string): RoundRecord[] {
    const scores = this.#store.all(
      query.selectFrom("unitScores").selectAll().where("runId", "=", id).orderBy("unit"),
    );
    return this.#store
      .all(query.selectFrom("rounds").selectAll().where("runId", "=", id).orderBy("round"))
      .map(({ runId: _, checkpoint: __, dropped, kept, ...row }) => ({
        ...row,
        dropped: unitsOf(dropped),
        kept: unitsOf(kept),
        scores: scores
          .filter(({ round }) => round === row.round)
          .map(({ unit, score, accuracy }) => ({ unit, score, accuracy })),
      }));
  }

  /** The run's log: phases, messages and damage, in order. */
  log(id: string): { createdAt: string; event: RunEvent }[] {
    return this.#store
      .all(query.selectFrom("runEvents").select(["createdAt", "body"]).where("runId", "=", id).orderBy("id"))
      .map(({ createdAt, body }) => ({ createdAt, event: RunEvent.parse(JSON.parse(body)) }));
  }

  /**
   * Runs that are still marked as running when the writer starts were interrupted: they become paused, as of their last event. Only for
   * the writer when it starts.
   */
  settleInterrupted(): void {
    const running = query.selectFrom("runs").select(["id", "updatedAt"]).where("state", "=", "running");
    for (const { id, updatedAt } of this.#store.all(running)) {
      this.#move(id, ["running"], "paused", { pauseReason: "interrupted", secondsLeft: null }, updatedAt);
    }
  }

  /** Writes waiting items. */
  close(): void {
    this.#events.flush();
  }

  #refuseAgain(id: string): never {
    return refuseChoice({ code: "run-already", run: id, state: this.get(id).state });
  }

  #move(id: string, from: RunState[], to: RunState, change: Updateable<RunsTable>, at = now()): boolean {
    this.#events.flush();
    return this.#store.transaction(() => {
      const columns = ["state", "resumedAt", "activeSeconds"] as const;
      const run = this.#store.first(query.selectFrom("runs").select(columns).where("id", "=", id));
      if (!run) return fail({ code: "unknown-run", run: id });
      if (!from.includes(run.state)) return false;
      const ran = run.state === "running" && run.resumedAt !== null ? secondsBetween(run.resumedAt, at) : 0;
      const activeSeconds = run.activeSeconds + Math.max(0, ran); // the clock may have been set back
      const moved = { ...change, state: to, activeSeconds, updatedAt: at };
      this.#store.run(query.updateTable("runs").set(moved).where("id", "=", id));
      return true;
    });
  }

  #change(id: string, change: Updateable<RunsTable>): void {
    this.#require(id);
    this.#store.run(query.updateTable("runs").set(change).where("id", "=", id));
  }

  #require(id: string): void {
    const known = this.#store.first(query.selectFrom("runs").select("id").where("id", "=", id));
    if (!known) fail({ code: "unknown-run", run: id });
  }

  #write(events: readonly { runId: string; event: RunEvent }[]): void {
    this.#store.transaction(() => {
      for (const { runId, event } of events) writeEvent(this.#store, this.#evaluations, runId, event);
      const changed = [...new Set(events.map(({ runId }) => runId))];
      this.#store.run(query.updateTable("runs").set({ updatedAt: now() }).where("id", "in", changed));
    });
  }
}

const summaryColumns = [
  "id",
  "name",
  "state",
  "pauseReason",
  "phase",
  "round",
  "fraction",
  "secondsLeft",
  "seed",
  "modelId",
  "datasetId",
  "output",
  "failure",
  "note",
  "tags",
  "activeSeconds",
  "peakMemoryBytes",
  "createdAt",
  "startedAt",
  "resumedAt",
  "updatedAt",
  "finishedAt",
] as const;

/** Without duplicates and empty ones. */
const storedTags = (tags: readonly string[]): string =>
  JSON.stringify([...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))]);

function summaryOf<Row extends { failure: string | null; tags: string }>(
  row: Row,
): Omit<Row, "failure" | "tags"> & Pick<RunSummary, "failure" | "tags"> {
  return {
    ...row,
    failure: row.failure === null ? null : Failure.parse(JSON.parse(row.failure)),
    tags: JSON.parse(row.tags) as string[],
  };
}

function unitsOf(json: string | null): number[] | null {
  return json === null ? null : (JSON.parse(json) as number[]);
}
