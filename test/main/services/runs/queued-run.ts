/** Runs of a tiny model in a queue of their own, with real engines. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { launchChild } from "../../../../main/engine/process/launch.ts";
import type { EngineProcess } from "../../../../main/engine/process/launch.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import type { Services } from "../../../../main/services/open.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";
import { RunQueue } from "../../../../main/services/runs/run-queue.ts";
import type { RunQueueOptions } from "../../../../main/services/runs/run-queue.ts";
import type { RunSummary } from "../../../../main/services/runs/runs.ts";
import { prepareTrim } from "../../../../main/services/runs/trimming.ts";
import type { PrepareOptions } from "../../../../main/services/runs/trimming.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { writeTinyData } from "../../cli/tiny-data.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { tinyRecipe } from "../../cli/tiny-trim.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

type Told = { run: RunSummary; event: RunEvent | null };

/** A queue on a new home. */
export async function queueForTest(options: Partial<RunQueueOptions> = {}) {
  const services = servicesForTest();
  const reading = new Reading();
  const told: Told[] = [];
  let engine: EngineProcess | undefined;
  const listeners = new Set<(told: Told) => void>();
  const queue = new RunQueue(services, {
    engine: { launch: (entry, launched) => (engine = launchChild(entry, launched)) },
    mayStart: () => true,
    onBusy: () => {},
    ...options,
    onChange: (run, event) => {
      told.push({ run, event });
      for (const listener of listeners) listener({ run, event });
    },
  });
  onTestFinished(async () => {
    await queue.close();
    await reading.stop();
  });
  const folder = temporaryFolder();
  const model = { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" };
  const data = writeTinyData(join(folder, "data"));

  return {
    services,
    reading,
    queue,
    told,
    /** Prepares a run of three rounds that is not in the queue yet; gives its id. */
    async prepare(options: PrepareOptions = {}): Promise<string> {
      const { trim, ...rest } = tinyRecipe();
      const sources = { data: [data], valid: [], test: [], offDomain: [], mappings: {} };
      const patch: PlanPatch = { ...rest, trim: { ...trim, unitsPerRound: 1 }, threads: 1 };
      return (await prepareTrim(services, reading, { model, sources, patch }, options)).run.id;
    },
    /** Ends the trainer as a system without memory would. */
    killEngine(): void {
      process.kill(engine!.processId!, "SIGKILL");
    },
    /** Waits for an event of a run. */
    until(id: string, wanted: (told: Told) => boolean): Promise<Told> {
      return new Promise((resolve) => {
        const listener = (heard: Told) => {
          if (heard.run.id !== id || !wanted(heard)) return;
          listeners.delete(listener);
          resolve(heard);
        };
        listeners.add(listener);
      });
    },
  };
}

export const inState =
  (state: RunSummary["state"]) =>
  ({ run, event }: Told) =>
    event === null && run.state === state;

/** What a run measured, but how long things took; for comparing runs. */
export function figuresOf(services: Services, id: string): unknown {
  return services.evaluations
    .ofRun(id)
    .map(({ subject, split, depth: { units, keptIndices, healed, evaluation } }) => ({
      subject,
      split,
      units,
      keptIndices,
      healed,
      evaluation,
    }));
}
