/** What a job in an engine process hears from main, and what it reports. */
import { AppError } from "../../native-models/failure.ts";

/** A request from main to the running job. */
export type ControlAction = "cancel" | "finish" | "checkpoint";

/** Lets waiting messages in. */
export async function yieldToEventLoop(): Promise<void> {
  // Two turns: a turn's callbacks may run before its messages are read.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Main's requests to a job. Messages arrive only while the event loop turns, and session.run blocks it, so a loop calls
 * `yieldToEventLoop` between its steps and then checks.
 */
export class Control {
  #cancelled = false;
  #checkpointRequested = false;
  #finishing = false;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Main requests a save; `checkpointed` acknowledges it. */
  get checkpointRequested(): boolean {
    return this.#checkpointRequested;
  }

  /** Main asks the job to end early and keep its progress, at the next point where that can be saved. */
  get finishing(): boolean {
    return this.#finishing;
  }

  checkpointed(): void {
    this.#checkpointRequested = false;
  }

  yieldToEventLoop(): Promise<void> {
    return yieldToEventLoop();
  }

  /** Throws Failure `cancelled` if main has cancelled the job. */
  throwIfCancelled(): void {
    if (this.#cancelled) throw new AppError({ code: "cancelled" });
  }

  /** Applies a request from main: called by `serve`, and by a job that was asked before it was interrupted. */
  apply(action: ControlAction): void {
    if (action === "cancel") this.#cancelled = true;
    if (action === "finish") this.#finishing = true;
    if (action === "checkpoint") this.#checkpointRequested = true;
  }
}

/** A handler's context besides its input. */
export interface JobContext<Event> {
  /** Streams an event to main. Throws Failure `message-too-large`. */
  report(event: Event): void;
  readonly control: Control;
}
