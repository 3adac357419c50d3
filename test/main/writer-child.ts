import { onTestFinished } from "vitest";
import { startWriter as startProgram } from "./writer-program.ts";
import type { Surroundings, Writer } from "./writer-program.ts";
import type { Role } from "./writer-line.ts";

/** Starts test/main/writer-process.ts as a program of its own; it is killed at the end of the test at the latest. */
export function startWriter(role: Role, folder: string, account?: Surroundings["account"]): Writer {
  const writer = startProgram(role, folder, account && { account });
  onTestFinished(() => writer.kill());
  return writer;
}
