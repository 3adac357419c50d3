/** A run while its engine works on it. */
import { join } from "node:path";
import { AppError, failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent, TrimDone, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { verdictOf } from "../../../preload/contract/results/verdict.ts";
import type { PauseReason } from "../../database/schema.ts";
import { trainer } from "../../engines/jobs.ts";
import { startEngine } from "../../engines/process/host.ts";
import type { Engine, EngineOptions } from "../../engines/process/host.ts";
import { removeResumableFiles, removeWorkingFiles } from "../../trimming/journal/run-files.ts";
import { readOutcome, writeOutcome } from "../../home/run-folder.ts";
import { affordsActivations, thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";
import { replanned, resumed } from "../plans/timing.ts";
import type { Replanned } from "../plans/timing.ts";
import type { RunRecord } from "./runs.ts";
import type { TrimServices } from "./trim-services.ts";
import { modelReport } from "./trimming.ts";
import type { LogLine } from "../../../preload/contract/runs/log-line.ts";

/** The last line of a finished run, for a program. */
export const doneOf = (runId: string, outcome: TrimOutcome): TrimDone => ({
  event: "done",
  runId,
  ...outcome,
  verdict: verdictOf(outcome).verdict,
});

export interface TrimRunOptions {
  /** Receives each event, after it was stored. */
  readonly onEvent?: (event: RunEvent) => void;
  readonly engine?: EngineOptions;
  readonly free?: Free;
}

/** Starts a queued run, or resumes one. Failure: bad-choice if it is running or done. */
export function startTrim(
  services: TrimServices,
  id: string,
  { onEvent, engine, free = thisComputer }: TrimRunOptions = {},
): RunningTrim {
  const { home, runs } = services;
  const record = runs.get(id);
  const { output, modelId } = record;
  const again = planAtStart(runs, record);
  const { plan } = again ?? record;
  const keepsActivations =
    modelId !== null && affordsActivations(modelReport(services, modelId), plan, plan.data.path, free);
  const before = plan.everything ? readOutcome(join(home.runs, runs.get(plan.everything.of).id)) : null;
  const job = {
    runFolder: join(home.runs, id),
    plan,
    before,
    keepsActivations,
    output: output ?? join(home.models, id),
  };
  runs.start(id);
  return new RunningTrim(services, id, job, { said: again?.said ?? null, onEvent, engine });
}

/** The run's plan for the time left, when it starts or resumes; only that of the start is stored. Null: the plan is unchanged. */
function planAtStart(
  runs: TrimServices["runs"],
  { id, plan, startedAt, activeSeconds }: RunRecord,
): Replanned | null {
  const timing = runs.timing(id);
  if (!timing) return null;
  const now = new Date();
  const again = startedAt === null ? replanned(plan, timing, now) : resumed(plan, timing, activeSeconds, now);
  if (!again) return null;
  runs.replan(id, again.plan);
  runs.record(id, { event: "log", said: again.said });
  return again;
}

/** The failures with which a run ends that was stopped or killed. */
const STOPPED: ReadonlySet<Failure["code"]> = new Set(["cancelled", "engine-stopped"]);

interface TrimJob {
  readonly runFolder: string;
  readonly plan: TrimPlan;
  readonly keepsActivations: boolean;
  readonly output: string;
  readonly before: TrimOutcome | null;
}

interface Started {
  readonly said: LogLine | null;
  readonly onEvent: ((event: RunEvent) => void) | undefined;
  readonly engine: EngineOptions | undefined;
}

/** An active run. */
export class RunningTrim {
  /** How its plan was changed at the start, as in its log; null: it was not. */
  readonly said: LogLine | null;
  /**
   * Its result. Rejects with the run's failure; `cancelled` after `stop` or `kill`: the run is then paused and can be resumed. A run
   * that could not be saved has failed, and can be resumed from its last save.
   */
  readonly done: Promise<TrimDone>;
  readonly #services: TrimServices;
  readonly #id: string;
  readonly #engine: Engine<typeof trainer.jobs>;
  readonly #onEvent: Started["onEvent"];
  readonly #stopping = new AbortController();
  #pauseReason: PauseReason = "asked";
  #finishing = false;

  constructor(services: TrimServices, id: string, job: TrimJob, { said, onEvent, engine }: Started) {
    this.said = said;
    this.#services = services;
    this.#id = id;
    this.#onEvent = onEvent;
    this.#engine = startEngine(trainer, { ...engine, device: job.plan.device });
    this.done = this.#run(job);
  }

  /** Saves progress, and continues. */
  save(): void {
    this.#engine.control("checkpoint");
  }

  /**
   * Lets it end early: no further rounds; the model is healed, measured and exported as if this depth had been chosen. If the run is stopped
   * before that, it still ends early when it is resumed.
   */
  finish(): void {
    this.#services.runs.finishEarly(this.#id);
    this.#finishing = true;
    this.#engine.control("finish");
  }

  /** Saves progress, then ends the run for now; `reason` is stored with the pause. */
  stop(reason: PauseReason = "asked"): void {
    this.#pauseReason = reason;
    this.#stopping.abort();
  }

  /** Ends the run immediately; it can continue from its last save. */
  kill(): void {
    this.#stopping.abort();
    void this.#engine.stop();
  }

  async #run(job: TrimJob): Promise<TrimDone> {
    const { runs, evaluations } = this.#services;
    const { signal } = this.#stopping;
    const input = { ...job, finishes: runs.isFinishing(this.#id) };
    try {
      const given = await this.#engine.run("trim", input, { signal, onEvent: (event) => this.#store(event) });
      // Main reports the model's place: the window may read a run's own files, and a person can delete them.
      const outcome = { ...given, output: job.output };
      await writeOutcome(job.runFolder, outcome);
      const { everything } = job.plan;
      if (everything) evaluations.repeat(everything.of, this.#id, outcome.metrics.trimmed);
      evaluations.addChatFigures(this.#id, outcome.metrics);
      const done = doneOf(this.#id, outcome);
      runs.finish(this.#id, done);
      return done;
    } catch (error) {
      throw this.#ended(error);
    } finally {
      await this.#engine.stop();
      await this.#removeUnneeded(job.runFolder);
    }
  }

  #store(event: RunEvent): void {
    // A request that was sent before the engine had the job was lost.
    if (this.#finishing && event.event === "phase") this.#engine.control("finish");
    this.#services.runs.record(this.#id, event);
    this.#onEvent?.(event);
  }

  /** Stores how the run ended. */
  #ended(error: unknown): unknown {
    const { runs } = this.#services;
    try {
      const failure = failureOf(error);
      // A failure while saving, such as a full disk, is not a pause.
      if (this.#stopping.signal.aborted && STOPPED.has(failure.code)) {
        runs.pause(this.#id, this.#pauseReason);
        return new AppError({ code: "cancelled" });
      }
      runs.fail(this.#id, failure);
    } catch {
      // If the run ended because the database cannot be written, the next program settles it.
    }
    return error;
  }

  /** Removes files that are no longer needed; any that cannot be removed only take space. */
  async #removeUnneeded(runFolder: string): Promise<void> {
    try {
      await removeWorkingFiles(runFolder);
      if (this.#services.runs.get(this.#id).state === "done") await removeResumableFiles(runFolder);
    } catch {
      // The next start tries again.
    }
  }
}
