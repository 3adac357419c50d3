/** Runs, one after another: the trainer works on one, the others wait in the order in which they were put here. */
import { fail } from "../../../native-models/failure.ts";
import type { RunEvent } from "../../../preload/contract/run.ts";
import type { EngineOptions } from "../../engine/host.ts";
import { EventPace } from "./event-pace.ts";
import type { TrimServices } from "./trim-services.ts";
import type { RunSummary } from "./runs.ts";
import { startTrim } from "./trimming.ts";
import type { RunningTrim } from "./trimming.ts";

export interface RunQueueOptions {
  readonly engine: EngineOptions;
  /** Whether a run may begin now, for the sake of the battery. */
  readonly mayStart: () => boolean;
  /** Hears events after they were written down, at the pace of EventPace, and every change of state (`event` null). */
  readonly onChange: (run: RunSummary, event: RunEvent | null) => void;
  /** Told when the trainer begins to work and when it has nothing left to do. */
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
  #running: { id: string; trim: RunningTrim; ended: Promise<void>; finishing: boolean } | null = null;
  #closed = false;

  constructor(services: TrimServices, options: RunQueueOptions) {
    this.#services = services;
    this.#options = options;
  }

  get running(): string | null {
    return this.#running?.id ?? null;
  }

  /** Whether the run that is under way was asked to end early. */
  get finishing(): boolean {
    return this.#running?.finishing ?? false;
  }

  get waiting(): string[] {
    return this.#waiting.map(({ id }) => id);
  }

  /** Whether those in the queue wait for the mains only. */
  get waitsForPower(): boolean {
    return this.#running === null && this.#waiting.length > 0 && this.#nextPlace < 0;
  }

  /** The place of the first that may begin; -1 if none may. */
  get #nextPlace(): number {
    const mayStart = this.#options.mayStart();
    return this.#waiting.findIndex(({ onBattery }) => onBattery || mayStart);
  }

  /** Puts a run at the end; it begins when those before it have ended. Failure: unknown-run. */
  add(id: string, { onBattery = false } = {}): void {
    if (this.#running?.id === id) return;
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#services.runs.enqueue(id);
    this.#waiting.push({ id, onBattery });
    this.#tell(id, null);
    this.advance();
  }

  /** Saves and stops a run, or takes it out of the queue: it can be resumed. */
  pause(id: string): void {
    if (this.#running?.id === id) return this.#running.trim.stop();
    this.#remove(id);
    if (this.#services.runs.pause(id, "asked")) this.#tell(id, null);
  }

  /** Has what runs written down, as before the computer sleeps: it may not wake again. */
  save(): void {
    this.#running?.trim.save();
  }

  /** Ends a run for good; what it reached stays. */
  async cancel(id: string): Promise<void> {
    if (this.#running?.id === id) {
      const { trim, ended } = this.#running;
      trim.kill();
      await ended;
    }
    this.#remove(id);
    if (this.#services.runs.cancel(id)) this.#tell(id, null);
  }

  /** Asks the run that is under way to end with what it has reached. Failure: bad-choice if it is not running. */
  finishEarly(id: string): void {
    if (this.#running?.id !== id)
      return fail({ code: "bad-choice", option: `The run ${id}`, reason: "it is not running" });
    this.#running.trim.finish();
    this.#running.finishing = true;
    this.#tell(id, null);
  }

  /** Begins the next run if there is one that may: also when something that it waited for has changed. */
  advance(): void {
    if (this.#running || this.#closed) return;
    const place = this.#nextPlace;
    if (place < 0) return;
    const [next] = this.#waiting.splice(place, 1);
    this.#begin(next!.id);
  }

  #begin(id: string): void {
    const pace = new EventPace((event) => this.#tell(id, event));
    const trim = startTrim(this.#services, id, {
      engine: this.#options.engine,
      onEvent: (event) => pace.add(event),
    });
    const settled = () => {
      pace.flush();
      this.#running = null;
      this.#tell(id, null);
      if (this.#waiting.length === 0) this.#options.onBusy(false);
      this.advance();
    };
    this.#running = { id, trim, ended: trim.done.then(settled, settled), finishing: false };
    this.#options.onBusy(true);
    this.#tell(id, null);
  }

  #remove(id: string): void {
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  #tell(id: string, event: RunEvent | null): void {
    this.#options.onChange(this.#services.runs.summary(id), event);
  }

  /** Saves and stops what runs; what waits stays queued and is found again by the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.trim.stop("interrupted");
    await this.#running?.ended;
  }
}
