/** Runs an Electron main script in the fallback Electron, on a separate display. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { sandboxSwitches, virtualDisplay } from "./display.ts";
import { fetchElectron } from "./fetch.ts";

/**
 * Runs `script` (CommonJS) until it ends, and passes each line of its standard output to `onLine`; returns its exit code, null if
 * a signal ended it. Throws `Missing`. SwiftShader, in Electron's folder, is the Vulkan device of the processes.
 */
export async function runInElectron(script: string, onLine: (line: string) => void): Promise<number | null> {
  const electron = fetchElectron();
  const home = mkdtempSync(join(tmpdir(), "coppice-electron-"));
  const [command, ...args] = [
    ...virtualDisplay(),
    electron,
    ...sandboxSwitches(),
    script,
    `--user-data-dir=${join(home, "user-data")}`,
  ];
  try {
    const child = spawn(command!, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        XDG_RUNTIME_DIR: home,
        VK_ICD_FILENAMES: join(dirname(electron), "vk_swiftshader_icd.json"),
      },
    });
    createInterface(child.stdout).on("line", onLine);
    // Chromium's own warnings about a missing desktop are unrelated to the script.
    createInterface(child.stderr).on("line", (line) => {
      if (line.trim() && !/:(ERROR|WARNING):\w+\.cc\(/.test(line)) console.error(line);
    });
    return await new Promise((resolve) => child.on("close", resolve));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
