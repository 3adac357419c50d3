/** A run as its pages watch it: read once, then kept up to date by events from main. */
import type { Failure } from "../../../native-models/failure.ts";
import type { Round, RunDetail, RunEvaluation, RunSummary } from "../../../preload/contract/calls/runs.ts";
import type { Damaged, RunEvent, WatchedAnswers } from "../../../preload/contract/runs/run.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { LossCurve } from "./loss-curve.svelte.ts";

type Change = { run: RunSummary; event: RunEvent | null };
type ProgressEvent = Extract<RunEvent, { event: "progress" }>;
type StepEvent = Extract<RunEvent, { event: "step" }>;
export type LogEntry = { createdAt: string; event: RunEvent };
type Queue = Awaited<ReturnType<typeof main.runs.queue>>;

/** The events in the log; the others have their own place on the page. */
const logged: ReadonlySet<RunEvent["event"]> = new Set(["phase", "log", "damaged"]);

export class WatchedRun {
  readonly id: string;
  /** The fixed data: plan, model, data; and the outcome once the run is done. */
  detail = $state.raw<RunDetail | null>(null);
  summary = $state.raw<RunSummary | null>(null);
  rounds = $state.raw<readonly Round[]>([]);
  evaluations = $state.raw<readonly RunEvaluation[]>([]);
  /** The same held-out questions, answered after each round; a resumed run may repeat some. */
  watched = $state.raw<readonly WatchedAnswers[]>([]);
  /** The progress of the current phase; null before its first figures. */
  progress = $state.raw<ProgressEvent | null>(null);
  step = $state.raw<StepEvent | null>(null);
  queue = $state.raw<Queue | null>(null);
  /** Null until requested. */
  log = $state.raw<readonly LogEntry[] | null>(null);
  /** Why the run cannot be shown, or why the person's action failed. */
  failure = $state.raw<Failure | null>(null);
  /** Whether the run was resumed while this page was open. */
  resumed = $state(false);
  /** What was found damaged, and fixed, while this page was open. */
  damaged = $state.raw<Damaged | null>(null);
  readonly loss = new LossCurve();
  #attempted: () => Promise<unknown> = () => this.load();
  #changes: Change[] = [];
  #frame = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** The duration of a finished run over all its sessions; its outcome has only that of the last session. */
  get secondsTaken(): number {
    return Math.max(this.detail?.outcome?.seconds ?? 0, this.summary?.activeSeconds ?? 0);
  }

  /** Its place in the queue, starting at 1. */
  get place(): number {
    return Math.max(1, (this.queue?.waiting.indexOf(this.id) ?? 0) + 1);
  }

  /** Starts watching; returns the function that stops it. */
  open(): () => void {
    const end = main.runs.changed((change) => {
      if (change.run.id === this.id) this.#hear(change);
      else if (change.event === null) void this.#readQueue();
    });
    void this.load();
    return () => {
      end();
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    };
  }

  /** Reads everything known about the run. */
  async load(): Promise<void> {
    await this.attempt(async () => {
      const detail = await main.runs.get({ id: this.id });
      // It contains all that was reported before it; what is reported from now on, also while the queue is read, is newer.
      this.#takeChanges();
      this.detail = detail;
      this.summary = detail.run;
      this.rounds = detail.rounds;
      this.evaluations = detail.evaluations;
      this.watched = detail.watched;
      this.loss.load(detail.metrics, detail.validations);
      this.queue = await main.runs.queue();
    });
  }

  async openLog(): Promise<void> {
    this.log ??= await main.runs.log({ id: this.id }).catch(() => []);
  }

  pause = () => this.attempt(() => main.runs.pause({ id: this.id }));
  finishEarly = () => this.attempt(() => main.runs.finishEarly({ id: this.id }));
  cancel = () => this.attempt(() => main.runs.cancel({ id: this.id }));

  async resume({ onBattery = false } = {}): Promise<void> {
    await this.attempt(async () => {
      await main.runs.resume({ id: this.id, onBattery });
      this.resumed = true;
    });
  }

  /** Repeats the action that failed last. */
  again = () => this.attempt(this.#attempted);

  /** Runs an action, and keeps its failure to show it. */
  async attempt(act: () => Promise<unknown>): Promise<void> {
    this.#attempted = act;
    try {
      this.failure = null;
      await act();
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  /** Events wait for the next frame, so that many of them cost one redraw. */
  #hear(change: Change): void {
    this.#changes.push(change);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#takeChanges();
    });
  }

  #takeChanges(): void {
    const all = this.#changes;
    this.#changes = [];
    if (this.detail) for (const each of all) this.#take(each);
  }

  #take({ run, event }: Change): void {
    const ended = this.summary?.state === "running" && run.state === "done";
    this.summary = run;
    if (event === null) {
      this.progress = null;
      void this.#readQueue();
      if (ended) void this.load();
      return;
    }
    if (this.log && logged.has(event.event)) this.log = [...this.log, { createdAt: run.updatedAt, event }];
    switch (event.event) {
      case "phase":
        this.progress = null;
        return;
      case "progress":
        this.progress = event;
        return;
      case "answers":
        this.watched = [...this.watched, event];
        return;
      case "damaged":
        this.damaged = event.what;
        return;
      case "step":
        this.step = event;
        return this.loss.addStep(event);
      case "validation":
        return this.loss.addValidation(event);
      case "scores":
        return this.#putRound(event.round, {
          scorer: event.scorer,
          scoredRows: event.rows,
          scores: event.scores,
        });
      case "dropped":
        return this.#putRound(event.round, { dropped: event.units, kept: event.kept });
      case "evaluation":
        this.#putEvaluation({ ...event, createdAt: run.updatedAt });
    }
  }

  #putRound(number: number, known: Partial<Round>): void {
    const empty = { scorer: null, scoredRows: null, dropped: null, kept: null, scores: [] };
    const before = this.rounds.find(({ round }) => round === number) ?? { round: number, ...empty };
    const others = this.rounds.filter(({ round }) => round !== number);
    this.rounds = [...others, { ...before, ...known }].sort((a, b) => a.round - b.round);
  }

  #putEvaluation(evaluation: RunEvaluation): void {
    const key = ({ subject, split, depth }: RunEvaluation) =>
      `${subject} ${split} ${depth.units} ${depth.healed}`;
    this.evaluations = [...this.evaluations.filter((known) => key(known) !== key(evaluation)), evaluation];
  }

  async #readQueue(): Promise<void> {
    this.queue = await main.runs.queue().catch(() => this.queue);
  }
}
