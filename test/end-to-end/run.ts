/**
 * `npm run test:e2e [filter…]`: builds the application and runs the journeys through it, on a display of its own.
 * `--binary PATH` first runs them through a packaged application instead. The rest goes to Vitest.
 */
import { join, resolve } from "node:path";
import { buildApplication, root } from "../../build/application.ts";
import { virtualDisplay } from "../../build/electron/display.ts";
import { runVitest, type Counts } from "../../build/vitest.ts";

/** Runs the journeys, with `args` of Vitest's (filters of file names, -t TITLE). Throws `Missing` for what this machine lacks. */
export async function testEndToEnd(args: readonly string[] = [], binary?: string): Promise<Counts> {
  const prefix = virtualDisplay();
  const environment: Record<string, string> =
    binary === undefined
      ? { COPPICE_TEST_BINARY: (await buildApplication()).binary, COPPICE_TEST_FOLDER: root }
      : { COPPICE_TEST_BINARY: resolve(binary) };
  const config = join(import.meta.dirname, "vitest.config.ts");
  return runVitest(["--config", config, ...args], { prefix, environment });
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const binary = args[0] === "--binary" ? args.splice(0, 2)[1] : undefined;
  const { failed, passed } = await testEndToEnd(args, binary);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
