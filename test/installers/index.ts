/**
 * `npm run test:installers`: makes the packages for Linux and tries them in a clean Debian, with no network but loopback
 * (apt has it), then those for Windows under wine, where they can be made. `--made` takes the packages that are in dist/.
 * The rest goes to Vitest.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { virtualDisplay } from "../../build/electron/display.ts";
import { Missing } from "../../build/electron/missing.ts";
import { makePackages, systems } from "../../build/package/index.ts";
import { root } from "../../build/root.ts";
import { runVitest } from "../runner/vitest.ts";
import { prepareCleanSystem } from "./clean-system.ts";
import { installer } from "./windows-package.ts";
import { prepareWineSystem } from "./wine-system.ts";

const tools = { debootstrap: "debootstrap", rpm: "rpm", ip: "iproute2", "dpkg-deb": "dpkg" };

try {
  if (process.getuid?.() !== 0)
    throw new Missing("Packages are installed in a system of their own by root alone: run it as root.");
  for (const [tool, debianPackage] of Object.entries(tools)) {
    if (spawnSync(tool, ["--version"]).error)
      throw new Missing(
        `The installers are tried with ${tool}: install it (on Debian: apt-get install ${debianPackage}).`,
      );
  }
  const words = process.argv.slice(2);
  const display = virtualDisplay();
  const packages =
    words[0] === "--made" ? made() : [...(await makePackages(systems.linux)), ...(await windowsPackages())];
  prepareCleanSystem();
  if (installer !== undefined || packages.some((path) => path.endsWith("-setup.exe")))
    await whereThatCanBe(prepareWineSystem);
  const { passed, failed, skipped } = runVitest(
    ["--config", join(import.meta.dirname, "vitest.config.ts"), ...words.filter((word) => word !== "--made")],
    {
      prefix: ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...display],
      environment: {
        COPPICE_TEST_PACKAGES: JSON.stringify(packages),
        COPPICE_TEST_NETWORK: `/proc/${process.pid}/ns/net`,
      },
    },
  );
  console.log(`Installers: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.log(`The installers were not tried: ${error.message}`);
  process.exit(1);
}

async function windowsPackages(): Promise<string[]> {
  return (await whereThatCanBe(() => makePackages(systems.windows))) ?? [];
}

/** What is for Windows is tried where this machine has what it needs. */
async function whereThatCanBe<Result>(make: () => Promise<Result> | Result): Promise<Result | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.log(`Not tried for Windows: ${error.message}`);
    return undefined;
  }
}

function made(): string[] {
  const folder = join(root, "dist");
  const found = readdirSync(folder).filter((file) => /\.(deb|rpm|AppImage)$/.test(file));
  if (found.length !== 3)
    throw new Missing("dist/ does not have one package of each kind: run this without --made.");
  return found.map((file) => join(folder, file));
}
