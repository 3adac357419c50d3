/** The application's window, for scripts that run on a display (application.ts). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron } from "playwright-core";
import type { ElectronApplication, Page } from "playwright-core";
import { sandboxSwitches } from "../../../../build/electron/display.ts";

export interface OpenedWindow {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** Its own folder: the user's data, and the home unless one was given. */
  readonly folder: string;
  /** Ends the application and removes the folder. */
  close(): Promise<void>;
}

/** Opens the application with a given home, or with an empty one. */
export async function openedWindow(
  binary: string,
  application: string,
  home?: string,
): Promise<OpenedWindow> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-window-"));
  const electron = await _electron.launch({
    executablePath: binary,
    args: [...sandboxSwitches(), application, `--user-data-dir=${join(folder, "user-data")}`],
    env: { ...(process.env as Record<string, string>), COPPICE_HOME: home ?? join(folder, "home") },
  });
  return {
    electron,
    page: await electron.firstWindow(),
    folder,
    async close() {
      await electron.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
