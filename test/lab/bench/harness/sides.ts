/** Starts the sides of a comparison: Coppice's adapters and the Python scripts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../../../build/root.ts";
import { pythonEnvironment, REFERENCE_FOLDER, referencePython } from "../../reference/setup.ts";
import { startResident } from "./resident.ts";
import type { Resident } from "./resident.ts";

const COPPICE = fileURLToPath(new URL("../coppice/", import.meta.url));
const SERVE = fileURLToPath(new URL("./serve.ts", import.meta.url));

/** Imports an adapter, test/lab/bench/coppice/NAME.ts, into this process. Throws a readable error if it is missing. */
export async function importCoppice<Adapter>(name: string): Promise<Adapter> {
  return (await import(pathToFileURL(adapterPath(name)).href)) as Adapter;
}

/** Runs an adapter's `open(options)` in a separate process (serve.ts). */
export function startCoppice(name: string, options: object): Promise<Resident> {
  return startResident(process.execPath, [SERVE, adapterPath(name), JSON.stringify(options)]);
}

/**
 * The best time of some rounds, each a call of an adapter in a new process, and the highest peak memory, null where the system does not
 * report it. `options` makes the options of a round.
 */
export async function bestCall(
  name: string,
  call: string,
  rounds: number,
  options: () => object,
  onRound: (value: number, seconds: number) => void = () => {},
): Promise<{ seconds: number; peakBytes: number | null }> {
  const seconds: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const side = await startCoppice(name, options());
    try {
      const { ms, value } = await side.ask<{ ms: number; value: number }>({ call });
      onRound(value, ms / 1000);
      seconds.push(ms / 1000);
      peaks.push(side.peakMemoryBytes() ?? NaN);
    } finally {
      await side.close();
    }
  }
  const peakBytes = Math.max(...peaks);
  return { seconds: Math.min(...seconds), peakBytes: Number.isNaN(peakBytes) ? null : peakBytes };
}

/** Starts a resident script of test/lab/reference. */
export function startPython(python: string, script: string, options: object): Promise<Resident> {
  const args = [join(REFERENCE_FOLDER, script), JSON.stringify(options)];
  return startResident(python, args, { env: pythonEnvironment() });
}

/** Runs a Python script of test/lab/reference to its end; yields its lines of JSON. Throws its standard error if it fails. */
export function runPython(script: string, args: readonly string[]): AsyncGenerator<object> {
  const all = [join(REFERENCE_FOLDER, script), ...args];
  return runProgram(script, referencePython(), all, pythonEnvironment());
}

/** The same for a command of Coppice, such as "trim". */
export function runCoppice(command: string, args: readonly string[]): AsyncGenerator<object> {
  const all = [join(root, "build", "coppice.js"), "--json", command, ...args];
  return runProgram(`coppice ${command}`, process.execPath, all, process.env);
}

async function* runProgram(
  name: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): AsyncGenerator<object> {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const complaint = text(child.stderr);
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith("{")) yield JSON.parse(line) as object;
  const [code] = await ended;
  if (code !== 0) throw new Error(`${name} ended (exit code ${code}).\n${(await complaint).trim()}`);
}

function adapterPath(name: string): string {
  const path = join(COPPICE, `${name}.ts`);
  if (!existsSync(path))
    throw new Error(
      `Coppice's side is missing: test/lab/bench/coppice/${name}.ts. Use --reference-only to measure the other side.`,
    );
  return path;
}
