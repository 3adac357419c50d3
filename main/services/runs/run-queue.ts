/** The queue of runs: the trainer works on one at a time, the others wait in order. */
import { join } from "node:path";
import { failureOf } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { removeWorkingFiles } from "../../trimming/journal/run-files.ts";
import { EventPace } from "./event-pace.ts";
import { startTrim } from "./running-trim.ts";
import type { RunningTrim } from "./running-trim.ts";
import type { RunSummary } from "./runs.ts";
import type { TrimServices } from "./trim-services.ts";

export interface RunQueueOptions {
  readonly engine: EngineOptions;
  /** Whether a run may start now, given the battery. */
  readonly mayStart: () => boolean;
  /** Receives events after they were stored, at the rate of EventPace, and every state change (`event` null). */
  readonly onChange: (run: RunSummary, event: RunEvent | null) => void;
  /** Called when the trainer starts working and when it has nothing left to do. */
  readonly onBusy: (busy: boolean) => void;
}

interface Waiting {
  readonly id: string;
  readonly onBattery: boolean;
}

export class RunQueue {
  readonly #services: TrimServices;
  readonly #options: RunQueueOptions;
  readonly #waiting: Waiting[] = [];
  #running: { id: string; trim: RunningTrim; ended: Promise<void> } | null = null;
  #closed = false;
  #isHeld = false;

  constructor(services: TrimServices, options: RunQueueOptions) {
    this.#services = services;
    this.#options = options;
  }

  get running(): string | null {
    return this.#running?.id ?? null;
  }

  /** Whether the active run was asked to end early. */
  get finishing(): boolean {
    return this.#running !== null && this.#services.runs.isFinishing(this.#running.id);
  }

  get waiting(): string[] {
    return this.#waiting.map(({ id }) => id);
  }

  /** Whether the queued runs are only waiting for mains power. */
  get waitsForPower(): boolean {
    return this.#running === null && this.#waiting.length > 0 && this.#nextPlace < 0;
  }

  /** The index of the first run that may start; -1 if none may. */
  get #nextPlace(): number {
    const mayStart = this.#options.mayStart();
    return this.#waiting.findIndex(({ onBattery }) => onBattery || mayStart);
  }

  /** Appends a run to the queue; it starts when the earlier ones have ended. Failure: unknown-run. */
  add(id: string, { onBattery = false } = {}): void {
    if (this.#running?.id === id) return;
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#services.runs.enqueue(id, { onBattery });
    this.#waiting.push({ id, onBattery });
    this.#publish(id, null);
    this.advance();
  }

  /** Saves and stops a run, or removes it from the queue: it can be resumed. */
  pause(id: string): void {
    if (this.#running?.id === id) return this.#running.trim.stop();
    this.#remove(id);
    if (this.#services.runs.pause(id, "asked")) this.#publish(id, null);
  }

  /** Saves the active run, as before the computer sleeps: it may not wake again. */
  save(): void {
    this.#running?.trim.save();
  }

  /** Ends a run for good; its saved depths are kept. */
  async cancel(id: string): Promise<void> {
    if (this.#running?.id === id) {
      const { trim, ended } = this.#running;
      trim.kill();
      await ended;
    }
    this.#remove(id);
    const { home, runs } = this.#services;
    if (!runs.cancel(id)) return;
    this.#publish(id, null);
    await removeWorkingFiles(join(home.runs, id)).catch(() => {}); // a killed program may have left some
  }

  /** Asks the active run to end with its progress so far. Failure: bad-choice if it is not running. */
  finishEarly(id: string): void {
    if (this.#running?.id !== id) return refuseChoice({ code: "run-not-running", run: id });
    this.#running.trim.finish();
    this.#publish(id, null);
  }

  /** Starts the next run that may start; also called when a condition that runs wait for has changed. */
  advance(): void {
    while (!this.#running && !this.#closed && !this.#isHeld) {
      const place = this.#nextPlace;
      if (place < 0) return;
      const [next] = this.#waiting.splice(place, 1);
      try {
        this.#begin(next!.id);
      } catch (error) {
        if (!this.#failed(next!.id, failureOf(error))) return void this.#waiting.splice(place, 0, next!);
      }
    }
  }

  /** Starts no run until the returned function is called; runs that are added meanwhile wait. */
  hold(): () => void {
    this.#isHeld = true;
    return () => {
      this.#isHeld = false;
      this.advance();
    };
  }

  /** Stores that a run cannot start; false if that cannot be stored either, as on a full disk: the run then keeps waiting. */
  #failed(id: string, failure: Failure): boolean {
    try {
      this.#services.runs.fail(id, failure);
      this.#publish(id, null);
      return true;
    } catch (error) {
      const { code } = failureOf(error);
      if (code === "internal") throw error;
      return code === "unknown-run";
    }
  }

  /** Starts a run. Failures: disk-full, unwritable, not-found, corrupt-file. */
  #begin(id: string): void {
    const pace = new EventPace((event) => this.#publish(id, event));
    const trim = startTrim(this.#services, id, {
      engine: this.#options.engine,
      onEvent: (event) => pace.add(event),
    });
    const settled = () => {
      try {
        pace.flush();
      } finally {
        this.#running = null;
        this.#settle(id);
      }
    };
    this.#running = { id, trim, ended: trim.done.then(settled, settled) };
    this.#options.onBusy(true);
    this.#publish(id, null);
  }

  /** Publishes how a run ended, and starts the next one, also if the end could not be read: the next run says so itself. */
  #settle(id: string): void {
    try {
      this.#publish(id, null);
    } finally {
      this.advance();
      if (!this.#running) this.#options.onBusy(false);
    }
  }

  #remove(id: string): void {
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  #publish(id: string, event: RunEvent | null): void {
    this.#options.onChange(this.#services.runs.summary(id), event);
  }

  /** Saves and stops the active run; queued runs stay queued and are found again at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.trim.stop("interrupted");
    await this.#running?.ended;
  }
}
