/** The corrections of a run, and what an improvement with them would take. */
import type { Failure } from "../../../native-models/failure.ts";
import type { ImprovementOutlook } from "../../../preload/contract/calls/corrections.ts";
import type { Correction } from "../../../preload/contract/chat/correction.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";

export class Improving {
  readonly #run: string;
  corrections = $state.raw<readonly Correction[] | null>(null);
  /** Null until it has been measured. */
  outlook = $state.raw<ImprovementOutlook | null>(null);
  /** The share of the measurement that is done; null while none is in progress. */
  measured = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #measuring: AbortController | null = null;
  /** Whether nobody waits for a measurement. */
  #isLeft = true;

  constructor(run: string) {
    this.#run = run;
  }

  /** The corrections that would be trained on; the others are held out. */
  readonly trained = $derived.by(() => (this.corrections ?? []).filter(({ heldOut }) => heldOut === null));
  readonly leftOut = $derived.by(() => (this.corrections?.length ?? 0) - this.trained.length);

  async read(): Promise<void> {
    await this.#attempt(async () => {
      this.corrections = await main.corrections.ofRun({ run: this.#run });
    });
  }

  /** Takes back a correction; what is left has to be measured again. */
  async takeBack(correction: number): Promise<void> {
    await this.#attempt(() => main.corrections.remove({ id: correction }));
    if (this.failure === null) await this.#changed();
  }

  /** Adds the corrections of files that the person chooses; returns how many, null if none were chosen. Throws what reading one failed with. */
  async addFromFiles(): Promise<number | null> {
    const files = await main.application.choose({ what: "data-files" });
    let count = 0;
    try {
      for (const file of files) count += (await main.corrections.add({ run: this.#run, file })).added;
    } finally {
      if (count > 0) await this.#changed();
    }
    return files.length === 0 ? null : count;
  }

  /** Measures how long it would take, until `leave`. */
  async measure(): Promise<void> {
    this.#isLeft = false;
    if (this.trained.length === 0 || this.outlook || this.#measuring?.signal.aborted === false) return;
    const measuring = (this.#measuring = new AbortController());
    const { signal } = measuring;
    this.measured = 0;
    try {
      const onProgress = ({ done }: { done: number }) => {
        if (!signal.aborted) this.measured = done;
      };
      const outlook = await main.corrections.outlook({ run: this.#run }, onProgress, signal);
      if (!signal.aborted) this.outlook = outlook;
    } catch (error) {
      if (!signal.aborted) this.failure = failureOf(error);
    } finally {
      // By now another measurement may have begun, or ended.
      if (this.#measuring === measuring) {
        this.measured = null;
        this.#measuring = null;
      }
    }
  }

  leave(): void {
    this.#isLeft = true;
    this.#measuring?.abort();
  }

  /** Queues the improvement and returns the id of its run. Throws if it was refused. */
  async start(): Promise<string> {
    this.leave();
    this.failure = null;
    return (await main.corrections.improve({ run: this.#run })).id;
  }

  /** Other corrections take a different time, even if as many are trained on as before. */
  async #changed(): Promise<void> {
    this.#measuring?.abort();
    this.outlook = null;
    await this.read();
    if (!this.#isLeft) void this.measure();
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await act();
    } catch (error) {
      this.failure = failureOf(error);
    }
  }
}
