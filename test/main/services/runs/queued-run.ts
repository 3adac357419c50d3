/** Runs in a queue of their own: of a tiny model with real engines, or simulated. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { launchChild } from "../../../../main/engines/process/launch.ts";
import type { EngineProcess, Launch } from "../../../../main/engines/process/launch.ts";
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
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";
import { runReports, trimOutcome } from "./run-reports.ts";
import { simulatedTrainer } from "./simulated-trainer.ts";

type Told = { run: RunSummary; event: RunEvent | null };

/** A queue on a new home, whose engines are launched by `launch`. */
function queueOn(launch: Launch, options: Partial<RunQueueOptions>) {
  const services = servicesForTest();
  const told: Told[] = [];
  const listeners = new Set<(told: Told) => void>();
  const queue = new RunQueue(services, {
    engine: { launch },
    mayStart: () => true,
    onBusy: () => {},
    ...options,
    onChange: (run, event) => {
      told.push({ run, event });
      for (const listener of listeners) listener({ run, event });
    },
  });
  onTestFinished(() => queue.close());
  return {
    services,
    queue,
    told,
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

/** A queue whose runs train nothing: each makes a report of each kind, and is soon done, except the first ones where `lastingMs` says so. */
export function simulatedQueue(options: Partial<RunQueueOptions> = {}, lastingMs: number[] = []) {
  const launch = simulatedTrainer(({ tell }) => {
    let ending: NodeJS.Timeout | undefined;
    return (request) => {
      if (request.type === "stop") return;
      const { id } = request;
      const done = (result: object) => tell({ type: "done", id, result });
      if (request.type === "run") {
        for (const event of runReports) tell({ type: "event", id, event });
        ending = setTimeout(() => done({ ok: true, value: trimOutcome }), lastingMs.shift() ?? 20);
      } else if (request.action === "cancel") {
        clearTimeout(ending);
        done({ ok: false, failure: { code: "cancelled" } });
      }
    };
  });
  const made = queueOn(launch, options);
  return {
    ...made,
    /** Creates a run that is not in the queue yet; gives its id. */
    prepare(): string {
      const { id } = made.services.runs.create(planWithSeed(1), { name: "simulated" });
      mkdirSync(join(made.services.home.runs, id)); // as a trainer does first
      return id;
    },
  };
}

/** A queue on a new home, with real engines. */
export async function queueForTest(options: Partial<RunQueueOptions> = {}) {
  let engine: EngineProcess | undefined;
  const made = queueOn((entry, launched) => (engine = launchChild(entry, launched)), options);
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const folder = temporaryFolder();
  const model = { path: await writeTinyModel(join(folder, "tiny"), 4), name: "tiny" };
  const data = writeTinyData(join(folder, "data"));
  return {
    ...made,
    reading,
    /** Prepares a run of three rounds that is not in the queue yet; gives its id. */
    async prepare(options: PrepareOptions = {}): Promise<string> {
      const { trim, ...rest } = tinyRecipe();
      const sources = { data: [data], valid: [], test: [], offDomain: [], mappings: {} };
      const patch: PlanPatch = { ...rest, trim: { ...trim, unitsPerRound: 1 }, threads: 1 };
      return (await prepareTrim(made.services, reading, { model, sources, patch }, options)).run.id;
    },
    /** Ends the trainer as a system without memory would. */
    killEngine(): void {
      process.kill(engine!.processId!, "SIGKILL");
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
