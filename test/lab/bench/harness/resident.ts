/** A long-running program that answers one line of JSON at a time, so that contestants can alternate. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const CLOSE_MS = 5_000;
/** How long to wait for the remaining output of a program that ended, since programs that it started may keep its outputs open. */
const LAST_WORDS_MS = 500;
/** The longest turns, whole phases of whole-job, take a quarter of an hour. */
const PATIENCE_MS = 2 * 60 * 60_000;
const STDERR_CHARACTERS = 4_000;

/** A running program that answers lines of JSON with lines of JSON. */
export interface Resident {
  /** What it reported when it was ready; `processId` if another process does the work. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Sends a request and waits for the answer. Throws the program's standard error if it ends instead, or is silent for too long. */
  ask<Answer>(request: object): Promise<Answer>;
  /** Peak of its resident memory since its start (Linux: VmHWM), or null if the system does not report it. */
  peakMemoryBytes(): number | null;
  /** Stops its threads, including spinning ones, until `wake`. */
  sleep(): void;
  wake(): void;
  /** Ends it. */
  close(): Promise<void>;
}

interface Started {
  readonly env?: NodeJS.ProcessEnv;
  /** A program that is silent for this long counts as hung, and is ended. */
  readonly patienceMs?: number;
}

/** Running programs, which are ended on exit: a sleeping one would otherwise outlive this process. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts a program and waits for its first line. */
export async function startResident(
  command: string,
  args: readonly string[],
  { env = process.env, patienceMs = PATIENCE_MS }: Started = {},
): Promise<Resident> {
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-STDERR_CHARACTERS);
  });
  let ended: string | null = null;
  let waiting: { resolve(line: string): void; reject(error: Error): void } | null = null;
  const end = (reason: string) => {
    if (ended !== null) return;
    running.delete(child);
    ended = `${[command, ...args.slice(0, 1)].join(" ")} ${reason}\n${complaint.trim()}`;
    for (const stream of child.stdio) stream?.destroy();
    waiting?.reject(new Error(ended));
    waiting = null;
  };
  child.on("error", (error) => end(`did not start: ${error.message}`));
  const over = new Promise<void>((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      end(`ended (${signal ?? `exit code ${code}`}).`);
      resolve();
    };
    child.once("close", finish);
    child.once("exit", (code, signal) => setTimeout(finish, LAST_WORDS_MS, code, signal).unref());
  });
  child.stdin.on("error", () => undefined); // a write to a program that ended: its end is reported instead
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return; // other output of a library
    waiting?.resolve(line);
    waiting = null;
  });
  const next = async () => {
    if (ended !== null) throw new Error(ended);
    const hangs = setTimeout(() => {
      child.kill("SIGKILL");
      end(`gave no answer for ${patienceMs / 1000} s.`);
    }, patienceMs);
    try {
      return await new Promise<string>((resolve, reject) => (waiting = { resolve, reject }));
    } finally {
      clearTimeout(hangs);
    }
  };

  const ready = JSON.parse(await next()) as Record<string, unknown>;
  const { processId = child.pid } = ready as { processId?: number };
  return {
    ready,
    async ask<Answer>(request: object) {
      const answer = next();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return JSON.parse(await answer) as Answer;
    },
    peakMemoryBytes: () => peakMemoryBytes(processId!),
    sleep: () => signal("SIGSTOP"),
    wake: () => signal("SIGCONT"),
    async close() {
      if (ended !== null) return;
      signal("SIGCONT");
      child.stdin.end();
      const overdue = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
      await over;
      clearTimeout(overdue);
    },
  };

  function signal(name: "SIGSTOP" | "SIGCONT") {
    if (process.platform !== "win32" && ended === null) child.kill(name);
  }
}

/** VmHWM of a process, or null if there is no /proc. */
function peakMemoryBytes(processId: number): number | null {
  try {
    const status = readFileSync(`/proc/${processId}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024;
  } catch {
    return null;
  }
}
