/** Compiles our few C programs for Windows, on any system. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { runTool } from "../../electron/command.ts";

/** MinGW-w64's compilers by target machine. On Windows the one for x64 is plain gcc. */
const compilers = {
  x64: {
    command: process.platform === "win32" ? "gcc" : "x86_64-w64-mingw32-gcc",
    package: "gcc-mingw-w64-x86-64",
  },
  x86: { command: "i686-w64-mingw32-gcc", package: "gcc-mingw-w64-i686" },
} as const;

/** Compiles `source` to `output`, which needs only Windows' own libraries. Throws `Missing`. */
export function compileForWindows(
  machine: keyof typeof compilers,
  source: string,
  output: string,
  options: readonly string[],
): void {
  const compiler = compilers[machine];
  mkdirSync(dirname(output), { recursive: true });
  const args = ["-O2", "-s", "-static", source, "-o", output, ...options];
  runTool(compiler.command, args, dirname(source), {
    absent: `Packages for Windows need ${compiler.command}: install it (on Debian: apt-get install ${compiler.package}).`,
    failed: `${compiler.command} could not compile ${source}`,
  });
}
