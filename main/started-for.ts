/** What the application was started for, from its arguments. */

/**
 * The command in the arguments of a process: everything after the first `--`, null if there is none. Chromium and Electron read
 * no switch after it, so a command's options never collide with theirs. The packages' launchers add it
 * (build/package/launcher.ts).
 */
export function commandOf(argv: readonly string[]): string[] | null {
  const mark = argv.indexOf("--", 1);
  return mark < 0 ? null : argv.slice(mark + 1);
}
