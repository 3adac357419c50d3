/**
 * `npm run test:e2e [filter…]`: builds the application and runs the journeys through it, on a display of its own.
 * `--packaged` first packages it and drives that; `--binary PATH` drives an existing one. The rest goes to Vitest. Where the
 * system can give one, the journeys have a network of their own that leads nowhere, and fail if anything is sent into it.
 */
import { copyFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildApplication } from "../../build/application.ts";
import { virtualDisplay } from "../../build/electron/display.ts";
import { setFuses } from "../../build/package/fuses.ts";
import { packageFolder } from "../../build/package/index.ts";
import { electronBehind } from "../../build/package/launcher.ts";
import { runVitest, type Outcome } from "../runner/vitest.ts";
import { root } from "../../build/root.ts";
import { darkNetwork } from "../offline/dark-network.ts";

/** The journeys that packaging could break; the others are the same in any folder. */
const packagedJourneys = ["packaged", "end-to-end/window", "engines"];

/** Runs the journeys, with `args` of Vitest's (filters of file names, -t TITLE). Throws `Missing` for what this machine lacks. */
export async function testEndToEnd(args: readonly string[] = []): Promise<Outcome> {
  virtualDisplay(); // or Missing, before anything is built
  const { binary } = await buildApplication();
  return run({ COPPICE_TEST_BINARY: binary, COPPICE_TEST_FOLDER: root }, args);
}

/**
 * The same through the packaged application: an existing one, or a new package. Playwright drives the main process by
 * --inspect, so the journeys have a binary that differs from the shipped one in that fuse alone.
 */
export async function testPackaged(
  args: readonly string[] = packagedJourneys,
  executable?: string,
): Promise<Outcome> {
  virtualDisplay();
  const shipped = resolve(executable ?? (await packageFolder()).binary);
  const driven = `${electronBehind(shipped)}-driven`;
  try {
    copyFileSync(electronBehind(shipped), driven);
    await setFuses(driven, { EnableNodeCliInspectArguments: true });
    return run({ COPPICE_TEST_BINARY: driven, COPPICE_TEST_SHIPPED: shipped }, args);
  } finally {
    rmSync(driven, { force: true });
  }
}

function run(environment: Record<string, string>, args: readonly string[]): Outcome {
  const config = join(import.meta.dirname, "vitest.config.ts");
  const network = darkNetwork();
  if ("absent" in network)
    console.log(`The journeys run beside the network, not without it: ${network.absent}`);
  const prefix = "prefix" in network ? network.prefix : [];
  return runVitest(["--config", config, ...args], { prefix, environment });
}

if (import.meta.main) {
  const [first, ...rest] = process.argv.slice(2);
  const { failed, passed } = await (first === "--packaged"
    ? testPackaged(rest.length > 0 ? rest : undefined)
    : first === "--binary"
      ? testPackaged(rest.slice(1), rest[0])
      : testEndToEnd(process.argv.slice(2)));
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
