/** The stages of a run: each is journalled, so that it runs once, and main may pause or cancel before it. */
import type { z } from "zod";
import type { Phase, RunEvent } from "../../../preload/contract/runs/run.ts";
import type { JobContext } from "../job-control.ts";
import type { Journal } from "../journal/checkpoint.ts";
import { waiting } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import type { Progress } from "./progress.ts";
import type { LogLine } from "../../../preload/contract/runs/log-line.ts";

/** What is reported when a stage starts. */
export interface Beginning {
  readonly phase: Phase;
  readonly round?: number;
}

export class Stages {
  readonly #journal: Journal;
  readonly #progress: Progress;
  readonly #context: JobContext<RunEvent>;

  constructor(journal: Journal, progress: Progress, context: JobContext<RunEvent>) {
    this.#journal = journal;
    this.#progress = progress;
    this.#context = context;
  }

  /** The result of a stage: from the journal, or of `run`. `ready` comes before either. */
  once<T>(
    name: string,
    schema: z.ZodType<T>,
    { begins, ready, run }: { begins?: Beginning; ready?: () => Promise<void>; run: () => Promise<T> },
  ): Step<T> {
    return waiting(async () => {
      await ready?.();
      this.#progress.begin(name);
      return this.#journal.stage(name, schema, async () => {
        if (begins) this.report({ event: "phase", ...begins });
        await this.yieldToEventLoop();
        return run();
      });
    });
  }

  /** Decides once what depends on a clock or on a person. */
  decided<T>(name: string, schema: z.ZodType<T>, decide: () => T): Step<T> {
    return waiting(() =>
      this.#journal.stage(name, schema, async () => {
        await this.#context.control.yieldToEventLoop();
        return decide();
      }),
    );
  }

  /** Part of the current stage's work is done, as the schedule counts it; `testing` is the unit being scored. */
  worked(work: number, testing?: number | null): void {
    this.#progress.advance(work, testing);
  }

  /** A later stage will do `factor` times its planned work. */
  resize(name: string, factor: number): void {
    this.#progress.resize(name, factor);
  }

  /** Whether a person asked for the run to end early. */
  get isFinishing(): boolean {
    return this.#context.control.finishing;
  }

  /** Main may pause or cancel here. Outside training, all results are in the journal: nothing but the time needs saving. */
  async yieldToEventLoop(): Promise<void> {
    const { control } = this.#context;
    await control.yieldToEventLoop();
    if (control.checkpointRequested || control.cancelled) await this.#journal.keepTime();
    control.checkpointed();
    await control.throwIfCancelled();
  }

  report(event: RunEvent): void {
    this.#context.report(event);
  }

  log(said: LogLine): void {
    this.report({ event: "log", said });
  }
}
