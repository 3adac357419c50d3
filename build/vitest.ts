/** Runs Vitest and counts what its JSON report tells. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./root.ts";

/** How many tests ended which way. */
export type Counts = Record<"passed" | "failed" | "skipped", number>;

export interface VitestOptions {
  /** Words before the command, as xvfb-run. */
  readonly prefix?: readonly string[];
  /** Added to this process's environment. */
  readonly environment?: Record<string, string>;
}

/** The part of Vitest's JSON report that is read. */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** Runs `vitest run` with `args`, its output on this terminal. */
export function runVitest(
  args: readonly string[],
  { prefix = [], environment = {} }: VitestOptions = {},
): Counts {
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
    const counts = countsOf(report);
    // An error outside of any test fails Vitest too.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsOf(report: string): Counts {
  let text: string;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // Vitest itself told why there is none
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = Report.parse(
    JSON.parse(text),
  );
  // A file that could not be loaded has no test that failed.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests,
  };
}
