/** One process of an engine: started, listened to, watched and ended. */
import { OUT_OF_MEMORY } from "../../../native-models/out-of-memory.ts";
import { awakeTimeout } from "./awake-clock.ts";
import { launchChild, type EngineProcess, type Exit, type Launch } from "./launch.ts";
import { Report, parsed, sized, type Limits, type Request } from "./protocol.ts";
import type { EngineReason } from "../../../preload/contract/failures/engine.ts";

/** What a process reports of a job. */
export type JobReport = Exclude<Report, { type: "ready" }>;

interface LifeOptions {
  readonly launch?: Launch;
  readonly entry: string;
  /** JavaScript heap; V8's own default if undefined. */
  readonly heapBytes: number | undefined;
  readonly environment?: Record<string, string>;
  readonly onLog?: (text: string) => void;
}

export type Overran = "time" | "memory";

interface LifeListener {
  readonly onReady: () => void;
  /** An error that it throws counts as a breach of the protocol and ends the process. */
  readonly onReport: (report: JobReport) => void;
  /** Called once. `reason`: why the process ended, for a person; `overran`: the limit that the job exceeded, if that was why. */
  readonly onExit: (reason: EngineReason, overran?: Overran) => void;
}

/** A process that is not ready by then never will be. */
const START_MS = 60_000;
const STOP_MS = 2_000;
const MEMORY_CHECK_MS = 50;
/** Bytes of the process's last output kept to explain its end. */
const LAST_WORDS = 4_000;

/** With COPPICE_DEBUG, what an engine prints is printed here, too. */
const debugging = () =>
  process.env["COPPICE_DEBUG"] ? (text: string) => void process.stderr.write(text) : undefined;

/** An engine's process from its launch to its end. */
export class EngineLife {
  readonly #kindName: string;
  readonly #process: EngineProcess;
  readonly #exited: Promise<void>;
  readonly #listener: LifeListener;
  readonly #onLog: ((text: string) => void) | undefined;
  #ready = false;
  /** Why the host ended it, if the host did. */
  #endedBecause: EngineReason | undefined;
  #overran: Overran | undefined;
  #lastWords = "";
  readonly #starting: { stop(): void };
  /** Stop the watching of running jobs. */
  readonly #watches = new Set<() => void>();

  constructor(
    kindName: string,
    { launch = launchChild, entry, heapBytes, environment = {}, onLog = debugging() }: LifeOptions,
    listener: LifeListener,
  ) {
    this.#kindName = kindName;
    this.#listener = listener;
    this.#onLog = onLog;
    const heapMegabytes = heapBytes && Math.ceil(heapBytes / 2 ** 20);
    this.#process = launch(entry, { environment, ...(heapMegabytes ? { heapMegabytes } : {}) });
    this.#starting = awakeTimeout(() => this.#end("no-start"), START_MS);
    this.#process.onLog((text) => this.#hear(text));
    this.#process.onMessage((message) => this.#receive(message));
    this.#exited = new Promise((resolve) =>
      this.#process.onExit((how) => {
        resolve();
        this.#exit(how);
      }),
    );
  }

  get processId(): number | undefined {
    return this.#process.processId;
  }

  /** Whether it has reported that it serves its kind. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether a job can be sent to it now. */
  get takesJobs(): boolean {
    return this.#ready && this.#endedBecause === undefined && this.#process.isAlive;
  }

  send(request: Request): void {
    this.#process.send(request);
  }

  /** Ends the process if the job exceeds these limits before the returned function is called. */
  watch(job: string, { timeMs, memoryBytes }: Limits): () => void {
    const timers: { stop(): void }[] = [];
    if (timeMs !== undefined)
      timers.push(
        awakeTimeout(() => this.#end({ code: "too-slow", job, seconds: timeMs / 1000 }, "time"), timeMs),
      );
    if (memoryBytes !== undefined) {
      const check = () => {
        if ((this.#process.memoryBytes() ?? 0) <= memoryBytes) return;
        this.#end({ code: "too-much-memory", job, megabytes: Math.round(memoryBytes / 1e6) }, "memory");
      };
      const timer = setInterval(check, MEMORY_CHECK_MS);
      timers.push({ stop: () => clearInterval(timer) });
    }
    const unwatch = () => {
      for (const timer of timers) timer.stop();
      this.#watches.delete(unwatch);
    };
    this.#watches.add(unwatch);
    return unwatch;
  }

  /** Asks it to end, and kills it after two seconds. */
  async stop(): Promise<void> {
    this.#endedBecause ??= "stopped";
    this.send({ type: "stop" });
    const force = setTimeout(() => this.#process.kill(), STOP_MS);
    await this.#exited;
    clearTimeout(force);
  }

  #hear(text: string): void {
    this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    this.#onLog?.(text);
  }

  #receive(message: unknown): void {
    if (this.#endedBecause !== undefined) return;
    try {
      const report = parsed(Report, sized(message, "a report"), "a report");
      if (report.type === "ready") this.#becomeReady(report.kind);
      else this.#listener.onReport(report);
    } catch (error) {
      // The process is no longer trusted: a file may have caused the violation. A circular value, for example, has no JSON.
      this.#end({ code: "protocol", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  #becomeReady(kindName: string): void {
    if (kindName !== this.#kindName) return this.#end({ code: "other-kind", kind: kindName });
    this.#ready = true;
    this.#starting.stop();
    this.#listener.onReady();
  }

  #end(reason: EngineReason, overran?: Overran): void {
    if (this.#endedBecause === undefined) this.#overran = overran;
    this.#endedBecause ??= reason;
    this.#process.kill();
  }

  #exit(how: Exit): void {
    this.#starting.stop();
    for (const unwatch of this.#watches) unwatch();
    this.#listener.onExit(this.#endedBecause ?? reasonOf(how, this.#lastWords), this.#overran);
  }
}

/** The exit code of Chromium's processes on Windows when an allocation fails (0xE0000008). */
const CHROMIUM_OUT_OF_MEMORY = 0xe0000008;

/** Why a process ended, for a person. V8 reports a full heap before it aborts; everything else comes from the system. */
function reasonOf({ exitCode, signal }: Exit, lastWords: string): EngineReason {
  if (OUT_OF_MEMORY.test(lastWords) || exitCode === CHROMIUM_OUT_OF_MEMORY) return "no-memory";
  // A process that aborts for another reason reports it first; without memory it cannot.
  if (signal === "SIGABRT" && lastWords.trim() === "") return "aborted";
  if (signal === "SIGKILL") return "killed";
  if (signal !== null) return { code: "crashed", signal };
  const error = /^\s*(?:Uncaught )?(\w*Error(?: \[\w+\])?: .+)$/m.exec(lastWords)?.[1] ?? null;
  return exitCode === 0 || exitCode === null
    ? { code: "in-the-middle", error }
    : { code: "exited", exitCode, error };
}
