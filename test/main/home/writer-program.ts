/** test/main/home/writer-process.ts as a separate program, to be killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Line } from "./writer-line.ts";
import type { Role } from "./writer-line.ts";

const script = join(import.meta.dirname, "writer-process.ts");

export interface Writer {
  readonly processId: number;
  /** All that it has reported so far. */
  readonly lines: readonly Line[];
  /** The next line of its output, or null at its end. */
  next(): Promise<Line | null>;
  /** The first of the next lines that is the one. Rejects if it ends before. */
  until(isIt: (line: Line) => boolean): Promise<Line>;
  /** Kills it like kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Lets it exit normally. */
  end(): Promise<void>;
}

export interface Surroundings {
  readonly environment?: NodeJS.ProcessEnv;
  /** The account that it runs for, where not this one. */
  readonly account?: { uid: number; gid: number };
}

/** Starts it on the home, or the run's folder, `folder`. */
export function startWriter(role: Role, folder: string, { environment, account }: Surroundings = {}): Writer {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, role, folder], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
    ...account,
  });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (text) => lines.push(Line.parse(JSON.parse(text))));
  let isOver = false;
  const ended = once(child, "close").then(() => void (isOver = true));
  let heard = 0;
  const writer: Writer = {
    processId: child.pid!,
    lines,
    async next() {
      while (heard === lines.length) {
        if (isOver) return null;
        await Promise.race([once(reader, "line"), ended]);
      }
      return lines[heard++]!;
    },
    async until(isIt) {
      for (;;) {
        const line = await writer.next();
        if (line === null) throw new Error("The writer ended before it told that.");
        if (isIt(line)) return line;
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
  return writer;
}
