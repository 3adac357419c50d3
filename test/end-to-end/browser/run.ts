/**
 * `npm run test:browser [filter…]`: the journeys through the build for npm's Electron, without that Electron: the pages in this
 * system's Chromium, main in Node (../README.md). Journeys that need Electron itself are skipped and listed with the reason.
 */
import { join } from "node:path";
import chromiumVersions from "electron-to-chromium/full-versions.json" with { type: "json" };
import { bundleForNpmElectron, listLicences } from "../../../build/application.ts";
import { findChromium } from "../../runner/chromium.ts";
import { chooseElectron } from "../../../build/electron/choose.ts";
import { Missing } from "../../../build/electron/missing.ts";
import { root } from "../../../build/root.ts";
import { runVitest, type Outcome } from "../../runner/vitest.ts";
import { darkNetwork } from "../../offline/dark-network.ts";
import electron from "electron/package.json" with { type: "json" };

/** Every screen and the window's own journeys: what a new Chromium would break first. */
const shortJourneys = ["browser/screens", "end-to-end/window"];

/** Runs the journeys, with `args` of Vitest's (filters of file names, -t TITLE). Throws `Missing`. */
async function testInBrowser(args: readonly string[] = []): Promise<Outcome> {
  const { binary, version } = findChromium();
  const theirs = (chromiumVersions as Record<string, string>)[electron.version];
  console.log(`The pages run in Chromium ${version}; Electron ${electron.version} has ${theirs}.`);
  await bundleForNpmElectron();
  await listLicencesOfHere();
  const network = darkNetwork();
  return runVitest(["--config", join(root, "test/end-to-end/vitest.config.ts"), ...args], {
    prefix: "prefix" in network ? network.prefix : [],
    environment: {
      COPPICE_TEST_BROWSER: binary,
      COPPICE_TEST_BINARY: process.execPath,
      COPPICE_TEST_FOLDER: root,
      COPPICE_ELECTRON_VERSION: electron.version,
    },
  });
}

/** The part of them that `npm test` runs. Throws `Missing`. */
export const testScreensInBrowser = (): Promise<Outcome> => testInBrowser(shortJourneys);

/** The licences page shows those of the Electron that runs here. */
async function listLicencesOfHere(): Promise<void> {
  try {
    await listLicences(await chooseElectron(), process.platform);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.log(`The licences page is empty: ${error.message}`);
  }
}

if (import.meta.main) {
  const { failed, passed } = await testInBrowser(process.argv.slice(2));
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
