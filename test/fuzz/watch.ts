/** Watches the thread that parses from another one: an input that takes too long or too much memory ends the process, which is reported on standard output. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

/** What the parsing thread shares: the index of the input that it is at. */
export interface Watched {
  readonly index: Int32Array;
  readonly limitMs: number;
  readonly limitBytes: number;
}

const CHECK_MS = 50;
const { index, limitMs, limitBytes } = workerData as Watched;
const baseBytes = process.memoryUsage.rss();
let [at, since] = [-1, process.cpuUsage()];

setInterval(() => {
  const now = Atomics.load(index, 0);
  if (now !== at) {
    [at, since] = [now, process.cpuUsage()];
    writeSync(1, `${JSON.stringify({ at })}\n`);
    return;
  }
  const { user, system } = process.cpuUsage(since);
  const bytes = process.memoryUsage.rss() - baseBytes;
  if (bytes > limitBytes) end(`took ${Math.round(bytes / 1e6)} MB more memory`);
  if ((user + system) / 1000 > limitMs) end(`took more than ${limitMs / 1000} s`);
}, CHECK_MS);

function end(error: string): never {
  writeSync(1, `${JSON.stringify({ at, error })}\n`);
  process.kill(process.pid, "SIGKILL");
  throw new Error("It outlived its end");
}
