/** What goes wrong with the application's own processes, told to the log: errors that nobody caught, processes that went. */
import { cpus, release, totalmem } from "node:os";
import { app } from "electron";
import type { WebContents } from "electron";
import { freeMemoryBytes, physicalCores } from "../computer.ts";
import { troubleOf } from "../../preload/contract/trouble.ts";
import type { PastTrouble } from "../../preload/contract/calls/diagnostics.ts";
import { LogEvent, Version } from "./events.ts";
import type { Log } from "./log.ts";

/** A window that goes more often than this in a minute would go on for ever. */
const MOST_RELOADS = 3;
const MINUTE_MS = 60_000;

/** Writes down the program that begins and the computer that it runs on. */
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

/** Writes down what nobody caught in main, and tells it to `tell`; the application goes on, since what is saved is on disk. */
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
 * Writes down which of Chromium's processes went. A window whose page went is loaded anew where it was: its place is in its
 * address, and what a person has filled in is kept by main as they go. `onGone` hears that before; `giveUp` when it goes too often.
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
    // Engines tell more of their end themselves.
    if (type !== "Utility") log.write({ event: "child-gone", type, reason, exitCode });
  });
  app.on("web-contents-created", (_event, contents) => {
    contents.on("unresponsive", () => log.write({ event: "window-unresponsive" }));
    contents.on("responsive", () => log.write({ event: "window-responsive" }));
  });
}

/** Not within the event that tells of the end: Chromium is still taking the page apart then. */
function reload(contents: WebContents, log: Log): void {
  setTimeout(() => {
    if (contents.isDestroyed()) return;
    contents.reload();
    log.write({ event: "window-reloaded" });
  }, 100);
}
