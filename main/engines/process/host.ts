/** Main's side of an engine: starts its process, passes it one job at a time, or several that share it, and restarts it after a crash or a kill. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../../native-models/failure.ts";
import type { Device } from "../../../preload/contract/plans/device.ts";
import { cudaEnvironment } from "../cuda-component.ts";
import { EngineLife, type JobReport, type Overran } from "./engine-life.ts";
import type { Launch } from "./launch.ts";
import {
  parsed,
  sized,
  type EngineKind,
  type JobEvent,
  type JobInput,
  type JobName,
  type JobOutput,
  type JobType,
  type Limits,
  type Request,
} from "./protocol.ts";
import type { ControlAction } from "../../trimming/job-control.ts";
import type { EngineReason } from "../../../preload/contract/failures/engine.ts";

export interface EngineOptions {
  /** `launchChild` by default. */
  readonly launch?: Launch;
  /** The script that serves this kind; the product's own by default. */
  readonly entry?: string;
  /** Overrides the limits of the kind and of its jobs. */
  readonly limits?: Limits;
  /** The device that its jobs use: only CUDA's libraries come from a folder that a person added. */
  readonly device?: Device;
  /** Added to this process's environment. */
  readonly environment?: Record<string, string>;
  /** The process's standard output and error; with COPPICE_DEBUG, printed to this process's standard error by default. */
  readonly onLog?: (text: string) => void;
}

export interface RunOptions<Event> {
  readonly onEvent?: (event: Event) => void;
  /** Asks the job to cancel. A job that is still waiting never starts. */
  readonly signal?: AbortSignal;
}

export interface Engine<Jobs extends Record<string, JobType>> {
  /** The current process's id; undefined between two processes. */
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
  /** Sends a request to the running jobs; does nothing if none is running. */
  control(action: ControlAction): void;
  /** Ends the process, by force after two seconds; unfinished jobs reject with `engine-stopped`. */
  stop(): Promise<void>;
}

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
  /** Ends the watching of its limits. */
  unwatch?: () => void;
}

/** The script of a kind: above this file in the repository, otherwise in the bundle's engine folder. */
export function engineEntry(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const source = join(here, "..", `${name}.ts`);
  return existsSync(source) ? source : join(here, "engine", `${name}.cjs`);
}

/** Starts an engine of a kind. */
export function startEngine<Jobs extends Record<string, JobType>>(
  kind: EngineKind<Jobs>,
  options: EngineOptions = {},
): Engine<Jobs> {
  return new HostedEngine(kind, options);
}

/** Starts an engine and returns what `open` makes of it; stopped if `open` fails or the signal aborts. Failures: those of `open`; cancelled. */
export async function openEngine<Jobs extends Record<string, JobType>, Opened>(
  kind: EngineKind<Jobs>,
  { options, signal }: { options: EngineOptions | undefined; signal: AbortSignal | undefined },
  open: (engine: Engine<Jobs>) => Promise<Opened>,
): Promise<Opened> {
  const engine = startEngine(kind, options);
  const stop = () => void engine.stop();
  signal?.addEventListener("abort", stop);
  try {
    return await open(engine);
  } catch (error) {
    await engine.stop();
    throw signal?.aborted ? new AppError({ code: "cancelled" }) : error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Starts an engine while `use` runs; an abort ends it. Failures: those of `use`; cancelled. */
export async function withEngine<Jobs extends Record<string, JobType>, Result>(
  kind: EngineKind<Jobs>,
  { options, signal }: { options: EngineOptions | undefined; signal?: AbortSignal | undefined },
  use: (engine: Engine<Jobs>) => Promise<Result>,
): Promise<Result> {
  return openEngine(kind, { options, signal }, async (engine) => {
    const result = await use(engine);
    await engine.stop();
    return result;
  });
}

/** Runs jobs in the order in which they came, each in the process that is alive at that time. */
class HostedEngine<Jobs extends Record<string, JobType>> implements Engine<Jobs> {
  readonly #kind: EngineKind<Jobs>;
  readonly #options: EngineOptions;
  readonly #waiting: Job[] = [];
  /** Several only if all of them share the process. */
  readonly #running = new Map<number, Job>();
  #life: EngineLife | undefined;
  #abandoned: Promise<void> | undefined;
  #stopped = false;
  #lastId = 0;

  constructor(kind: EngineKind<Jobs>, options: EngineOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#life = this.#begin();
  }

  get processId(): number | undefined {
    return this.#life?.processId;
  }

  async run<Name extends JobName<Jobs>>(
    name: Name,
    input: JobInput<Jobs[Name]>,
    { onEvent, signal }: RunOptions<JobEvent<Jobs[Name]>> = {},
  ): Promise<JobOutput<Jobs[Name]>> {
    if (this.#stopped) throw this.#engineStopped("already-stopped");
    if (signal?.aborted) throw new AppError({ code: "cancelled" });
    const type = this.#kind.jobs[name]!;
    const id = ++this.#lastId;
    const what = `the input of ${name}`;
    const request = sized<Request>(
      { type: "run", id, job: name, input: parsed(type.input, input, what) },
      what,
    );
    let job: Job | undefined;
    const abort = () => job && this.#cancel(job);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const output = await new Promise<unknown>((resolve, reject) => {
        const listener = onEvent as ((event: unknown) => void) | undefined;
        job = { id, name, type, request, onEvent: listener, resolve, reject };
        this.#waiting.push(job);
        this.#advance();
      });
      return output as JobOutput<Jobs[Name]>;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  control(action: ControlAction): void {
    for (const job of this.#running.values()) this.#controlJob(job, action);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#life?.stop(), this.#abandoned]);
  }

  #begin(): EngineLife {
    const { entry = engineEntry(this.#kind.name), limits, device, ...options } = this.#options;
    const environment = { ...(device === "cuda" && cudaEnvironment()), ...options.environment };
    const heapBytes = limits?.memoryBytes ?? this.#kind.limits.memoryBytes;
    const life: EngineLife = new EngineLife(
      this.#kind.name,
      { ...options, environment, entry, heapBytes },
      {
        onReady: () => this.#advance(),
        onReport: (report) => this.#receive(report, life),
        onExit: (reason, overran) => this.#lose(life, reason, overran),
      },
    );
    return life;
  }

  /** Hands the next jobs over, if there are some and a process that can take them. */
  #advance(): void {
    while (this.#waiting.length > 0 && this.#canRun(this.#waiting[0]!)) {
      this.#life ??= this.#begin();
      if (!this.#life.takesJobs) return; // continues when it is ready, or when its exit is reported
      const job = this.#waiting.shift()!;
      this.#running.set(job.id, job);
      const { name, type, request } = job;
      job.unwatch = this.#life.watch(name, { ...this.#kind.limits, ...type.limits, ...this.#options.limits });
      this.#life.send(request);
    }
  }

  #canRun({ type }: Job): boolean {
    const running = [...this.#running.values()];
    return running.length === 0 || (type.isShared === true && running.every((job) => job.type.isShared));
  }

  #receive(report: JobReport, from: EngineLife): void {
    const job = this.#running.get(report.id);
    if (!job) return; // the last output of a finished job
    if (report.type === "event") {
      const event = parsed(job.type.event, report.event, `an event of ${job.name}`);
      return this.#deliver(job, event);
    }
    const { result } = report;
    const output = result.ok ? parsed(job.type.output, result.value, `the output of ${job.name}`) : undefined;
    this.#running.delete(job.id);
    job.unwatch?.();
    if (job.listenerError !== undefined) job.reject(job.listenerError);
    else if (result.ok) job.resolve(output);
    else job.reject(new AppError(result.failure));
    if (!result.ok && result.failure.code === "engine-stopped") this.#abandon(from);
    this.#advance();
  }

  /** Ends a process that ran out of memory but could still report it: a later job gets a new one. */
  #abandon(life: EngineLife): void {
    this.#life = undefined;
    this.#abandoned = life.stop();
    this.#loseRunning(this.#engineStopped("no-memory"));
  }

  #loseRunning(reason: AppError): void {
    const lost = [...this.#running.values()];
    this.#running.clear();
    for (const { unwatch, reject } of lost) {
      unwatch?.();
      reject(reason);
    }
  }

  #deliver(job: Job, event: unknown): void {
    try {
      job.onEvent?.(event);
    } catch (error) {
      job.listenerError ??= error;
      this.#controlJob(job, "cancel");
    }
  }

  /** The process has ended: its jobs fail, and the next job gets a new process. */
  #lose(life: EngineLife, reason: EngineReason, overran?: Overran): void {
    if (this.#life !== life) return; // it was abandoned
    this.#life = undefined;
    const stopped = this.#engineStopped(reason, overran);
    this.#loseRunning(stopped);
    // A process that cannot even start would fail every waiting job in turn.
    if (!life.ready || this.#stopped) for (const job of this.#waiting.splice(0)) job.reject(stopped);
    this.#advance();
  }

  #cancel(job: Job): void {
    if (this.#running.has(job.id)) return this.#controlJob(job, "cancel");
    const place = this.#waiting.indexOf(job);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    job.reject(new AppError({ code: "cancelled" }));
  }

  #controlJob({ id }: Job, action: ControlAction): void {
    this.#life?.send({ type: "control", id, action });
  }

  #engineStopped(reason: EngineReason, overran?: Overran): AppError {
    return new AppError({
      code: "engine-stopped",
      kind: this.#kind.name,
      reason,
      ...(overran && { overran }),
    });
  }
}
