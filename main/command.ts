/** A command in the application: the command line in Electron's main process, with no window, profile or display. */
import { app, utilityProcess } from "electron";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInTerminal } from "./cli/process.ts";
import { launchUtility } from "./engine/launch.ts";

/** Runs one command and ends the application with its exit code. */
export function runCommand(args: readonly string[]): void {
  // Electron would show a dialog, and wait for somebody to close it.
  process.on("uncaughtException", (error) => {
    console.error(error);
    app.exit(1);
  });
  // Nothing is drawn. Chromium's rasterizer would also change this process's working directory while it starts.
  for (const name of ["disable-gpu", "disable-software-rasterizer", "in-process-gpu"])
    app.commandLine.appendSwitch(name);
  app.commandLine.appendSwitch("log-level", "3"); // that Chromium misses a desktop is nobody's matter
  const profile = mkdtempSync(join(tmpdir(), "coppice-"));
  app.setPath("userData", profile);
  void app.whenReady().then(async () => {
    const exitCode = await runInTerminal(args, { launch: launchUtility({ utilityProcess, app }) });
    rmSync(profile, { recursive: true, force: true });
    app.exit(exitCode);
  });
}
