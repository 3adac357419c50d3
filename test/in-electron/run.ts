/**
 * `npm run test:electron`: bundles the in-Electron tests, runs them in the fallback Electron and counts. `--all` compares every
 * family of models there, as Vitest does in Node, and not one of each kind of block, and runs the longest files too.
 */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../build/bundle.ts";
import { failure, type Counts, type Outcome } from "../runner/vitest.ts";
import { runInElectron } from "../../build/electron/run.ts";
import { chat, reader, recogniser, trainer } from "../../main/engines/jobs.ts";
import { TestResult } from "./results.ts";
import { sourcePlaces } from "./source-places.ts";

const here = import.meta.dirname;
const root = fileURLToPath(new URL("../../", import.meta.url));
const outFolder = join(root, "out", "test");

const kinds = [reader, recogniser, trainer, chat];

/**
 * Runs them all, prints what failed, and counts. Throws `Missing` where this machine lacks something.
 * COPPICE_ONLY names a part of the files to run, as in: COPPICE_ONLY=webgpu npm run test:electron
 */
export async function testInElectron(): Promise<Outcome> {
  const entries = {
    main: join(here, "main.ts"),
    "suite-process": join(here, "suite-process.ts"),
    "diagnostics-engine": join(here, "../main/engines/process/diagnostics-engine.ts"),
    ...Object.fromEntries(kinds.map(({ name }) => [name, join(root, `main/engines/${name}.ts`)])),
  };
  await bundle({ entries, outFolder, target: "node16", plugins: [sourcePlaces] });
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const bySuite = new Map<string, Counts & { ms: number }>();
  const exitCode = await runInElectron(join(outFolder, "main.cjs"), (line) => {
    const result = TestResult.parse(JSON.parse(line));
    const suite = relative(root, join(here, result.suite));
    const own = bySuite.get(suite) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 };
    bySuite.set(suite, own);
    own[result.state]++;
    own.ms += result.ms;
    counts[result.state]++;
    if (result.state === "failed") {
      const name = `${suite}: ${result.title}`;
      failures.push(failure(name, result.error));
      console.log(` ✗ ${name}\n${result.error ?? ""}`);
    }
  });
  for (const [suite, { passed, failed, skipped, ms }] of bySuite) {
    const told = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(
      Boolean,
    );
    const seconds = (ms / 1000).toFixed(1);
    console.log(
      ` ${failed ? "✗" : "✓"} ${suite} in Electron's utilityProcess (${told.join(", ")}) ${seconds} s`,
    );
  }
  if (exitCode !== 0) {
    counts.failed++;
    failures.push(`Electron ended with exit code ${exitCode}`);
    console.log(` ✗ ${failures.at(-1)}`);
  }
  return { ...counts, failures };
}

if (import.meta.main) {
  if (process.argv.includes("--all")) process.env["COPPICE_FAMILIES"] = "all";
  const { passed, failed, skipped } = await testInElectron();
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 ? 1 : 0);
}
