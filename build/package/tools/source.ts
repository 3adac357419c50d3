/** The description of a package to build, and a helper that runs system programs. */
import { spawnSync } from "node:child_process";

/** A package's metadata, and the location of its files. */
export interface PackageSource {
  readonly name: string;
  readonly version: string;
  /** Debian's name: amd64. */
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
  /** Folders that belong to the package, absolute: /opt/Coppice. */
  readonly ownFolders: readonly string[];
  /** The files as they will be installed under /. */
  readonly tree: string;
  /** For temporary files. */
  readonly work: string;
  /** The package to write. */
  readonly output: string;
}

/** Runs a system program; shows its output if it fails. Throws an Error that says how to install it. */
export function runProgram(command: string, args: readonly string[], debianPackage: string): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw new Error(`${command} is needed (on Debian: apt-get install ${debianPackage})`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}
