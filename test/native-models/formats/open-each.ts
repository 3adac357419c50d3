/** Run with --expose-gc. Opens each file of a JSON list on standard input, reads every tensor, and writes what came of it as JSON. */
import { readFileSync } from "node:fs";
import { failureOf } from "../../../native-models/failure.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";

export interface Opened {
  failure: unknown;
  /** Of the processor's time, so that other work on the machine does not count. */
  milliseconds: number;
  /** By how much the highest memory use of the process rose. */
  memoryBytes: number;
}

const peakBytes = () => process.resourceUsage().maxRSS * 1024;

const paths = JSON.parse(readFileSync(0, "utf8")) as string[];
const opened: Opened[] = paths.map((path) => {
  const before = peakBytes();
  const start = process.cpuUsage();
  let failure: unknown = null;
  try {
    const file = openTensorFile(path);
    for (const weight of file.tensors.values()) weight.readFloat32();
    file.close();
  } catch (error) {
    failure = failureOf(error);
  }
  const { user, system } = process.cpuUsage(start);
  const memoryBytes = peakBytes() - before;
  globalThis.gc!();
  return { failure, milliseconds: (user + system) / 1000, memoryBytes };
});
console.log(JSON.stringify(opened));
