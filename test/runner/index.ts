/**
 * `npm test`: one case per promise: the Vitest tests without the long ones (vitest.config.ts), and the journeys through the window.
 * `npm run test:long`: the rest: the long Vitest tests, those in Electron's processes, all other journeys through the application as built,
 * in Chromium without Electron, and as packaged. At its end each names what failed; its last line counts: N passed, N failed, N skipped.
 * Arguments go to Vitest, all of whose tests they choose from, and leave Electron out: npm test -- test/main/engines
 */
import { testScreensInBrowser } from "../end-to-end/browser/run.ts";
import { testEndToEnd, testPackaged } from "../end-to-end/run.ts";
import { testInElectron } from "../in-electron/run.ts";
import { Missing } from "../../build/electron/missing.ts";
import { buildNativeIfPossible } from "../../build/native.ts";
import { runVitest, type Counts, type Outcome } from "./vitest.ts";

const isLong = process.argv[2] === "--long";
const filters = process.argv.slice(isLong ? 3 : 2);
/** The journeys of `npm test`. */
const short = ["end-to-end/window.test"];
await buildNativeIfPossible();

const isWhole = filters.length === 0;
const environment = isWhole ? { COPPICE_TESTS: isLong ? "long" : "short" } : {};
const parts = [runVitest(filters, { environment })];
if (isWhole && !isLong) parts.push(await unlessMissing("The end-to-end tests", () => testEndToEnd(short)));
if (isWhole && isLong) {
  const others = short.map((name) => `--exclude=test/${name}.ts`);
  parts.push(await unlessMissing("The tests in Electron", testInElectron));
  parts.push(await unlessMissing("The end-to-end tests", () => testEndToEnd(others)));
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
