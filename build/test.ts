/**
 * `npm test`: the Vitest tests, then those in Electron. Its last line counts both: N passed, N failed, N skipped.
 * Arguments go to Vitest and leave Electron out: npm test -- test/main/engine
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { testInElectron, type Counts } from "../test/in-electron/run.ts";
import { Missing } from "./electron/missing.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const filters = process.argv.slice(2);

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

const parts = [runVitest(), ...(filters.length === 0 ? [await runElectron()] : [])];
const total = (state: keyof Counts) => parts.reduce((sum, counts) => sum + counts[state], 0);
console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
process.exit(total("failed") > 0 || total("passed") === 0 ? 1 : 0);

function runVitest(): Counts {
  const folder = mkdtempSync(join(tmpdir(), "coppice-tests-"));
  const report = join(folder, "vitest.json");
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
        ...filters,
      ],
      { cwd: root, stdio: "inherit" },
    );
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

/** What a machine of a person's lacks is told and skipped; in CI, which installs it, it is a failure. */
async function runElectron(): Promise<Counts> {
  try {
    return await testInElectron();
  } catch (error) {
    if (error instanceof Missing) console.log(`The tests in Electron did not run: ${error.message}`);
    else console.error(error);
    return process.env["CI"] || !(error instanceof Missing)
      ? { passed: 0, failed: 1, skipped: 0 }
      : { passed: 0, failed: 0, skipped: 1 };
  }
}
