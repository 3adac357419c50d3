/**
 * One trainer at a time works on a run: a trainer that has lost its main program may still be ending when the next one starts.
 */
import { fail } from "../../../native-models/failure.ts";
import { makeFolder } from "../../../native-models/formats/atomic.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import { holderOf, lockFolder } from "../../home/folder-lock.ts";
import type { FolderLock } from "../../home/folder-lock.ts";
import type { JobContext } from "../job-control.ts";

/** A trainer without a main program ends after its current step. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Makes this process the trainer of the run in `folder`, waiting up to `patienceMs` for an earlier one to end; the lock ends with
 * this process at the latest. Failures: run-in-use with the other's process id, cancelled, unwritable, disk-full.
 */
export async function holdRun(
  folder: string,
  { control, report }: JobContext<RunEvent>,
  patienceMs = PATIENCE_MS,
): Promise<FolderLock> {
  makeFolder(folder);
  const until = performance.now() + patienceMs;
  for (let waiting = false; ; waiting = true) {
    const lock = lockFolder(folder, "trainer", 0);
    if (lock) return lock;
    const processId = holderOf(folder, "trainer");
    const named = processId === null ? {} : { processId };
    if (performance.now() > until) fail({ code: "run-in-use", path: folder, ...named });
    if (!waiting) report({ event: "log", said: "earlier-trainer" });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    control.throwIfCancelled();
  }
}
