/** The built application, opened by a separate script on a display. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { buildApplication } from "../../../../build/application.ts";
import type { Electron } from "../../../../build/electron/choose.ts";
import { virtualDisplay } from "../../../../build/electron/display.ts";
import { root } from "../../../../build/root.ts";
import type { Context } from "./benchmark.ts";

let built: Promise<Electron> | null = null;

/**
 * Builds the application, once, and runs test/lab/bench/coppice/SCRIPT BINARY APPLICATION ROUNDS [more]; gives the JSON of its last line.
 * Throws `Missing`.
 */
export async function openApplication<Figures>(
  context: Context,
  script: string,
  ...more: string[]
): Promise<Figures> {
  built ??= buildApplication();
  const { binary, version } = await built;
  context.against("Electron", version);
  const path = join(import.meta.dirname, "..", "coppice", script);
  const [command, ...args] = [
    ...virtualDisplay(),
    ...[process.execPath, path, binary, root, String(context.rounds), ...more],
  ];
  const child = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const output = await text(child.stdout);
  const [status] = await ended;
  if (status !== 0) throw new Error("The window did not open.");
  return JSON.parse(output.trim().split("\n").at(-1)!) as Figures;
}
