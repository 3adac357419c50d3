/**
 * A problem report for someone who helps: this program and computer, the state of runs, errors, the end of the log. It contains none of
 * the person's texts, names or paths (docs/decisions/0019), is not sent anywhere, and is shown before it is saved.
 */
import { cpus, release, totalmem } from "node:os";
import { failureOf } from "../../../native-models/failure.ts";
import type { ReportSection } from "../../../preload/contract/calls/diagnostics.ts";
import { freeDiskBytes, freeMemoryBytes, physicalCores } from "../../computer.ts";
import type { Home } from "../../home/home.ts";
import { figuresOfFailure } from "../../log/events.ts";
import { logFile } from "../../log/log.ts";
import type { LogEntry } from "../../log/log.ts";
import { lastEntries } from "../../log/read.ts";
import type { Services } from "../open.ts";
import { runFigures, runLine } from "./run-figures.ts";

export interface ReportSources {
  readonly home: Home;
  /** The home's services, or why it could not be opened. */
  readonly services: Services | { readonly problem: unknown };
  readonly version: string;
  /** The run that the report is about. */
  readonly run?: string | null | undefined;
}

const MOST_RUNS = 20;
const MOST_LOG_LINES = 300;
const MOST_TROUBLES = 50;

/** The sections of a report, in their order. Failure: unknown-run. */
export function reportSections({ home, services, version, run = null }: ReportSources): ReportSection[] {
  const opened = "problem" in services ? null : services;
  return [
    section("versions", versionLines(version)),
    section("computer", computerLines(home)),
    ...(opened === null ? [] : [section("settings", settingLines(opened))]),
    ...(opened === null || run === null ? [] : [section("run", runFigures(opened, run))]),
    section("runs", "problem" in services ? [unopened(services.problem)] : runLines(services)),
    section("troubles", logged(home, MOST_TROUBLES, isTrouble)),
    section("log", logged(home, MOST_LOG_LINES)),
  ];
}

/** A report as text: its sections, one after another. */
export function reportText(sections: readonly ReportSection[], madeAt = new Date()): string {
  const parts = sections.map(({ name, text }) => `== ${name} ==\n${text}\n`);
  return [`Report of Coppice, made ${madeAt.toISOString()}. Nothing was sent anywhere.\n`, ...parts].join(
    "\n",
  );
}

/** "coppice-report-2026-11-24.txt" */
export function reportFileName(): string {
  return `coppice-report-${new Date().toISOString().slice(0, 10)}.txt`;
}

function section(name: ReportSection["name"], lines: readonly string[]): ReportSection {
  return { name, text: lines.length === 0 ? "none" : lines.join("\n") };
}

function versionLines(version: string): string[] {
  const { electron, chrome, node } = process.versions;
  return [
    `Coppice ${version}`,
    ...(electron === undefined ? [] : [`Electron ${electron}`, `Chromium ${chrome}`]),
    `Node ${node}`,
  ];
}

function computerLines(home: Home): string[] {
  return [
    `system: ${process.platform} ${release()}, ${process.arch}`,
    `processor: ${cpus()[0]?.model.trim() ?? "unknown"}, ${physicalCores()} cores, ${cpus().length} threads`,
    `memory in bytes: ${totalmem()}, ${freeMemoryBytes()} free`,
    `disk in bytes, free where Coppice keeps everything: ${freeDiskBytes(home.folder) ?? "unknown"}`,
  ];
}

function settingLines({ settings }: Services): string[] {
  const { deviceTests, senders, ...others } = settings.get(); // a driver's message may contain a path, and senders are persons
  const tests = Object.entries(deviceTests).map(
    ([device, { version, problem, timesCpu }]) =>
      `${device}: ${problem === null ? `works, ${timesCpu} times the processor` : "has a problem"} (${version})`,
  );
  return [
    ...Object.entries(others).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    `senders: ${Object.keys(senders).length}`,
    `deviceTests: ${tests.join("; ") || "none"}`,
  ];
}

function runLines({ runs, library }: Services): string[] {
  const states = Object.entries(library.states()).map(([state, count]) => `${count} ${state}`);
  return [
    ...(states.length === 0 ? [] : [states.join(", ")]),
    ...runs.list().slice(0, MOST_RUNS).map(runLine),
  ];
}

function unopened(problem: unknown): string {
  return `the folder could not be opened: ${JSON.stringify(figuresOfFailure(failureOf(problem)))}`;
}

/** Whether an entry is a crash or an error: a process that ended unexpectedly, or an uncaught error. */
function isTrouble(entry: LogEntry): boolean {
  return entry.level === "error" || entry.event === "ended-without-word";
}

/** The newest lines of both logs, ordered by time. */
function logged(home: Home, most: number, wanted?: (entry: LogEntry) => boolean): string[] {
  return (["application", "command"] as const)
    .flatMap((program) => lastEntries(logFile(home.logs, program), most, wanted))
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .slice(-most)
    .map((entry) => JSON.stringify(entry));
}
