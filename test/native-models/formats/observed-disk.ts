import { localDisk } from "../../../native-models/formats/atomic.ts";
import type { Disk } from "../../../native-models/formats/atomic.ts";

/** This computer's disk, where `before` sees each call (its name and running number) and may throw instead of it. */
export function observedDisk(before: (call: string, index: number) => void): Disk {
  let calls = 0;
  const observe = async <T>(call: string, run: () => Promise<T>): Promise<T> => {
    before(call, calls++);
    return run();
  };
  return {
    ...localDisk,
    rename: (from, to) => observe("rename", () => localDisk.rename(from, to)),
    remove: (path) => observe("remove", () => localDisk.remove(path)),
    open: async (path, flags) => {
      const file = await observe("open", () => localDisk.open(path, flags));
      return {
        write: (...bytes) => observe("write", () => file.write(...bytes)),
        sync: () => observe("sync", () => file.sync()),
        // A close that fails has closed all the same, as on Linux.
        close: () => observe("close", async () => {}).finally(() => file.close()),
      };
    },
  };
}
