/** The application behind its window: the services of one home, the queue of runs, the reader. No electron. */
import { join } from "node:path";
import type { z } from "zod";
import { channelOf } from "../preload/contract/call.ts";
import type { Notification } from "../preload/contract/call.ts";
import type { ApplicationState, Choosing } from "../preload/contract/calls/application.ts";
import type { PastTrouble } from "../preload/contract/calls/diagnostics.ts";
import { contract } from "../preload/contract/contract.ts";
import type { RunEvent } from "../preload/contract/run.ts";
import { handedCommands } from "./services/runs/handed-commands.ts";
import { withCuda } from "./engine/cuda-component.ts";
import type { EngineOptions } from "./engine/host.ts";
import { figuresOfFailure, runKey } from "./log/events.ts";
import { noLog } from "./log/log.ts";
import type { Log } from "./log/log.ts";
import { Devices } from "./services/devices/devices.ts";
import { LoadedModels } from "./services/chat/loaded-models.ts";
import { endNotice } from "./services/settings/notices.ts";
import type { FileKindNames, MenuBarWords, NoticedEnd, TextMenuWords } from "./services/settings/notices.ts";
import { openServices } from "./services/open.ts";
import type { Services } from "./services/open.ts";
import { thisComputer } from "./services/plans/admission.ts";
import type { Free } from "./services/plans/admission.ts";
import { freeWithin } from "./services/plans/limits.ts";
import { PermittedPaths } from "./permitted-paths.ts";
import { Reading } from "./services/data/reading.ts";
import { openBatchModel } from "./services/questions/batch-model.ts";
import { QuestionWriter } from "./services/questions/question-writer.ts";
import { RunQueue } from "./services/runs/run-queue.ts";
import type { RunSummary } from "./services/runs/runs.ts";
import { Talk } from "./services/chat/talk.ts";
import type { Ask } from "./services/network/request.ts";
import type { Secrets } from "./services/hub/token.ts";
import { Updates } from "./services/updates/updates.ts";
import type { UpdatesOptions } from "./services/updates/updates.ts";
import { Calls } from "./calls.ts";
import { WindowWorks } from "./closing.ts";
import { takeCommands } from "./writer-socket.ts";

export interface NetworkOptions {
  readonly partition: string;
  readonly allows: (url: string) => boolean;
}

/** The functions of the system's desktop for the application. */
export interface Desktop {
  state(): Pick<ApplicationState, "version" | "electronVersion" | "languages" | "onBattery">;
  /** The open dialog; empty if the person cancelled. */
  choose(what: Choosing, names: FileKindNames): Promise<string[]>;
  /** The save dialog; null if the person cancelled. */
  chooseSave(suggestedName: string, extension: string): Promise<string | null>;
  show(path: string): void;
  copyText(text: string): void;
  /** Shows these words in the application's menu. */
  setMenuBar(words: MenuBarWords & TextMenuWords): void;
  /** Prevents the computer from sleeping, or allows it again. */
  keepAwake(awake: boolean): void;
  /** A system notification; a click on it opens `link` ("#/runs/…") in the window. */
  notify(title: string, text: string, link: string): void;
  /** The processes of the application, by their ids. */
  processes(): { processId: number; name: string }[];
  /** Restarts the application. */
  restart(): void;
  /** The graphics card that renders the window, as named by its driver; null if unknown. */
  graphicsCard(): Promise<string | null>;
  /** Requests refused by the window's session since the start. */
  refusedRequests(): number;
  /** A network session limited to the addresses that `allows` accepts, created on first use; `count`: its requests since the start. */
  network(options: NetworkOptions): { readonly ask: Ask; count(): number };
  /** The system's encryption for this account's secrets. */
  readonly secrets: Secrets;
  /** The source of this package's updates, and the code that looks for them. */
  readonly updates: Pick<UpdatesOptions, "place" | "replacesItself" | "load">;
  /** Sends to every window. */
  send(channel: string, payload: unknown): void;
}

export interface Application {
  readonly services: Services;
  /** The paths that the window may name. */
  readonly paths: PermittedPaths;
  readonly reading: Reading;
  readonly queue: RunQueue;
  readonly devices: Devices;
  readonly loadedModels: LoadedModels;
  readonly talk: Talk;
  /** What runs and questions may use: the free memory within the person's limit, and that of chat models that are unloaded for them. */
  readonly free: Free;
  readonly questionWriter: QuestionWriter;
  readonly updates: Updates;
  readonly desktop: Desktop;
  /** How engines are started here. */
  readonly engine: EngineOptions;
  readonly log: Log;
  /** Messages for the window, each shown once. */
  readonly troubles: PastTrouble[];
  /** Sends a notification of the contract to every window: announce(contract.runs.changed, …). */
  announce<Payload extends z.ZodType>(what: Notification<Payload>, payload: z.input<Payload>): void;
  /** What was started in the window and ends with it. */
  readonly works: WindowWorks;
  /** Whether a run trains or a model writes questions. */
  isWorking(): boolean;
  /** Whether anything is in progress, or waits for its turn or for mains power. */
  isNeeded(): boolean;
  /** When the last notification was shown (Date.now); 0: none yet. */
  noticedAt(): number;
  /** Calls `listener` whenever something in progress may have ended. */
  followEnds(listener: () => void): void;
  /** Starts waiting work if the settings and the computer's power allow it now. */
  advance(): void;
  /** The calls of the window and the commands of other processes that are in progress. */
  readonly calls: Calls;
  /**
   * Ends everything that writes to the home, except a run. Calls to the application wait until the returned function is called.
   */
  stopWriting(): Promise<() => void>;
  /** Saves and ends active work, cancels calls, and releases the home; once, however often it is called. */
  close(): Promise<void>;
}

/** How long calls that are cancelled at the end may remove what they have written: an engine is given two seconds to end. */
const CLEANING_MS = 4_000;

/** Opens a home and resumes its queue. Failures: those of `openServices`. */
export function openApplication(
  home: string,
  desktop: Desktop,
  options: EngineOptions,
  log: Log = noLog,
): Application {
  const engine = withCuda(options, home);
  const services = openServices(home);
  const reading = new Reading({ ...engine, recognised: services.home.recognised });
  const devices = new Devices(services.settings, { engine, home, card: () => desktop.graphicsCard() });
  const chatReading = new Reading(engine); // a request does not wait for large data to be read
  const loadedModels: LoadedModels = new LoadedModels({
    ...{ services, reading: chatReading, engine },
    onChange: () => announce(contract.conversations.loadedChanged, loadedModels.all),
  });
  const talk = new Talk({
    conversations: services.conversations,
    reading: chatReading,
    speakers: loadedModels,
  });
  const free = freeWithin(services.settings, {
    ...thisComputer,
    memoryBytes: () => thisComputer.memoryBytes() + loadedModels.idleBytes,
  });
  let onEnd = () => {};
  let noticedAt = 0;
  const announce: Application["announce"] = (what, payload) => desktop.send(channels.get(what)!, payload);
  const mayStart = () => services.settings.get().onBattery === "run" || !desktop.state().onBattery;
  const queue = new RunQueue(services, {
    ...{ engine, mayStart },
    onChange: (run, event) => {
      logRun(log, run, event);
      announce(contract.runs.changed, { run, event });
      if (event === null) onEnd();
      const { id, name, state } = run;
      if (event !== null || (state !== "done" && state !== "failed")) return;
      noticeEnd(name, state, state === "done" ? `#/runs/${id}/result` : `#/runs/${id}`);
    },
    onBusy: (busy) => {
      if (busy) void loadedModels.unloadIdle();
      followWork();
      questionWriter.advance();
    },
  });
  const questionWriter = new QuestionWriter({
    services,
    reading: chatReading,
    open: async (path, signal) => {
      await loadedModels.unloadIdle();
      return openBatchModel(services.home, path, {
        ...{ reading: chatReading, engine, signal, free },
        threads: services.settings.get().threads ?? undefined,
      });
    },
    isBusy: () => queue.running !== null,
    mayStart,
    onChange: (writing) => {
      followWork();
      announce(contract.questions.changed, writing);
      onEnd();
    },
    onEnd: ({ id, name }, end) =>
      noticeEnd(name, end === "done" ? "written" : "writing-failed", `#/questions/${id}`),
  });
  const isWorking = () => queue.running !== null || questionWriter.isWriting;
  const works = new WindowWorks(() => followWork());
  const followWork = () => {
    const isNeeded = isWorking() || works.inProgress.length > 0;
    desktop.keepAwake(services.settings.get().keepAwake && isNeeded);
  };

  const updates = new Updates({
    ...desktop.updates,
    cache: join(services.home.cache, "updates"),
    isOn: () => services.settings.get().updates === "tell",
    onChange: (state) => announce(contract.updates.changed, state),
  });
  updates.follow();

  function noticeEnd(name: string, end: NoticedEnd, link: string): void {
    const { notifyWhenDone, language } = services.settings.get();
    if (!notifyWhenDone) return;
    desktop.notify(name, endNotice(end, language, desktop.state().languages), link);
    noticedAt = Date.now();
  }

  const calls = new Calls(() => onEnd());
  async function stopWriting(): Promise<() => void> {
    const goOn = await calls.hold();
    try {
      await questionWriter.stopActive();
      return goOn;
    } catch (error) {
      goOn();
      throw error;
    }
  }

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    commands.close();
    updates.stop();
    await Promise.all([
      calls.cancel(CLEANING_MS),
      ...[questionWriter.close(), loadedModels.stop(), queue.close()],
    ]);
    await Promise.all([reading.stop(), chatReading.stop()]);
    services.close();
  }

  for (const { id, onBattery } of services.runs.queued()) queue.add(id, { onBattery });
  const application: Application = {
    services,
    paths: new PermittedPaths(services),
    reading,
    queue,
    devices,
    loadedModels,
    talk,
    free,
    questionWriter,
    updates,
    desktop,
    engine,
    log,
    troubles: [],
    announce,
    works,
    isWorking,
    isNeeded: () =>
      queue.running !== null || queue.waiting.length > 0 || questionWriter.isActive || calls.areInProgress,
    noticedAt: () => noticedAt,
    followEnds: (listener) => (onEnd = listener),
    advance: () => {
      followWork();
      queue.advance();
      questionWriter.advance();
    },
    calls,
    stopWriting,
    close: () => (closed ??= close()),
  };
  const prepare = handedCommands({ services, reading, queue, free });
  const commands = takeCommands(services.home.folder, (command) => calls.answer(() => prepare(command)));
  return application;
}

/** A run's states and phases; its figures are in the database. */
function logRun(log: Log, run: RunSummary, event: RunEvent | null): void {
  const { state, phase, fraction, activeSeconds, peakMemoryBytes, failure } = run;
  const key = runKey(run.id);
  if (event?.event === "phase")
    log.write({ event: "run-phase", run: key, phase: event.phase, round: event.round ?? null });
  if (event === null)
    log.write({
      ...{ event: "run-state", run: key, state, phase, fraction, activeSeconds, peakMemoryBytes },
      failure: failure && figuresOfFailure(failure),
    });
}

/** The channel of each entry of the contract, precomputed because every event of a run is announced. */
const channels = new Map<unknown, string>(
  Object.entries(contract).flatMap(([area, entries]) =>
    Object.entries(entries).map(([name, entry]): [unknown, string] => [entry, channelOf(area, name)]),
  ),
);
