/**
 * `npm test`: the Vitest tests, those in Electron's processes, then the journeys through the application as built, in
 * Chromium without Electron, and as packaged. At its end it names what failed; its last line counts them all: N passed, N failed, N skipped.
 * Arguments go to Vitest and leave Electron out: npm test -- test/main/engine
 */
import { testScreensInBrowser } from "../test/end-to-end/browser/run.ts";
import { testEndToEnd, testPackaged } from "../test/end-to-end/run.ts";
import { testInElectron } from "../test/in-electron/run.ts";
import { Missing } from "./electron/missing.ts";
import { buildNativeIfPossible } from "./native.ts";
import { runVitest, type Counts, type Outcome } from "./vitest.ts";

const filters = process.argv.slice(2);
await buildNativeIfPossible();

const parts = [runVitest(filters)];
if (filters.length === 0) {
  parts.push(await unlessMissing("The tests in Electron", testInElectron));
  parts.push(await unlessMissing("The end-to-end tests", testEndToEnd));
  parts.push(await unlessMissing("The tests in Chromium", testScreensInBrowser));
  parts.push(await unlessMissing("The tests of the packaged application", testPackaged));
}
const total = (state: keyof Counts) => parts.reduce((sum, counts) => sum + counts[state], 0);
for (const failure of parts.flatMap(({ failures }) => failures)) console.log(`✗ ${failure}`);
console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
process.exit(total("failed") > 0 || total("passed") === 0 ? 1 : 0);

/** Requirements missing on a person's machine are reported and skipped; in CI, which installs them, they are failures. */
async function unlessMissing(name: string, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Missing) console.log(`${name} did not run: ${error.message}`);
    else console.error(error);
    return process.env["CI"] || !(error instanceof Missing)
      ? { passed: 0, failed: 1, skipped: 0, failures: [`${name} did not run`] }
      : { passed: 0, failed: 0, skipped: 1, failures: [] };
  }
}
