/** Starts a side inside the fallback Electron's utilityProcess, whose limits are the narrowest of any supported Electron. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../../../../build/bundle.ts";
import { sandboxSwitches, virtualDisplay } from "../../../../../build/electron/display.ts";
import { fetchElectron } from "../../../../../build/electron/fetch.ts";
import { release } from "../../../../../build/electron/release.ts";
import { sourcePlaces } from "../../../../in-electron/source-places.ts";
import { BENCH_CACHE } from "../models.ts";
import { startResident } from "../resident.ts";
import type { Resident } from "../resident.ts";

const here = import.meta.dirname;

/** Runs an adapter that side.ts knows; `version` is Electron's. Throws `Missing`. */
export async function startInElectron(
  adapter: string,
  options: object,
): Promise<{ side: Resident; version: string }> {
  const electron = fetchElectron();
  const outFolder = join(BENCH_CACHE, "electron");
  const entries = { main: join(here, "main.ts"), side: join(here, "side.ts") };
  await bundle({ entries, outFolder, target: "node16", plugins: [sourcePlaces] });
  const home = mkdtempSync(join(tmpdir(), "coppice-electron-"));
  const [command, ...args] = [
    ...virtualDisplay(),
    electron,
    ...sandboxSwitches(),
    join(outFolder, "main.cjs"),
    `--user-data-dir=${home}`,
    adapter,
    JSON.stringify(options),
  ];
  const side = await startResident(command!, args);
  return {
    version: release.electron,
    side: {
      ...side,
      async close() {
        await side.close();
        rmSync(home, { recursive: true, force: true });
      },
    },
  };
}
