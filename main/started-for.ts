/** What the application was started for, from its arguments. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isParcel } from "../preload/contract/results/parcel-name.ts";

/**
 * The command in the arguments of a process: everything after the first `--`, null if there is none. Chromium and Electron read
 * no switch after it, so a command's options never collide with theirs. The packages' launchers add it
 * (build/package/launcher.ts).
 */
export function commandOf(argv: readonly string[]): string[] | null {
  const mark = argv.indexOf("--", 1);
  return mark < 0 ? null : argv.slice(mark + 1);
}

/**
 * The model file among the arguments of a process that was started in `folder`, as from a double-click: named by its path, or, for an
 * AppImage, by its address. Null if there is none.
 */
export function modelFileOf(argv: readonly string[], folder: string): string | null {
  const named = argv.slice(1).filter((argument) => /\.gguf$/i.test(argument) || isParcel(argument));
  return named.map((argument) => resolve(folder, pathOf(argument))).find((path) => existsSync(path)) ?? null;
}

function pathOf(argument: string): string {
  try {
    return argument.startsWith("file:///") ? fileURLToPath(argument) : argument;
  } catch {
    return argument; // not a file address, so perhaps a name that looks like one
  }
}
