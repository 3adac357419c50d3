/** The costs and gains of the chosen depth: estimated immediately, with speed and time once this computer has been measured. */
import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { readDataset } from "../data/data.svelte.ts";
import { draft } from "../draft.svelte.ts";
import { models } from "../model/models.svelte.ts";
import { patchWithDepth } from "./depth.ts";
import { limitAt } from "./time.ts";

class Target {
  estimate = $state.raw<TargetEstimate | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  /** Share of the measurement that is done, while it runs. */
  probing = $state<number | undefined>(undefined);
  probeFailure = $state.raw<Failure | undefined>(undefined);
  /** Whether measuring waits until a run no longer uses this computer. */
  waitsForRun = $state(false);
  /** Whether other runs are running or queued before the one of this draft. */
  othersFirst = $state(false);
  reading = $state(false);
  #asked = 0;
  #updating: Promise<void> | undefined;
  #readingOf: { of: string; stopping: AbortController; done: Promise<void> } | undefined;
  /** The measurement in progress, from the question whether a run uses the computer. */
  #probe: AbortController | undefined;
  #probedKey = "";

  /** Updates the estimates for the current draft; reads its data and measures this computer where that has not been done. */
  update(): Promise<void> {
    return (this.#updating = this.#update());
  }

  /** The estimate for the current draft: `estimate` may still be that of choices made before. Undefined if there is none. */
  async current(): Promise<TargetEstimate | undefined> {
    void this.update();
    let updating;
    do await (updating = this.#updating);
    while (updating !== this.#updating); // another choice was made meanwhile
    return this.estimate;
  }

  async #update(): Promise<void> {
    const asked = ++this.#asked;
    const fresh = () => asked === this.#asked;
    if (this.estimate?.plan.model.path !== draft.now?.model?.path) this.estimate = undefined;
    try {
      const model = await modelReport();
      if (!model || !fresh()) return;
      if (draft.now?.dataset === null) await this.#read();
      if (!draft.now?.dataset || !fresh()) return;
      const { dataset, goal, time, probe } = draft.now;
      const planned = {
        model,
        dataset: dataset.folder,
        patch: patchWithDepth(draft.now),
        goal,
        limit: limitAt(time, new Date()),
      };
      const [estimate, { running, waiting }] = await Promise.all([
        main.wizard.estimate({ ...planned, probe }),
        main.runs.queue(),
      ]);
      if (!fresh()) return;
      this.othersFirst = running !== null || waiting.length > 0;
      this.estimate = estimate;
      this.failure = undefined;
      if (!estimate.seconds && estimate.fits) void this.#measure(planned, estimate.probeKey);
    } catch (error) {
      if (!fresh()) return;
      this.failure = failureOf(error);
      // A missing dataset is read again.
      if (this.failure.code === "not-found" && draft.now?.dataset) draft.change({ dataset: null });
    }
  }

  /** Repeats a failed measurement. */
  again(): void {
    this.#probedKey = "";
    this.probeFailure = undefined;
    void this.update();
  }

  /** Stops the measurement, or what would start one, because a run is to start or the page is left. */
  stop(): void {
    this.#asked++;
    this.#endProbe();
    this.#probedKey = "";
  }

  /** Stops a measurement because a run has started, which would distort it; `again` repeats it. */
  release(): void {
    if (!this.#probe) return;
    this.#endProbe();
    this.waitsForRun = true;
  }

  #endProbe(): void {
    this.#probe?.abort();
    this.#probe = undefined;
    this.probing = undefined;
  }

  /** Reads the draft's data. Every change of a choice requests it until it has been read; the same data is read only once. */
  #read(): Promise<void> {
    const { sources, model, patch } = draft.now!;
    const of = JSON.stringify([sources, model?.path, patch.seed]);
    if (this.#readingOf?.of === of) return this.#readingOf.done;
    this.#readingOf?.stopping.abort();
    const stopping = new AbortController();
    const done = readDataset(() => {}, stopping.signal).finally(() => {
      if (this.#readingOf?.stopping !== stopping) return;
      this.#readingOf = undefined;
      this.reading = false;
    });
    this.#readingOf = { of, stopping, done };
    this.reading = true;
    return done;
  }

  async #measure(planned: Parameters<typeof main.wizard.probe>[0], key: string): Promise<void> {
    if (key === this.#probedKey) return;
    this.#endProbe();
    this.#probedKey = key;
    const { signal } = (this.#probe = new AbortController());
    try {
      const { running } = await main.runs.queue();
      if (signal.aborted) return;
      this.waitsForRun = running !== null;
      if (this.waitsForRun) return;
      this.probing = 0;
      this.probeFailure = undefined;
      const hear = ({ done }: { done: number }) => {
        if (!signal.aborted) this.probing = done;
      };
      const probe = await main.wizard.probe(planned, hear, signal);
      if (signal.aborted) return;
      draft.change({ probe: { key, probe } });
    } catch (error) {
      if (!signal.aborted) this.probeFailure = failureOf(error);
      return;
    } finally {
      if (!signal.aborted) this.#probe = this.probing = undefined;
    }
    await this.update();
  }
}

export const target = new Target();

async function modelReport(): Promise<ModelReport | undefined> {
  const path = draft.now?.model?.path;
  if (path === undefined) return undefined;
  await models.inspect(path);
  const inspected = models.inspected[path];
  if (inspected && "failure" in inspected) throw new AppError(inspected.failure);
  return inspected?.model.report;
}
