/**
 * The main script of the in-Electron tests, run by Electron: the checks of host and engines over utilityProcess, and each Vitest file in a
 * utilityProcess of its own.
 */
import { app, utilityProcess } from "electron";
import { join } from "node:path";
import { launchUtility } from "../../main/engines/process/launch.ts";
import { templateChecks } from "../hostile/template-checks.ts";
import { engineChecks } from "../main/engines/process/engine-checks.ts";
import { hostChecks } from "../main/engines/process/host-checks.ts";
import { shortTimings } from "../short-timings.ts";
import type { TestResult } from "./results.ts";
import { suites } from "./suites.ts";

const SUITE_MS = 600_000;
/** Files that run at the same time, as in Vitest. */
const AT_ONCE = 2;
/** Files whose sources shorter ones load, too: they compute for long what Vitest has shown. They run with --all, or by name. */
const withAll = [
  "architectures/variants.long.test.ts",
  "schedule/time-budget.test.ts",
  "schedule/update.test.ts",
  "schedule/branches.test.ts",
];
/** Part of the names of the files to run; empty for all. */
const wanted = process.env["COPPICE_ONLY"] ?? "";
const isLeftOut = (file: string) =>
  wanted === "" && process.env["COPPICE_FAMILIES"] !== "all" && withAll.some((name) => file.endsWith(name));

Object.assign(process.env, shortTimings);

void app.whenReady().then(async () => {
  const files = Object.keys(suites).filter((file) => file.includes(wanted) && !isLeftOut(file));
  const workers = Array.from({ length: AT_ONCE }, async (_, worker) => {
    if (worker === 0) await runAllChecks(); // one after another, beside the other workers' files
    await runSuites(files);
  });
  await Promise.all(workers);
  app.exit(0);
});

/** The checks of host and engines. */
async function runAllChecks(): Promise<void> {
  const launch = launchUtility({ utilityProcess, app });
  const scriptOf = (name: string) => join(__dirname, `${name}.cjs`);
  const ways = { launch, entry: scriptOf("diagnostics-engine"), tellsSignals: false };
  await runChecks("../main/engines/process/host-checks.ts", hostChecks(ways));
  await runChecks("../main/engines/process/engine-checks.ts", engineChecks(launch, scriptOf));
  await runChecks("../hostile/template-checks.ts", templateChecks(launch, scriptOf));
}

/** Prints a line of JSON. The reader ends lines at U+2028 and U+2029 too, which JSON leaves as they are. */
function tell(result: TestResult): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16)}`;
  console.log(JSON.stringify(result).replaceAll(/[\u2028\u2029]/g, escaped));
}

async function runChecks(suite: string, checks: Record<string, () => Promise<void>>): Promise<void> {
  if (!suite.includes(wanted)) return;
  for (const [title, check] of Object.entries(checks)) {
    const started = performance.now();
    const error = await check().then(
      () => undefined,
      (thrown: Error) => thrown.stack ?? thrown.message,
    );
    const ms = performance.now() - started;
    tell(
      error === undefined
        ? { suite, title, state: "passed", ms }
        : { suite, title, state: "failed", ms, error },
    );
  }
}

/** Takes one after another from those that wait. */
async function runSuites(waiting: string[]): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await runSuite(file);
}

function runSuite(file: string): Promise<void> {
  return new Promise((resolve) => {
    const child = utilityProcess.fork(join(__dirname, "suite-process.cjs"), [file], {
      serviceName: "Coppice tests",
      stdio: "pipe",
    });
    const timeout = setTimeout(() => child.kill(), SUITE_MS);
    let ended = false;
    let lastWords = "";
    const keep = (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2_000));
    child.stdout!.on("data", keep);
    child.stderr!.on("data", keep);
    child.on("message", (message: TestResult | "end") => {
      if (message !== "end") return tell(message);
      ended = true;
      child.kill();
    });
    child.on("exit", (exitCode) => {
      clearTimeout(timeout);
      if (!ended) {
        const error = `The process ended with exit code ${exitCode}.\n${lastWords}`;
        tell({ suite: file, title: "runs to its end", state: "failed", ms: 0, error });
      }
      resolve();
    });
  });
}
