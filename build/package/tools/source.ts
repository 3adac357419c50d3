/** A package before it is made, and how programs of the system are run to make it. */
import { spawnSync } from "node:child_process";

/** What a package says of itself, and where its files lie. */
export interface PackageSource {
  readonly name: string;
  readonly version: string;
  /** As Debian calls it: amd64. */
  readonly architecture: string;
  readonly description: string;
  readonly summary: string | undefined;
  readonly maintainer: string;
  readonly vendor: string;
  readonly url: string;
  readonly license: string;
  readonly category: string | undefined;
  readonly priority: string | undefined;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** Contents of the scripts. */
  readonly afterInstall: string;
  readonly afterRemove: string;
  readonly compression: string;
  /** Folders that are the package's own, absolute: /opt/Coppice. */
  readonly ownFolders: readonly string[];
  /** The files as they will lie under /. */
  readonly tree: string;
  /** For what is made on the way. */
  readonly work: string;
  /** The package to write. */
  readonly output: string;
}

/** Runs a program of the system; its output is shown where it fails. Throws an Error that says how to get it. */
export function runProgram(command: string, args: readonly string[], debianPackage: string): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw new Error(`${command} is needed (on Debian: apt-get install ${debianPackage})`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}
