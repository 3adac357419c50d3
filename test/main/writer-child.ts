import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { Failure } from "../../native-models/failure.ts";

const Line = z.object({
  holding: z.number().optional(),
  failure: Failure.optional(),
  run: z.string().optional(),
  conversation: z.number().optional(),
  step: z.number().optional(),
  message: z.number().optional(),
  migrating: z.boolean().optional(),
  migrated: z.boolean().optional(),
});

/** Starts test/main/writer-process.ts as a program of its own; it is killed at the end of the test at the latest. */
export function startWriter(
  role: "hold" | "write" | "migrate" | "train",
  folder: string,
  account?: { uid: number; gid: number },
) {
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
    async next(): Promise<z.infer<typeof Line> | null> {
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
