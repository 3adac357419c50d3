/** The application's writings: one at a time. It waits while a run trains, and before it begins, for mains power. */
import { AppError, failureOf } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { lacksReused } from "../../../preload/contract/questions/written-questions.ts";
import type { QuestionKind, Writing } from "../../../preload/contract/questions/written-questions.ts";
import type { DataSets } from "../data/data-sets.ts";
import type { Reading } from "../data/reading.ts";
import { findModel } from "../models/model-reference.ts";
import type { RunModels } from "../models/run-models.ts";
import { inWritingOrder } from "./writing-order.ts";
import type { AskedModel } from "./batch-model.ts";
import { writeOn } from "./writing-job.ts";
import type { Writings } from "./writings.ts";

interface WritingServices {
  readonly dataSets: DataSets;
  readonly runs: RunModels;
  readonly writings: Writings;
}

export interface QuestionWriterOptions {
  readonly services: WritingServices;
  readonly reading: Pick<Reading, "passages">;
  /** Opens the model at a path; the signal also ends its answers. */
  readonly open: (path: string, signal: AbortSignal) => Promise<AskedModel>;
  /** Whether a run needs the computer now. */
  readonly isBusy: () => boolean;
  /** Whether a writing may begin now, given the battery. */
  readonly mayStart: () => boolean;
  readonly onChange: (writing: Writing) => void;
  /** Called when a writing has ended by itself. */
  readonly onEnd: (writing: Writing, end: "done" | "failed") => void;
}

export interface AskedWriting {
  readonly dataSet: number;
  readonly model: string;
  readonly kinds: readonly QuestionKind[];
}

/**
 * Creates a writing for a data set, which is kept from then on. Failures: not-found, unreadable, bad-data; bad-choice without passages,
 * or for "not in the text" without the kinds that it reuses.
 */
export async function createWriting(
  { dataSets, runs, writings }: WritingServices,
  reading: Pick<Reading, "passages">,
  { dataSet, model, kinds }: AskedWriting,
): Promise<number> {
  if (lacksReused(kinds)) refuseChoice("only-not-in-text");
  const { name, id } = dataSets.find(dataSet);
  const { name: modelName } = findModel(model, () => runs);
  const passages = await reading.passages(dataSets.folderOf(id));
  if (passages.length === 0) refuseChoice({ code: "no-passages", name });
  dataSets.rename(id, name);
  const entry = { dataSet: id, name, model, modelName, kinds };
  return writings.create({ ...entry, passages: inWritingOrder(passages) });
}

/** `minutes`: how long to write; null: until all passages are done. `waitingCounts`: whether minutes spent waiting for a run count. */
export interface HowLong {
  readonly minutes: number | null;
  readonly waitingCounts?: boolean | undefined;
  /** Whether it may begin on battery power. */
  readonly onBattery?: boolean | undefined;
}

interface Active {
  readonly id: number;
  readonly stopping: AbortController;
  /** In the form of `Date.now()`. */
  readonly until: number;
  ended: Promise<void>;
  onBattery: boolean;
  /** What it is waiting for; null: nothing. */
  waits: "waiting" | "waiting-for-power" | null;
}

export class QuestionWriter {
  readonly #options: QuestionWriterOptions;
  #active: Active | null = null;
  #isClosed = false;
  /** Wakes a waiting writing, because it may be able to continue. */
  #wake: () => void = () => {};

  constructor(options: QuestionWriterOptions) {
    this.#options = options;
  }

  /** Whether a writing is active and not waiting. */
  get isWriting(): boolean {
    return this.#active !== null && this.#active.waits === null;
  }

  /** Whether a writing is active, even if it is waiting. */
  get isActive(): boolean {
    return this.#active !== null;
  }

  /** Newest first. */
  list(): Writing[] {
    return this.#writings.list().map((writing) => this.#asShown(writing));
  }

  /** Failure: not-found. */
  get(id: number): Writing {
    return this.#asShown(this.#writings.get(id));
  }

  /** Failures: as of `createWriting`; bad-choice if another writing is active. */
  async start({ minutes, waitingCounts, onBattery, ...asked }: AskedWriting & HowLong): Promise<number> {
    this.#refuseSecond();
    const { services, reading } = this.#options;
    const id = await createWriting(services, reading, asked);
    try {
      this.#refuseSecond(); // another one may have begun while the passages were read
    } catch (error) {
      this.#writings.erase(id);
      throw error;
    }
    this.#begin(id, { minutes, waitingCounts, onBattery });
    return id;
  }

  /** Resumes a writing; one that waits for mains power may then use the battery. Failures: not-found; bad-choice if another is active. */
  resume(id: number, howLong: HowLong): void {
    this.#writings.get(id);
    if (this.#active?.id === id) {
      this.#active.onBattery ||= howLong.onBattery ?? false;
      return this.advance();
    }
    this.#refuseSecond();
    this.#begin(id, howLong);
  }

  /** Stops a writing; resolves when it has stopped. */
  async stop(id: number): Promise<void> {
    if (this.#active?.id !== id) return;
    const { stopping, ended } = this.#active;
    stopping.abort();
    this.#wake();
    await ended;
  }

  async erase(id: number): Promise<void> {
    await this.stop(id);
    this.#writings.erase(id);
  }

  /** Stops the active writing if it is for this data set, with which it is deleted. */
  async stopThoseOf(dataSet: number): Promise<void> {
    const { id } = this.#active ?? {};
    if (id !== undefined && this.#writings.get(id).dataSet === dataSet) await this.stop(id);
  }

  /** Continues if there is nothing left to wait for; called when a run begins or ends, and when the computer's power changes. */
  advance(): void {
    this.#wake();
  }

  /** Stops the active writing, if any. */
  async stopActive(): Promise<void> {
    if (this.#active) await this.stop(this.#active.id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stopActive();
  }

  get #writings() {
    return this.#options.services.writings;
  }

  #refuseSecond(): void {
    if (this.#isClosed) throw new AppError({ code: "cancelled" });
    if (!this.#active) return;
    const { name } = this.#writings.get(this.#active.id);
    refuseChoice({ code: "writing-already", name });
  }

  #begin(id: number, { minutes, waitingCounts = false, onBattery = false }: HowLong): void {
    this.#writings.begin(id, minutes);
    const stopping = new AbortController();
    const until = minutes !== null && waitingCounts ? Date.now() + 60_000 * minutes : Infinity;
    const active: Active = { id, stopping, until, onBattery, waits: null, ended: Promise.resolve() };
    this.#active = active;
    active.ended = this.#work(active).then((end) => {
      this.#active = null;
      this.#publish(id);
      if (end !== null && this.#writings.has(id)) this.#options.onEnd(this.get(id), end);
    });
    this.#publish(id);
  }

  /** Returns how the writing ended by itself; null: it was stopped. */
  async #work(active: Active): Promise<"done" | "failed" | null> {
    const { id, stopping, until } = active;
    const { services, open, isBusy } = this.#options;
    const { signal } = stopping;
    try {
      for (;;) {
        await this.#untilFree(active);
        if (signal.aborted || Date.now() >= until) {
          this.#end(id, "stopped");
          return signal.aborted ? null : "done";
        }
        const { path } = findModel(this.#writings.get(id).model, () => services.runs);
        const end = await writeOn(this.#writings, id, {
          open: () => open(path, signal),
          onProgress: () => this.#publish(id),
          mayGoOn: () => !isBusy() && Date.now() < until,
        });
        if (end === "not-now") continue;
        this.#end(id, end === "done" ? "done" : "stopped");
        return "done";
      }
    } catch (error) {
      const failure = failureOf(error);
      const isStopped = signal.aborted || failure.code === "cancelled";
      if (isStopped) this.#end(id, "stopped");
      else this.#end(id, "failed", failure);
      return isStopped ? null : "failed";
    }
  }

  /** Waits until no run needs the computer and the power allows it to begin, or until its time is up. */
  async #untilFree(active: Active): Promise<void> {
    const { id, stopping, until } = active;
    const { isBusy, mayStart } = this.#options;
    for (;;) {
      const waits = isBusy() ? "waiting" : active.onBattery || mayStart() ? null : "waiting-for-power";
      const isOver = waits === null || stopping.signal.aborted || Date.now() >= until;
      const isNew = active.waits !== (isOver ? null : waits);
      active.waits = isOver ? null : waits;
      if (isNew) this.#publish(id);
      if (isOver) return;
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const timer = until === Infinity ? undefined : setTimeout(this.#wake, until - Date.now());
      await woken;
      clearTimeout(timer);
    }
  }

  /** Stores how a writing ended. If the disk is full, the state cannot be written either: the next start of the program settles it. */
  #end(id: number, state: "stopped" | "done" | "failed", failure: Failure | null = null): void {
    try {
      if (this.#writings.has(id)) this.#writings.end(id, state, failure);
    } catch (error) {
      failureOf(error);
    }
  }

  #publish(id: number): void {
    if (this.#writings.has(id)) this.#options.onChange(this.get(id));
  }

  #asShown(writing: Writing): Writing {
    if (this.#active?.id !== writing.id) return writing;
    const { waits, until } = this.#active;
    const untilThen = Math.max(0, (until - Date.now()) / 1000);
    const { secondsLeft } = writing;
    return {
      ...writing,
      ...(waits && { state: waits }),
      secondsLeft: secondsLeft === null ? null : Math.min(secondsLeft, untilThen),
    };
  }
}
