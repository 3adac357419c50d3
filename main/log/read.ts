/** Logs, read back for a report. */
import { existsSync, readFileSync } from "node:fs";
import { LogEntry, logRotation } from "./log.ts";
import { rotatedNames } from "./rotating-file.ts";

/** The newest entries of a log that `wanted` accepts, at most `most`, oldest first; invalid lines are skipped. */
export function lastEntries(
  path: string,
  most: number,
  wanted: (entry: LogEntry) => boolean = () => true,
): LogEntry[] {
  const found: LogEntry[] = [];
  for (const file of rotatedNames(path, logRotation.mostFiles)) {
    if (found.length >= most || !existsSync(file)) break;
    for (const line of linesOf(file).reverse()) {
      const entry = entryOf(line);
      if (entry && wanted(entry)) found.push(entry);
      if (found.length >= most) break;
    }
  }
  return found.reverse();
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return []; // rotated since it was listed
  }
}

function entryOf(line: string): LogEntry | null {
  try {
    return LogEntry.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
