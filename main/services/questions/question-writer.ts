/** The application's writings: one at a time, which waits while a run trains. */
import { AppError, fail, failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { QuestionKind, Writing } from "../../../preload/contract/written-questions.ts";
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
  /** Opens a model at its path; what it answers ends with the signal. */
  readonly open: (path: string, signal: AbortSignal) => Promise<AskedModel>;
  /** Whether a run needs the computer now. */
  readonly isBusy: () => boolean;
  readonly onChange: (writing: Writing) => void;
}

export interface AskedWriting {
  readonly dataSet: number;
  readonly model: string;
  readonly kinds: readonly QuestionKind[];
}

/**
 * Creates a writing from a data set, which is kept from then on. Failures: not-found, unreadable, bad-data; bad-choice without passages.
 */
export async function createWriting(
  { dataSets, runs, writings }: WritingServices,
  reading: Pick<Reading, "passages">,
  { dataSet, model, kinds }: AskedWriting,
): Promise<number> {
  const { name, id } = dataSets.find(dataSet);
  const { name: modelName } = findModel(model, () => runs);
  const passages = await reading.passages(dataSets.folderOf(id));
  if (passages.length === 0) {
    const reason = "it has no passages of documents to write questions from";
    fail({ code: "bad-choice", option: `The data set ${name}`, reason });
  }
  dataSets.rename(id, name);
  const entry = { dataSet: id, name, model, modelName, kinds };
  return writings.create({ ...entry, passages: inWritingOrder(passages) });
}

/** `minutes`: null until all passages are done. `waitingCounts`: whether those in which it waits for a run are among them. */
export interface HowLong {
  readonly minutes: number | null;
  readonly waitingCounts?: boolean | undefined;
}

interface Active {
  readonly id: number;
  readonly stopping: AbortController;
  /** As `Date.now()`. */
  readonly until: number;
  ended: Promise<void>;
  waits: boolean;
}

export class QuestionWriter {
  readonly #options: QuestionWriterOptions;
  #active: Active | null = null;
  #isClosed = false;
  /** Called when a run has ended. */
  #wake: () => void = () => {};

  constructor(options: QuestionWriterOptions) {
    this.#options = options;
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
  async start({ minutes, waitingCounts, ...asked }: AskedWriting & HowLong): Promise<number> {
    this.#refuseSecond();
    const { services, reading } = this.#options;
    const id = await createWriting(services, reading, asked);
    try {
      this.#refuseSecond(); // another one may have begun while the passages were read
    } catch (error) {
      this.#writings.erase(id);
      throw error;
    }
    this.#begin(id, { minutes, waitingCounts });
    return id;
  }

  /** Failures: not-found; bad-choice if another writing is active. */
  resume(id: number, howLong: HowLong): void {
    this.#writings.get(id);
    if (this.#active?.id === id) return;
    this.#refuseSecond();
    this.#begin(id, howLong);
  }

  /** Ends when it has stopped. */
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

  /** Stops the writing that is made from a data set, if one is: it goes with the data set. */
  async stopThoseOf(dataSet: number): Promise<void> {
    const { id } = this.#active ?? {};
    if (id !== undefined && this.#writings.get(id).dataSet === dataSet) await this.stop(id);
  }

  /** Called when a run begins or ends. */
  advance(): void {
    if (!this.#options.isBusy()) this.#wake();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#active) await this.stop(this.#active.id);
  }

  get #writings() {
    return this.#options.services.writings;
  }

  #refuseSecond(): void {
    if (this.#isClosed) throw new AppError({ code: "cancelled" });
    if (!this.#active) return;
    const { name } = this.#writings.get(this.#active.id);
    const reason = "questions are being written already; stop that first";
    fail({ code: "bad-choice", option: `The data set ${name}`, reason });
  }

  #begin(id: number, { minutes, waitingCounts = false }: HowLong): void {
    this.#writings.begin(id, minutes);
    const stopping = new AbortController();
    const until = minutes !== null && waitingCounts ? Date.now() + 60_000 * minutes : Infinity;
    const active: Active = { id, stopping, until, waits: false, ended: Promise.resolve() };
    this.#active = active;
    active.ended = this.#work(active).finally(() => {
      this.#active = null;
      this.#publish(id);
    });
    this.#publish(id);
  }

  async #work(active: Active): Promise<void> {
    const { id, stopping, until } = active;
    const { services, open, isBusy } = this.#options;
    const { signal } = stopping;
    try {
      for (;;) {
        await this.#untilFree(active);
        if (signal.aborted || Date.now() >= until) return this.#end(id, "stopped");
        const { path } = findModel(this.#writings.get(id).model, () => services.runs);
        const end = await writeOn(this.#writings, id, {
          open: () => open(path, signal),
          onProgress: () => this.#publish(id),
          mayGoOn: () => !isBusy() && Date.now() < until,
        });
        if (end !== "not-now") return this.#end(id, end === "done" ? "done" : "stopped");
      }
    } catch (error) {
      const failure = failureOf(error);
      if (signal.aborted || failure.code === "cancelled") this.#end(id, "stopped");
      else this.#end(id, "failed", failure);
    }
  }

  /** Or until its time is over. */
  async #untilFree(active: Active): Promise<void> {
    const { id, stopping, until } = active;
    while (this.#options.isBusy() && !stopping.signal.aborted && Date.now() < until) {
      active.waits = true;
      this.#publish(id);
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const timer = until === Infinity ? undefined : setTimeout(this.#wake, until - Date.now());
      await woken;
      clearTimeout(timer);
    }
    active.waits = false;
  }

  /** Where the disk is full, the state cannot be written either: the next start of the program settles it. */
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
      ...(waits && { state: "waiting" }),
      secondsLeft: secondsLeft === null ? null : Math.min(secondsLeft, untilThen),
    };
  }
}
