/**
 * `npm run dist`: builds the application's packages in dist/ for this machine's system and, where possible, for the other.
 * `--linux [deb] [rpm] [appimage]` and `--windows [nsis] [zip]` choose; `--dir` only builds a self-contained folder. `--publish`
 * builds packages for release: signed, or refused.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { feedName } from "../main/services/updates/feed.ts";
import { Missing } from "./electron/missing.ts";
import { makePackages, ownSystem, packageFolder, refusal, systems } from "./package/index.ts";
import { signUpdate } from "./package/sign-update.ts";
import { nodePlatform, type System } from "./package/system.ts";
import { root } from "./root.ts";

const usage =
  "usage: npm run dist -- [--dir] [--linux [deb] [rpm] [appimage]] [--windows [nsis] [zip]] [--publish]";

const words = process.argv.slice(2).filter((word) => word !== "--publish");
const isPublished = process.argv.includes("--publish");

try {
  if (isPublished) await refuseUnfit();
  await makeWanted();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  fail(error.message);
}

/** Exits if one of the requested packages must not be released. */
async function refuseUnfit(): Promise<void> {
  for (const system of words.length > 0 ? chosen().keys() : Object.values(systems)) {
    const reason = await refusal(system);
    if (reason !== null) fail(reason);
  }
}

async function makeWanted(): Promise<void> {
  if (words.includes("--dir")) return report([(await packageFolder()).folder]);
  if (words.length > 0) {
    for (const [system, targets] of chosen()) await make(system, targets);
    return;
  }
  await make(ownSystem());
  for (const system of Object.values(systems).filter((other) => other !== ownSystem())) {
    try {
      await make(system);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      console.log(`Nothing for ${system.platform}: ${error.message}`);
    }
  }
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}

/** The systems and packages named on the command line. */
function chosen(): Map<System, string[] | undefined> {
  const choice = new Map<System, string[] | undefined>();
  let system: System | undefined;
  for (const word of words) {
    const named = Object.values(systems).find(({ platform }) => word === `--${platform}`);
    if (named) choice.set((system = named), undefined);
    else if (system && word in system.targets) choice.set(system, [...(choice.get(system) ?? []), word]);
    else {
      console.error(usage);
      process.exit(2);
    }
  }
  return choice;
}

/** Builds packages and, if they are published, signs their update feed. */
async function make(system: System, targets?: string[]): Promise<void> {
  report(await makePackages(system, targets));
  if (!isPublished || !process.env["COPPICE_UPDATE_ADDRESS"]) return;
  const feed = join(root, "dist", feedName(nodePlatform[system.platform]));
  // `refusal` has checked that there is a key.
  if (existsSync(feed)) report([signUpdate(feed, process.env["COPPICE_UPDATE_PRIVATE_KEY"]!)]);
}

function report(paths: readonly string[]): void {
  for (const path of paths) console.log(`Made ${relative(root, path)}`);
}
