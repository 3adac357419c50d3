/** Logs problems of the application's own processes: uncaught errors, crashed processes. */
import { cpus, release, totalmem } from "node:os";
import { app } from "electron";
import type { WebContents } from "electron";
import { freeMemoryBytes, physicalCores } from "../computer.ts";
import { troubleOf } from "../../preload/contract/trouble.ts";
import type { PastTrouble } from "../../preload/contract/calls/diagnostics.ts";
import { LogEvent, Version } from "./events.ts";
import type { Log } from "./log.ts";

/** A window that crashes more often than this per minute is not reloaded again: it would keep crashing. */
const MOST_RELOADS = 3;
const MINUTE_MS = 60_000;

/** Logs the program's start and the computer that it runs on. */
export function logStart(log: Log, version: string): void {
  log.write({
    event: "started",
    version,
    electron: process.versions.electron ?? null,
    node: process.versions.node,
    platform: LogEvent.options[0].shape.platform.safeParse(process.platform).data ?? "other",
    architecture: LogEvent.options[0].shape.architecture.safeParse(process.arch).data ?? "other",
    system: Version.safeParse(release()).data ?? null,
    cores: physicalCores() || cpus().length,
    memoryBytes: totalmem(),
    freeMemoryBytes: Math.round(freeMemoryBytes()),
  });
}

/** Logs uncaught errors in main, and reports them to `tell`; the application continues, because saved data is on disk. */
export function catchErrors(log: Log, tell: (trouble: PastTrouble) => void): void {
  const caught = (error: unknown) => {
    console.error(error);
    log.write({ event: "error", where: "main", trouble: troubleOf(error) });
    tell("error");
  };
  process.on("uncaughtException", caught);
  process.on("unhandledRejection", caught);
}

/**
 * Logs crashed processes of Chromium. A window whose page crashed is reloaded where it was: its address says where, and main has
 * saved the person's input. `onGone` is called before that; `giveUp` if it crashes too often.
 */
export function followProcesses(log: Log, onGone: () => void, giveUp: () => void): void {
  let reloads: number[] = [];
  app.on("render-process-gone", (_event, contents, { reason, exitCode }) => {
    log.write({ event: "window-gone", reason, exitCode });
    if (reason === "clean-exit" || contents.isDestroyed()) return;
    reloads = [...reloads.filter((time) => Date.now() - time < MINUTE_MS), Date.now()];
    if (reloads.length > MOST_RELOADS) return giveUp();
    onGone();
    reload(contents, log);
  });
  app.on("child-process-gone", (_event, { type, reason, exitCode }) => {
    // Engines log their own end in more detail.
    if (type !== "Utility") log.write({ event: "child-gone", type, reason, exitCode });
  });
  app.on("web-contents-created", (_event, contents) => {
    contents.on("unresponsive", () => log.write({ event: "window-unresponsive" }));
    contents.on("responsive", () => log.write({ event: "window-responsive" }));
  });
}

/** Reloads a page after a delay: during the event itself, Chromium is still destroying the page. */
function reload(contents: WebContents, log: Log): void {
  setTimeout(() => {
    if (contents.isDestroyed()) return;
    contents.reload();
    log.write({ event: "window-reloaded" });
  }, 100);
}
