/** The product's reader in its own process, with the time and memory that each input took. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reader } from "../../main/engines/jobs.ts";
import { startEngine } from "../../main/engines/process/host.ts";
import { failureOf } from "../../native-models/failure.ts";
import type { Failure } from "../../native-models/failure.ts";
import type { InspectedFile } from "../../preload/contract/data/inspection.ts";
import type { Door, HostileCase } from "./case.ts";

export interface Outcome {
  readonly failure: Failure | null;
  readonly seen: InspectedFile | null;
  /** Of processor time if the system reports it, so that other work does not count. */
  readonly milliseconds: number;
  /** By how much the process grew at most; 0 if the system does not report it. */
  readonly memoryBytes: number;
}

const CLOCK_TICKS_MS = 10;

export function startReader() {
  const engine = startEngine(reader);
  const ask = async (door: Door, path: string): Promise<InspectedFile | null> => {
    const sources = { valid: [], test: [], offDomain: [], mappings: {} };
    if (door === "inspect-model") {
      await engine.run("inspect-model", { path });
      return null;
    }
    const [data, model] =
      door === "inspect-with-model" ? [join(path, "data.jsonl"), join(path, "model")] : [path, null];
    let seen: InspectedFile | null = null;
    await engine.run(
      "inspect-data",
      { ...sources, data: [data], model },
      { onEvent: (file) => (seen = file) },
    );
    return seen;
  };
  return {
    engine,
    async outcome(
      door: Door,
      path: string,
      { meanwhile }: Pick<HostileCase, "meanwhile"> = {},
    ): Promise<Outcome> {
      const before = resourcesOf(engine.processId);
      const start = Date.now();
      const timer = meanwhile && setInterval(() => meanwhile(path), 5);
      const { seen, failure } = await ask(door, path)
        .then((seen) => ({ seen, failure: seen?.failure ?? null }))
        .catch((error: unknown) => ({ seen: null, failure: failureOf(error) }));
      clearInterval(timer);
      const after = resourcesOf(engine.processId);
      const milliseconds = before && after ? after.milliseconds - before.milliseconds : Date.now() - start;
      const memoryBytes = before && after ? after.peakBytes - before.bytes : 0;
      return { failure, seen, milliseconds, memoryBytes };
    },
  };
}

/** Processor time, current memory and its peak since the last call, as Linux reports them. */
function resourcesOf(processId: number | undefined) {
  const folder = `/proc/${processId}`;
  if (processId === undefined || !existsSync(folder)) return null;
  const [user, system] = readFileSync(`${folder}/stat`, "utf8")
    .split(") ")[1]!
    .split(" ")
    .slice(11, 13)
    .map(Number);
  const status = readFileSync(`${folder}/status`, "utf8");
  const kilobytes = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  writeFileSync(`${folder}/clear_refs`, "5"); // the peak begins anew
  return {
    milliseconds: (user! + system!) * CLOCK_TICKS_MS,
    bytes: kilobytes("VmRSS"),
    peakBytes: kilobytes("VmHWM"),
  };
}
