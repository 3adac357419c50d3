/** Tools that this machine may lack. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Missing } from "./missing.ts";

/** The messages for a missing tool and for a failure. */
export interface Sentences {
  readonly absent: string;
  /** Without a full stop: the tool's last output follows. */
  readonly failed: string;
}

/** Runs a tool to its end, hiding its output. Throws `Missing`. */
export function runTool(tool: string, args: readonly string[], cwd: string, sentences: Sentences): void {
  const { error, status, stderr } = spawnSync(tool, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (error || /No module named pip/.test(stderr)) throw new Missing(sentences.absent);
  if (status !== 0) throw new Missing(`${sentences.failed} (${stderr.trim().split("\n").at(-1)}).`);
}

/** Path of a tool on PATH. Throws `Missing` with the message `absent`. */
export function findTool(tool: string, absent: string): string {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, tool);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // It is in another folder, or in none.
    }
  }
  throw new Missing(absent);
}
