/** The disk space that Coppice takes, and what is left. */
import { main } from "../bridge.ts";

export class DiskUse {
  /** Undefined until it is known, and if it cannot be read. `free` is null if the system does not say. */
  bytes = $state.raw<{ readonly used: number; readonly free: number | null } | undefined>(undefined);
  #asked = 0;

  /** Measures it, which takes longer for more files; the result is ignored if a later call has been made. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    const bytes = await measured().catch(() => undefined);
    if (asked === this.#asked) this.bytes = bytes;
  }
}

async function measured(): Promise<DiskUse["bytes"]> {
  const [folders, { freeDiskBytes }] = await Promise.all([main.settings.folders(), main.application.state()]);
  return { used: folders.reduce((sum, { bytes }) => sum + bytes, 0), free: freeDiskBytes };
}
