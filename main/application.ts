/** The application behind its window: the services of one home, the queue of runs, the reader. No electron. */
import { join } from "node:path";
import type { z } from "zod";
import { channelOf } from "../preload/contract/call.ts";
import type { Notification } from "../preload/contract/call.ts";
import type { ApplicationState, Choosing } from "../preload/contract/calls/application.ts";
import type { PastTrouble } from "../preload/contract/calls/diagnostics.ts";
import { contract } from "../preload/contract/contract.ts";
import type { RunEvent } from "../preload/contract/runs/run.ts";
import { Calls } from "./calls.ts";
import { WindowWorks } from "./closing.ts";
import type { EngineOptions } from "./engines/process/host.ts";
import { takeCommands } from "./home/writer-socket.ts";
import { figuresOfFailure, runKey } from "./log/events.ts";
import { noLog } from "./log/log.ts";
import type { Log } from "./log/log.ts";
import { PermittedPaths } from "./permitted-paths.ts";
import { LoadedModels } from "./services/chat/loaded-models.ts";
import { Talk } from "./services/chat/talk.ts";
import { Reading } from "./services/data/reading.ts";
import { Devices } from "./services/devices/devices.ts";
import type { Secrets } from "./services/hub/token.ts";
import type { Ask } from "./services/network/request.ts";
import { openServices } from "./services/open.ts";
import type { Services } from "./services/open.ts";
import { thisComputer } from "./services/plans/admission.ts";
import type { Free } from "./services/plans/admission.ts";
import { freeWithin } from "./services/plans/limits.ts";
import { openBatchModel } from "./services/questions/batch-model.ts";
import { QuestionWriter } from "./services/questions/question-writer.ts";
import { handedCommands } from "./services/runs/handed-commands.ts";
import { RunQueue } from "./services/runs/run-queue.ts";
import type { RunSummary } from "./services/runs/runs.ts";
import { ServerSwitch } from "./services/server/server-switch.ts";
import { endNotice, menuBarWords } from "./services/settings/notices.ts";
import type { FileKindNames, MenuBarWords, NoticedEnd, TextMenuWords } from "./services/settings/notices.ts";
import { Updates } from "./services/updates/updates.ts";
import type { UpdatesOptions } from "./services/updates/updates.ts";

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

/** How long calls that are cancelled at the end may remove what they have written: an engine is given two seconds to end. */
const CLEANING_MS = 4_000;

/** The services of an open home, and what works on them: shared by the windows and by the commands of other processes. */
export class Application {
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
  readonly server: ServerSwitch;
  readonly desktop: Desktop;
  /** How engines are started here. */
  readonly engine: EngineOptions;
  readonly log: Log;
  /** Messages for the window, each shown once. */
  readonly troubles: PastTrouble[] = [];
  /** What was started in the window and ends with it. */
  readonly works = new WindowWorks(() => this.#keepAwake());
  /** The calls of the window and the commands of other processes that are in progress. */
  readonly calls = new Calls(() => this.#onEnd());
  /** Searches passages and reads for the question writer, which do not wait for large data to be read. */
  readonly passageReading: Reading;
  readonly #commands: { close(): void };
  #onEnd = () => {};
  #noticedAt = 0;
  #closed: Promise<void> | undefined;

  /** Opens a home and resumes its queue. Failures: those of `openServices`. */
  constructor(home: string, desktop: Desktop, options: EngineOptions, log: Log = noLog) {
    this.desktop = desktop;
    this.log = log;
    const engine = (this.engine = options);
    const services = (this.services = openServices(home));
    this.paths = new PermittedPaths(services);
    this.passageReading = new Reading(engine);
    this.reading = new Reading({ ...engine, recognised: services.home.recognised });
    this.devices = new Devices(services.settings, { engine, card: () => desktop.graphicsCard() });
    this.loadedModels = new LoadedModels({
      services,
      engine,
      onChange: () => this.announce(contract.conversations.loadedChanged, this.loadedModels.all),
    });
    this.talk = new Talk({ conversations: services.conversations, speakers: this.loadedModels });
    this.free = freeWithin(services.settings, {
      ...thisComputer,
      memoryBytes: () => thisComputer.memoryBytes() + this.loadedModels.idleBytes,
    });
    const mayStart = () => services.settings.get().onBattery === "run" || !desktop.state().onBattery;
    this.queue = new RunQueue(services, {
      engine,
      mayStart,
      onChange: (run, event) => this.#onRun(run, event),
      onBusy: (busy) => {
        if (busy) void this.loadedModels.unloadIdle();
        this.#keepAwake();
        this.questionWriter.advance();
      },
    });
    this.questionWriter = new QuestionWriter({
      services,
      reading: this.passageReading,
      open: async (path, signal) => {
        await this.loadedModels.unloadIdle();
        return openBatchModel(services.home, path, {
          reading: this.passageReading,
          engine,
          signal,
          free: this.free,
          threads: services.settings.get().threads ?? undefined,
        });
      },
      isBusy: () => this.queue.running !== null,
      mayStart,
      onChange: (writing) => {
        this.#keepAwake();
        this.announce(contract.questions.changed, writing);
        this.#onEnd();
      },
      onEnd: ({ id, name }, end) =>
        this.#notify(name, end === "done" ? "written" : "writing-failed", `#/questions/${id}`),
    });
    this.updates = new Updates({
      ...desktop.updates,
      cache: join(services.home.cache, "updates"),
      isOn: () => services.settings.get().updates === "tell",
      onChange: (state) => this.announce(contract.updates.changed, state),
    });
    this.updates.follow();
    this.server = new ServerSwitch({
      services,
      speakers: this.loadedModels,
      inspect: (path) => this.passageReading.inspect(path),
      onChange: (state) => this.announce(contract.server.changed, state),
    });
    void this.server.follow();
    for (const { id, onBattery } of services.runs.queued()) this.queue.add(id, { onBattery });
    const prepare = handedCommands(this);
    this.#commands = takeCommands(services.home.folder, (command) =>
      this.calls.answer(() => prepare(command)),
    );
  }

  /** Sends a notification of the contract to every window: announce(contract.runs.changed, …). */
  announce<Payload extends z.ZodType>(what: Notification<Payload>, payload: z.input<Payload>): void {
    this.desktop.send(channels.get(what)!, payload);
  }

  /** Shows the menu bar in the language of the settings. */
  showMenuBar(): void {
    const { language } = this.services.settings.get();
    this.desktop.setMenuBar(menuBarWords(language, this.desktop.state().languages));
  }

  /** Whether a run trains or a model writes questions. */
  isWorking(): boolean {
    return this.queue.running !== null || this.questionWriter.isWriting;
  }

  /** Whether anything is in progress, or waits for its turn or for mains power. */
  isNeeded(): boolean {
    const { queue, questionWriter, calls } = this;
    return (
      queue.running !== null || queue.waiting.length > 0 || questionWriter.isActive || calls.areInProgress
    );
  }

  /** When the last notification was shown (Date.now); 0: none yet. */
  noticedAt(): number {
    return this.#noticedAt;
  }

  /** Calls `listener` whenever something in progress may have ended. */
  followEnds(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** Starts waiting work if the settings and the computer's power allow it now. */
  advance(): void {
    this.#keepAwake();
    this.queue.advance();
    this.questionWriter.advance();
  }

  /** Ends everything that writes to the home, except a run. Calls to the application wait until the returned function is called. */
  async stopWriting(): Promise<() => void> {
    const goOn = await this.calls.hold();
    try {
      await this.questionWriter.stopActive();
      return goOn;
    } catch (error) {
      goOn();
      throw error;
    }
  }

  /** Saves and ends active work, cancels calls, and releases the home; once, however often it is called. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#commands.close();
    this.updates.stop();
    await Promise.all([
      this.calls.cancel(CLEANING_MS),
      ...[this.server.close(), this.questionWriter.close(), this.loadedModels.stop(), this.queue.close()],
    ]);
    await Promise.all([this.reading.stop(), this.passageReading.stop()]);
    this.services.close();
  }

  #onRun(run: RunSummary, event: RunEvent | null): void {
    logRun(this.log, run, event);
    this.announce(contract.runs.changed, { run, event });
    if (event !== null) return;
    this.#onEnd();
    const { id, name, state } = run;
    if (state === "done") this.#notify(name, state, `#/runs/${id}/result`);
    if (state === "failed") this.#notify(name, state, `#/runs/${id}`);
  }

  #notify(name: string, end: NoticedEnd, link: string): void {
    const { notifyWhenDone, language } = this.services.settings.get();
    if (!notifyWhenDone) return;
    this.desktop.notify(name, endNotice(end, language, this.desktop.state().languages), link);
    this.#noticedAt = Date.now();
  }

  /** Prevents the computer from sleeping while something is in progress, if the settings ask for it. */
  #keepAwake(): void {
    const isInProgress = this.isWorking() || this.works.inProgress.length > 0;
    this.desktop.keepAwake(this.services.settings.get().keepAwake && isInProgress);
  }
}

/** A run's states and phases; its figures are in the database. */
function logRun(log: Log, run: RunSummary, event: RunEvent | null): void {
  const { state, phase, fraction, activeSeconds, peakMemoryBytes, failure } = run;
  const key = runKey(run.id);
  if (event?.event === "phase")
    log.write({ event: "run-phase", run: key, phase: event.phase, round: event.round ?? null });
  if (event === null)
    log.write({
      event: "run-state",
      run: key,
      state,
      phase,
      fraction,
      activeSeconds,
      peakMemoryBytes,
      failure: failure && figuresOfFailure(failure),
    });
}

/** The channel of each entry of the contract, precomputed because every event of a run is announced. */
const channels = new Map<unknown, string>(
  Object.entries(contract).flatMap(([area, entries]) =>
    Object.entries(entries).map(([name, entry]): [unknown, string] => [entry, channelOf(area, name)]),
  ),
);
