/** A home with everything behind the window but the window: its services, reader, chat and queue, and the engines they start. */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { launchChild } from "../../main/engines/process/launch.ts";
import type { EngineProcess, Launch } from "../../main/engines/process/launch.ts";
import { LoadedModels } from "../../main/services/chat/loaded-models.ts";
import { Talk } from "../../main/services/chat/talk.ts";
import { Reading } from "../../main/services/data/reading.ts";
import { openServices } from "../../main/services/open.ts";
import { RunQueue } from "../../main/services/runs/run-queue.ts";
import { prepareTrim } from "../../main/services/runs/trimming.ts";
import type { RunEvent } from "../../preload/contract/runs/run.ts";
import { writeTinyData } from "../main/cli/tiny-data.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { tinyRecipe } from "../main/cli/tiny-trim.ts";

export type EngineName = "reader" | "chat" | "trainer";
export const engineNames: readonly EngineName[] = ["reader", "chat", "trainer"];

/** So hot that no end of an answer is likely before its 450 tokens. */
export const endless = { temperature: 10, maxTokens: 450, seed: 3 };

/** Opens the home `folder`; `onLaunch` is called with each process as it starts. */
export async function openEngines(
  folder: string,
  onLaunch: (name: EngineName, engine: EngineProcess) => void = () => {},
) {
  const services = openServices(join(folder, "home"));
  const newest = new Map<EngineName, EngineProcess>();
  const launch: Launch = (entry, options) => {
    const engine = launchChild(entry, options);
    const name = engineNames.find((known) => entry.includes(known))!;
    newest.set(name, engine);
    onLaunch(name, engine);
    return engine;
  };
  const engine = { launch };
  const reading = new Reading(engine);
  const loaded = new LoadedModels({ services, engine });
  const { conversations } = services;
  const talk = new Talk({ conversations, speakers: loaded });
  const heard = new Set<(run: string, event: RunEvent | null) => void>();
  const queue = new RunQueue(services, {
    engine,
    mayStart: () => true,
    onBusy: () => {},
    onChange: ({ id }, event) => heard.forEach((hear) => hear(id, event)),
  });
  const model = { path: await writeTinyModel(join(folder, "tiny"), 3), name: "tiny" };
  const data = writeTinyData(join(folder, "data"));

  return {
    services,
    reading,
    talk,
    queue,
    model,
    newest,
    /** Prepares a run that is not in the queue yet; gives its id. */
    async prepare(): Promise<string> {
      const sources = { data: [data], valid: [], test: [], offDomain: [], mappings: {} };
      const patch = { ...tinyRecipe(), threads: 1 };
      return (await prepareTrim(services, reading, { model, sources, patch })).run.id;
    },
    /** Waits for an event of a run; `null`: a change of its state. */
    until(id: string, isIt: (event: RunEvent | null) => boolean): Promise<void> {
      return new Promise((resolve) => {
        const hear = (run: string, event: RunEvent | null) => {
          if (run !== id || !isIt(event)) return;
          heard.delete(hear);
          resolve();
        };
        heard.add(hear);
      });
    },
    async close(): Promise<void> {
      await loaded.stop();
      await queue.close();
      await reading.stop();
      services.close();
    },
  };
}

export type Engines = Awaited<ReturnType<typeof openEngines>>;

/** What `work` gives, or a rejection if it takes longer. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = wait(milliseconds, null, { signal: late.signal }).then(() => {
    throw new Error(`${what} took more than ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([work, timer]);
  } finally {
    late.abort();
    timer.catch(() => {});
  }
}
