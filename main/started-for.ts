/** What the application was started for, told from its arguments. */

/**
 * The command in the arguments of a process: what stands after the first `--`, null if there is none. Chromium and Electron
 * read no switch beyond it, so a command's options are its own. The packages' launchers write it (build/package/launcher.ts).
 */
export function commandOf(argv: readonly string[]): string[] | null {
  const mark = argv.indexOf("--", 1);
  return mark < 0 ? null : argv.slice(mark + 1);
}
