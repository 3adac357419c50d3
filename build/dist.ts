/**
 * `npm run dist`: makes the application's packages in dist/, for this machine's system and, where that can be done here,
 * for the other. `--linux [deb] [rpm] [appimage]` and `--windows [nsis] [zip]` choose; `--dir` makes only a folder that
 * runs by itself.
 */
import { relative } from "node:path";
import { root } from "./application.ts";
import { Missing } from "./electron/missing.ts";
import { makePackages, ownSystem, packageFolder, systems } from "./package/index.ts";
import type { System } from "./package/system.ts";

const usage = "usage: npm run dist -- [--dir] [--linux [deb] [rpm] [appimage]] [--windows [nsis] [zip]]";

const words = process.argv.slice(2);
if (words.includes("--dir")) report([(await packageFolder()).folder]);
else if (words.length > 0)
  for (const [system, targets] of chosen()) report(await makePackages(system, targets));
else {
  report(await makePackages(ownSystem()));
  for (const system of Object.values(systems).filter((other) => other !== ownSystem())) {
    try {
      report(await makePackages(system));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      console.log(`Nothing for ${system.platform}: ${error.message}`);
    }
  }
}

/** The systems and packages that the command line names. */
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

function report(paths: readonly string[]): void {
  for (const path of paths) console.log(`Made ${relative(root, path)}`);
}
