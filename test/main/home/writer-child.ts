import { onTestFinished } from "vitest";
import type { Role } from "./writer-line.ts";
import { startWriter as startProgram } from "./writer-program.ts";
import type { Surroundings, Writer } from "./writer-program.ts";

/** Starts test/main/home/writer-process.ts as a program of its own; it is killed at the end of the test at the latest. */
export function startWriter(role: Role, folder: string, account?: Surroundings["account"]): Writer {
  const writer = startProgram(role, folder, account && { account });
  onTestFinished(() => writer.kill());
  return writer;
}
