/** A command in the application: the command line in Electron's main process, without window, profile or display. */
import { app, utilityProcess } from "electron";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { runInTerminal } from "./cli/process.ts";
import { launchUtility } from "./engines/process/launch.ts";
import { stayOffline } from "./window/offline.ts";

/** Runs one command and ends the application with its exit code. */
export function runCommand(args: readonly string[]): void {
  stayOffline();
  // Nothing is rendered. Chromium's rasterizer would also change this process's working directory while it starts.
  for (const name of ["disable-gpu", "disable-software-rasterizer", "in-process-gpu"])
    app.commandLine.appendSwitch(name);
  app.commandLine.appendSwitch("log-level", "3"); // hides Chromium's warning about the missing desktop
  const profile = mkdtempSync(join(tmpdir(), "coppice-"));
  app.setPath("userData", profile);

  const exit = (code: number) => {
    try {
      rmSync(profile, { recursive: true, force: true });
    } catch {
      // On Windows, Chromium or a virus scanner may have a file in it open.
    }
    // Electron's process.exit returns, and the command would continue without its engines.
    (process as unknown as { reallyExit(code: number): never }).reallyExit(code);
  };
  // Electron would show a dialog and wait for somebody to close it.
  process.on("uncaughtException", (error) => {
    console.error(error);
    exit(1);
  });
  const ready = app.whenReady().then(() => endAtSignals(exit));
  const launch = launchUtility({ utilityProcess, app });
  void runInTerminal(args, { launch, ready }).then(exit);
}

/** Without this, Chromium, whose handlers were set just before, would quit and report success. A command's own handlers take precedence. */
function endAtSignals(exit: (code: number) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) exit(128 + constants.signals[signal]);
    });
  }
}
