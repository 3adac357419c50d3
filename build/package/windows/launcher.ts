/** The console's launcher (launcher.c, decisions/0013), in bin/ of the packed folder. */
import { join } from "node:path";
import type { Edition } from "../edition.ts";
import { compileForWindows } from "./compile.ts";

/** Compiles it for `edition` and returns its path. Throws `Missing`. */
export function makeLauncher({ name, productName }: Edition, folder: string): string {
  const launcher = join(folder, `${name}.exe`);
  const application = `-DAPPLICATION=L"..\\\\${productName}.exe"`;
  compileForWindows("x64", join(import.meta.dirname, "launcher.c"), launcher, ["-municode", application]);
  return launcher;
}
