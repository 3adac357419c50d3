import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { Line } from "./writer-line.ts";
import type { Role } from "./writer-line.ts";

/** Starts test/main/writer-process.ts as a program of its own; it is killed at the end of the test at the latest. */
export function startWriter(role: Role, folder: string, account?: { uid: number; gid: number }) {
  const script = join(import.meta.dirname, "writer-process.ts");
  const child = spawn(process.execPath, [script, role, folder], {
    stdio: ["pipe", "pipe", "inherit"],
    ...account,
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  return {
    processId: child.pid!,
    /** The next line that it told, or null at its end. */
    async next(): Promise<Line | null> {
      const { value, done } = await lines.next();
      return done ? null : Line.parse(JSON.parse(value as string));
    },
    /** Kills it as kill -9 does. */
    kill,
    /** Lets it end by itself. */
    async end() {
      child.stdin.end();
      await exited;
    },
  };
}
