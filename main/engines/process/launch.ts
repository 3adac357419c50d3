/** Starts an engine's process: a Node child process here, Electron's utilityProcess in the application. */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { finished } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { noTelemetry } from "../../../native-models/runtime/no-telemetry.ts";

export interface LaunchOptions {
  /** JavaScript heap; V8's own default if absent. */
  readonly heapMegabytes?: number;
  /** Added to this process's environment. */
  readonly environment?: Record<string, string>;
}

/** How a process ended. Electron reports a signal only as an exit code. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A process that exchanges messages; the host calls `onMessage`, `onLog` and `onExit` right after the launch. */
export interface EngineProcess {
  readonly processId: number | undefined;
  /** Whether it is still running; `onExit` reports the end only after its last output has been read. */
  readonly isAlive: boolean;
  send(message: unknown): void;
  /** Kills it immediately. */
  kill(): void;
  /** Resident memory of the process; undefined if the system does not report it. */
  memoryBytes(): number | undefined;
  onMessage(listener: (message: unknown) => void): void;
  /** Text from its standard output and error. */
  onLog(listener: (text: string) => void): void;
  onExit(listener: (exit: Exit) => void): void;
}

/** Starts `entry` (a script's path) as an engine process. */
export type Launch = (entry: string, options: LaunchOptions) => EngineProcess;

/** Launches a Node child process, on the Node that runs this one. */
export const launchChild: Launch = (entry, { heapMegabytes, environment }) => {
  const heap = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];
  const child = fork(entry, [], {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning", ...heap],
    env: { ...process.env, ...noTelemetry, ...environment },
  });
  // If a process cannot be started, or ends while a message is in transit, its exit reports it.
  child.on("error", () => {});
  return {
    get processId() {
      return child.pid;
    },
    get isAlive() {
      return child.exitCode === null && child.signalCode === null;
    },
    send: (message) => {
      if (child.connected) child.send(message as object, () => {});
    },
    kill: () => child.kill("SIGKILL"),
    memoryBytes: () => residentBytes(child),
    onMessage: (listener) => child.on("message", listener),
    onLog: (listener) => listen([child.stdout, child.stderr], listener),
    onExit: (listener) => {
      child.on("close", (exitCode, signal) => listener({ exitCode, signal }));
    },
  };
};

/** The part of Electron that launches engines, as a structural type: main/engines does not depend on Electron. */
export interface UtilityHost {
  utilityProcess: {
    fork(
      entry: string,
      args: string[],
      options: { serviceName: string; stdio: "pipe"; execArgv: string[]; env: NodeJS.ProcessEnv },
    ): UtilityProcess;
  };
  app: { getAppMetrics(): { pid: number; memory: { workingSetSize: number } }[] };
}

interface UtilityProcess {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "exit", listener: (exitCode: number) => void): unknown;
}

/** Launches Electron's utilityProcess; call it after the application is ready. The system's task list shows "Coppice trainer". */
export function launchUtility({ utilityProcess, app }: UtilityHost): Launch {
  return (entry, { heapMegabytes, environment }) => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: `Coppice ${basename(entry, extname(entry))}`,
      stdio: "pipe",
      execArgv: heapMegabytes === undefined ? [] : [`--js-flags=--max-old-space-size=${heapMegabytes}`],
      env: { ...process.env, ...noTelemetry, ...environment },
    });
    const output = [child.stdout, child.stderr];
    let isAlive = true;
    child.on("exit", () => (isAlive = false));
    return {
      get processId() {
        return child.pid;
      },
      get isAlive() {
        return isAlive;
      },
      send: (message) => child.postMessage(message),
      kill: () => {
        // SIGKILL, because utilityProcess.kill() sends a SIGTERM that a busy thread delays; without an id it has not started.
        if (isAlive && child.pid !== undefined) process.kill(child.pid, "SIGKILL");
        else if (isAlive) child.kill();
      },
      memoryBytes: () => {
        const metric = app.getAppMetrics().find(({ pid }) => pid === child.pid);
        return metric && metric.memory.workingSetSize * 1024;
      },
      onMessage: (listener) => child.on("message", listener),
      onLog: (listener) => {
        listen(output, listener);
        // On exit, Electron removes the listeners, although the last output may not have been read.
        child.on("exit", () =>
          process.nextTick(() => {
            const unheard = output.filter((stream) => stream?.listenerCount("data") === 0);
            listen(unheard, listener);
          }),
        );
      },
      onExit: (listener) => {
        child.on("exit", (exitCode) => {
          process.nextTick(() => {
            void allRead(output).then(() => listener({ exitCode, signal: null }));
          });
        });
      },
    };
  };
}

/** By then an ended process's output has been read, unless something else holds it open. */
const LAST_WORDS_MS = 500;

/** Resolves when the streams have ended, or after `LAST_WORDS_MS`. */
async function allRead(streams: (NodeJS.ReadableStream | null)[]): Promise<void> {
  const ends = streams.map((stream) => stream && finished(stream, { writable: false }).catch(() => {}));
  await Promise.race([Promise.all(ends), setTimeout(LAST_WORDS_MS, undefined, { ref: false })]);
}

function listen(streams: (NodeJS.ReadableStream | null)[], listener: (text: string) => void): void {
  for (const stream of streams) stream?.on("data", (chunk: Buffer) => listener(chunk.toString()));
}

/** Linux reports it in /proc; elsewhere only the heap limit bounds a child process's memory. */
function residentBytes(child: ChildProcess): number | undefined {
  if (process.platform !== "linux" || child.pid === undefined) return undefined;
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // it has ended meanwhile
  }
}
