/** test/main/writer-process.ts as a program of its own, to be killed, without a test runner. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Line } from "../main/writer-line.ts";
import type { Role } from "../main/writer-line.ts";

const script = join(import.meta.dirname, "../main/writer-process.ts");

export interface Writer {
  /** What it has told so far, line by line. */
  readonly lines: readonly Line[];
  /** Waits for a line, so far or to come. Rejects if it ends before. */
  line(isIt: (line: Line) => boolean): Promise<Line>;
  /** Kills it as kill -9 does; gives when it is gone. */
  kill(): Promise<void>;
}

/** Starts it on the home `folder`. */
export function startWriter(role: Role, folder: string, environment: NodeJS.ProcessEnv = {}): Writer {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, role, folder], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "close");
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(Line.parse(JSON.parse(text)));
    for (const look of waiting) look();
  });
  return {
    lines,
    line: (isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(isIt);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error("The writer ended before it told that.")));
      }),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
