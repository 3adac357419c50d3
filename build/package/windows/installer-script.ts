/** The script for the installer: installer.nsh, and the names of a home's parts. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homeParts } from "../../../main/home/home.ts";
import { root } from "../../root.ts";

const path = join(root, ".cache", "installer.nsh");

/** Writes the script; returns its path. */
export function writeInstallerScript(): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, installerScript());
  return path;
}

export function installerScript(): string {
  const removal = homeNames().map((name) => `  Delete "\${HOME}\\${name}"\n  RMDir /r "\${HOME}\\${name}"\n`);
  const own = readFileSync(join(import.meta.dirname, "installer.nsh"), "utf8");
  return `!macro removeHomeParts\n${removal.join("")}!macroend\n\n${own}`;
}

/** The files and folders that Coppice makes in a home. */
function homeNames(): string[] {
  const { database, kept, growing, expendable, lock } = homeParts;
  return [
    ...new Set(
      [database, ...kept, ...growing, ...expendable, ...lock].map((part) => part.split(/[\\/]/)[0]!),
    ),
  ];
}
