/** Runs Vitest and counts the results in its JSON report. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { root } from "../../build/root.ts";

/** How many tests ended which way. */
export type Counts = Record<"passed" | "failed" | "skipped", number>;

/** The outcome of a part of the tests. */
export interface Outcome extends Counts {
  /** Failed tests, by name, and why, to be repeated at the end of a long output. */
  readonly failures: readonly string[];
}

export interface VitestOptions {
  /** Words before the command, such as xvfb-run. */
  readonly prefix?: readonly string[];
  /** Added to this process's environment. */
  readonly environment?: Record<string, string>;
}

/** The part of Vitest's JSON report that is read. */
const Report = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Runs `vitest run` with `args`, its output on this terminal. Two of them are not Vitest's: `--repeat N` runs it N times, which
 * shows whether a test always passes; `--load` keeps every core busy meanwhile.
 */
export function runVitest(args: readonly string[], options: VitestOptions = {}): Outcome {
  const { times, loaded, rest } = repetition(args);
  const load = loaded ? keepBusy() : null;
  try {
    if (times === 1) return runOnce(rest, options);
    const rounds = Array.from({ length: times }, (_, index): Outcome => {
      const outcome = runOnce(rest, options);
      const bad = outcome.failed > 0 || outcome.passed === 0;
      console.log(`Round ${index + 1} of ${times}: ${bad ? "failed" : "passed"}`);
      return { ...outcome, failures: outcome.failures.map((text) => `round ${index + 1}, ${text}`) };
    });
    const total = (state: keyof Counts) => rounds.reduce((sum, round) => sum + round[state], 0);
    return {
      passed: total("passed"),
      failed: total("failed"),
      skipped: total("skipped"),
      failures: rounds.flatMap(({ failures }) => failures),
    };
  } finally {
    load?.end();
  }
}

/** Takes `--repeat N` and `--load` out of the arguments. Throws if N is not a count. */
export function repetition(args: readonly string[]): { times: number; loaded: boolean; rest: string[] } {
  const rest = args.filter((argument) => argument !== "--load");
  const loaded = rest.length < args.length;
  const place = rest.indexOf("--repeat");
  if (place < 0) return { times: 1, loaded, rest };
  const [, count] = rest.splice(place, 2);
  if (!/^[1-9]\d*$/.test(count ?? "")) throw new Error("--repeat takes a count: --repeat 50");
  return { times: Number(count), loaded, rest };
}

/** Keeps every core busy until `end`, or until this process is gone. */
function keepBusy(): { end(): void } {
  const busy = `while (process.ppid === ${process.pid});`;
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", busy], { stdio: "ignore" }),
  );
  return { end: () => children.forEach((child) => child.kill("SIGKILL")) };
}

function runOnce(args: readonly string[], { prefix = [], environment = {} }: VitestOptions): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "coppice-tests-"));
  const report = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [
    ...prefix,
    process.execPath,
    "node_modules/vitest/vitest.mjs",
    "run",
    ...reporters,
    ...args,
  ];
  try {
    const { status } = spawnSync(command[0]!, command.slice(1), {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    const outcome = outcomeOf(report);
    // An error outside of any test fails Vitest too.
    return status !== 0 && outcome.failed === 0
      ? { ...outcome, failed: 1, failures: ["an error outside of any test"] }
      : outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcomeOf(report: string): Outcome {
  let text: string;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ["Vitest made no report"] }; // it has printed why
  }
  const { numPassedTests, numPendingTests, numTodoTests, testResults } = Report.parse(JSON.parse(text));
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file that could not be loaded has no test that failed.
    if (status === "failed" && failed.length === 0) return [failure(file, message)];
    return failed.map(({ fullName, failureMessages }) =>
      failure(`${file}: ${fullName}`, failureMessages?.[0]),
    );
  });
  return {
    passed: numPassedTests,
    failed: failures.length,
    skipped: numPendingTests + numTodoTests,
    failures,
  };
}

/** Lines of an error that are printed. */
const SHOWN_LINES = 12;

/** A failure by its name, with its error up to where it was thrown. */
export function failure(name: string, error = ""): string {
  const lines = stripVTControlCharacters(error).split("\n");
  const thrown = lines.findIndex((line) => /^\s+at /.test(line));
  const told = lines.slice(0, Math.min(thrown < 0 ? SHOWN_LINES : thrown + 1, SHOWN_LINES));
  return [name, ...told.filter((line) => line.trim() !== "")].join("\n    ");
}
