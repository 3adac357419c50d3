/** Main's side of an engine: starts its process, passes it one job at a time, and restarts it after a crash or a kill. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, type Failure } from "../../native-models/failure.ts";
import { OUT_OF_MEMORY } from "./out-of-memory.ts";
import { awakeTimeout } from "./awake-timeout.ts";
import { launchChild, type EngineProcess, type Exit, type Launch } from "./launch.ts";
import {
  Report,
  parsed,
  sized,
  type ControlAction,
  type EngineKind,
  type JobEvent,
  type JobInput,
  type JobName,
  type JobOutput,
  type JobType,
  type Limits,
  type Request,
} from "./protocol.ts";

export interface EngineOptions {
  /** `launchChild` by default. */
  readonly launch?: Launch;
  /** The script that serves this kind; the product's own by default. */
  readonly entry?: string;
  /** Overrides the limits of the kind and of its jobs. */
  readonly limits?: Limits;
  /** Added to this process's environment. */
  readonly environment?: Record<string, string>;
  /** The process's standard output and error; with COPPICE_DEBUG, printed to this process's standard error by default. */
  readonly onLog?: (text: string) => void;
}

export interface RunOptions<Event> {
  readonly onEvent?: (event: Event) => void;
  /** Asks the job to cancel. A job that has not started never does. */
  readonly signal?: AbortSignal;
}

export interface Engine<Jobs extends Record<string, JobType>> {
  /** Of the current process; undefined between two. */
  readonly processId: number | undefined;
  /**
   * Queues a job and returns its output. Rejects with the job's own Failure, `cancelled`, `message-too-large`, or
   * `engine-stopped` if the process ended meanwhile (a later job gets a new process).
   */
  run<Name extends JobName<Jobs>>(
    job: Name,
    input: JobInput<Jobs[Name]>,
    options?: RunOptions<JobEvent<Jobs[Name]>>,
  ): Promise<JobOutput<Jobs[Name]>>;
  /** Sends a request to the running job; does nothing if none is running. */
  control(action: ControlAction): void;
  /** Ends the process, by force after two seconds; unfinished jobs reject with `engine-stopped`. */
  stop(): Promise<void>;
}

/** A process that has not answered by then will not. */
const START_MS = 60_000;
const STOP_MS = 2_000;
const MEMORY_CHECK_MS = 50;
/** Bytes of the process's last output kept to explain its end. */
const LAST_WORDS = 4_000;

interface Job {
  readonly id: number;
  readonly name: string;
  readonly type: JobType;
  readonly request: Request;
  readonly onEvent: ((event: unknown) => void) | undefined;
  /** An error thrown by `onEvent`: the job is cancelled and rejects with it. */
  listenerError?: unknown;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One life of the engine's process. */
interface Life {
  readonly process: EngineProcess;
  readonly exited: Promise<void>;
  ready: boolean;
  /** Why the host ended it, if it did. */
  endedBecause: string | undefined;
  lastWords: string;
  timers: NodeJS.Timeout[];
}

/** The script of a kind: beside this file in the repository, otherwise in the bundle's engine folder. */
export function engineEntry(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const source = join(here, `${name}.ts`);
  return existsSync(source) ? source : join(here, "engine", `${name}.cjs`);
}

/** Starts an engine of a kind. */
export function startEngine<Jobs extends Record<string, JobType>>(
  kind: EngineKind<Jobs>,
  {
    launch = launchChild,
    entry = engineEntry(kind.name),
    environment = {},
    onLog = process.env["COPPICE_DEBUG"] ? (text) => process.stderr.write(text) : undefined,
    ...options
  }: EngineOptions = {},
): Engine<Jobs> {
  const heapBytes = options.limits?.memoryBytes ?? kind.limits.memoryBytes;
  const waiting: Job[] = [];
  let running: Job | undefined;
  let life: Life | undefined;
  let stopped = false;
  let lastId = 0;

  const engineStopped = (reason: string): Failure => ({ code: "engine-stopped", kind: kind.name, reason });

  function begin(): Life {
    const heapMegabytes = heapBytes && Math.ceil(heapBytes / 2 ** 20);
    const process = launch(entry, { environment, ...(heapMegabytes ? { heapMegabytes } : {}) });
    let exit = () => {};
    const exited = new Promise<void>((resolve) => (exit = resolve));
    const born: Life = { process, exited, ready: false, endedBecause: undefined, lastWords: "", timers: [] };
    born.timers.push(awakeTimeout(() => end(born, "it did not start in a minute"), START_MS));
    process.onLog((text) => {
      born.lastWords = (born.lastWords + text).slice(-LAST_WORDS);
      onLog?.(text);
    });
    process.onMessage((message) => {
      if (born.endedBecause !== undefined) return;
      try {
        receive(born, parsed(Report, sized(message, "a report"), "a report"));
      } catch (error) {
        // Not trusted any more: a file may have caused the protocol violation. A circular value, for one, has no JSON.
        end(born, `it broke the protocol (${error instanceof Error ? error.message : String(error)})`);
      }
    });
    process.onExit((how) => {
      clearTimers(born);
      if (life === born) life = undefined;
      exit();
      const failure = engineStopped(born.endedBecause ?? reasonOf(how, born.lastWords));
      const lost = running ? [running] : [];
      // A process that cannot even start would fail every waiting job in turn.
      if (!born.ready || stopped) lost.push(...waiting.splice(0));
      running = undefined;
      for (const job of lost) job.reject(new AppError(failure));
      advance();
    });
    return born;
  }

  function clearTimers(which: Life): void {
    for (const timer of which.timers.splice(0)) clearInterval(timer);
  }

  function end(which: Life, reason: string): void {
    which.endedBecause ??= reason;
    which.process.kill();
  }

  function receive(from: Life, report: Report): void {
    if (report.type === "ready") {
      if (report.kind !== kind.name) return end(from, `its script serves ${report.kind}`);
      from.ready = true;
      clearTimers(from);
      return advance();
    }
    if (report.id !== running?.id) return; // the last output of a finished job
    const job = running;
    if (report.type === "event") {
      const event = parsed(job.type.event, report.event, `an event of ${job.name}`);
      return deliver(job, event);
    }
    const { result } = report;
    const output = result.ok ? parsed(job.type.output, result.value, `the output of ${job.name}`) : undefined;
    running = undefined;
    clearTimers(from);
    if (job.listenerError !== undefined) job.reject(job.listenerError);
    else if (result.ok) job.resolve(output);
    else job.reject(new AppError(result.failure));
    advance();
  }

  function deliver(job: Job, event: unknown): void {
    try {
      job.onEvent?.(event);
    } catch (error) {
      job.listenerError ??= error;
      controlJob(job.id, "cancel");
    }
  }

  function advance(): void {
    if (running || waiting.length === 0) return;
    life ??= begin();
    if (!life.ready || life.endedBecause !== undefined || !life.process.isAlive) return; // continues when its exit is reported
    running = waiting.shift()!;
    watch(life, running);
    life.process.send(running.request);
  }

  function watch(current: Life, job: Job): void {
    const { timeMs, memoryBytes } = { ...kind.limits, ...job.type.limits, ...options.limits };
    if (timeMs !== undefined) {
      current.timers.push(
        awakeTimeout(() => end(current, `${job.name} took longer than ${timeMs / 1000} s`), timeMs),
      );
    }
    if (memoryBytes !== undefined) {
      const check = () => {
        if ((current.process.memoryBytes() ?? 0) <= memoryBytes) return;
        end(current, `${job.name} took more than ${Math.round(memoryBytes / 1e6)} MB of memory`);
      };
      current.timers.push(setInterval(check, MEMORY_CHECK_MS));
    }
  }

  function controlJob(id: number, action: ControlAction): void {
    life?.process.send({ type: "control", id, action } satisfies Request);
  }

  function cancel(job: Job): void {
    if (running === job) return controlJob(job.id, "cancel");
    const place = waiting.indexOf(job);
    if (place < 0) return;
    waiting.splice(place, 1);
    job.reject(new AppError({ code: "cancelled" }));
  }

  life = begin();

  return {
    get processId() {
      return life?.process.processId;
    },

    async run(name, input, { onEvent, signal } = {}) {
      if (stopped) throw new AppError(engineStopped("it was stopped before"));
      if (signal?.aborted) throw new AppError({ code: "cancelled" });
      const type = kind.jobs[name]!;
      const id = ++lastId;
      const request: Request = {
        type: "run",
        id,
        job: name,
        input: parsed(type.input, input, `the input of ${name}`),
      };
      sized(request, `the input of ${name}`);
      let job: Job | undefined;
      const abort = () => job && cancel(job);
      signal?.addEventListener("abort", abort, { once: true });
      try {
        const output = await new Promise<unknown>((resolve, reject) => {
          const listener = onEvent as ((event: unknown) => void) | undefined;
          job = { id, name, type, request, onEvent: listener, resolve, reject };
          waiting.push(job);
          advance();
        });
        return output as JobOutput<Jobs[typeof name]>;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    },

    control(action) {
      if (running) controlJob(running.id, action);
    },

    async stop() {
      stopped = true;
      if (!life) return;
      const last = life;
      last.endedBecause ??= "it was stopped";
      last.process.send({ type: "stop" } satisfies Request);
      const force = setTimeout(() => last.process.kill(), STOP_MS);
      await last.exited;
      clearTimeout(force);
    },
  };
}

/** The exit code of Chromium's processes on Windows when an allocation fails (0xE0000008). */
const CHROMIUM_OUT_OF_MEMORY = 0xe0000008;

/** Why a process ended, for a person. V8 reports a full heap before it aborts; the rest is the system's information. */
function reasonOf({ exitCode, signal }: Exit, lastWords: string): string {
  if (OUT_OF_MEMORY.test(lastWords) || exitCode === CHROMIUM_OUT_OF_MEMORY) return "it ran out of memory";
  // A process that aborts for another reason reports it first; without memory it cannot.
  if (signal === "SIGABRT" && lastWords.trim() === "")
    return "it crashed (SIGABRT), most likely for want of memory";
  if (signal === "SIGKILL") return "it was killed (SIGKILL), by a person or by the system for want of memory";
  if (signal !== null) return `it crashed (${signal})`;
  const error = /^\s*(?:Uncaught )?(\w*Error(?: \[\w+\])?: .+)$/m.exec(lastWords)?.[1];
  const how = exitCode === 0 ? "it ended in the middle of the job" : `it ended with exit code ${exitCode}`;
  return error === undefined ? how : `${how} (${error})`;
}
