/** Starts the sides of a comparison: Coppice's adapters, the Python scripts, llama.cpp. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeLlamaCpp, pythonEnvironment, REFERENCE_FOLDER, referencePython } from "../../reference/setup.ts";
import { startResident } from "./resident.ts";
import type { Resident } from "./resident.ts";

const COPPICE = fileURLToPath(new URL("../coppice/", import.meta.url));
const SERVE = fileURLToPath(new URL("./serve.ts", import.meta.url));

/** Imports an adapter, test/bench/coppice/NAME.ts, into this process. Throws a sentence if it isn't there. */
export async function importCoppice<Adapter>(name: string): Promise<Adapter> {
  return (await import(pathToFileURL(adapterPath(name)).href)) as Adapter;
}

/** Runs an adapter's `open(options)` in a process of its own (serve.ts). */
export function startCoppice(name: string, options: object): Promise<Resident> {
  return startResident(process.execPath, [SERVE, adapterPath(name), JSON.stringify(options)]);
}

/** Starts a resident Python script of test/reference. */
export function startPython(script: string, options: object): Promise<Resident> {
  const args = [join(REFERENCE_FOLDER, script), JSON.stringify(options)];
  return startResident(referencePython(), args, pythonEnvironment());
}

/** Starts llama.cpp on a GGUF file. */
export function startLlama(options: { model: string; threads: number; context: number }): Promise<Resident> {
  const args = [join(REFERENCE_FOLDER, "llama.ts"), JSON.stringify({ entry: nodeLlamaCpp(), ...options })];
  return startResident(process.execPath, args);
}

function adapterPath(name: string): string {
  const path = join(COPPICE, `${name}.ts`);
  if (!existsSync(path))
    throw new Error(
      `Coppice's side of this is not there: test/bench/coppice/${name}.ts. --reference-only measures the other.`,
    );
  return path;
}
