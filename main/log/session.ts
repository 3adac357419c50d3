/** How the previous program ended: a file exists while one runs, and remains only if it ended abnormally. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Session = z.object({ startedAt: z.iso.datetime() });

/** A program that ended abnormally: its start time, and its last log entry. */
export interface LostSession {
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

export interface OpenSession {
  /** The previous one, if it ended abnormally. */
  readonly lost: LostSession | null;
  /** This one ends normally. */
  end(): void;
}

/**
 * Starts a session in `folder`; for the program that holds the home. `log` is the file that shows when a lost one was last
 * active.
 */
export function beginSession(folder: string, log: string, startedAt = new Date().toISOString()): OpenSession {
  const file = join(folder, "running.json");
  const lost = lostSession(file, log);
  try {
    writeFileSync(file, `${JSON.stringify({ startedAt } satisfies z.infer<typeof Session>)}\n`, {
      mode: 0o600,
    });
  } catch {
    // On a full disk, an abnormal end would go unnoticed, which is no reason not to start.
  }
  return { lost, end: () => rmSync(file, { force: true }) };
}

function lostSession(file: string, log: string): LostSession | null {
  if (!existsSync(file)) return null;
  const seen = statSync(log, { throwIfNoEntry: false })?.mtime ?? new Date();
  try {
    const { startedAt } = Session.parse(JSON.parse(readFileSync(file, "utf8")));
    return { startedAt, lastSeenAt: seen.toISOString() };
  } catch {
    return { startedAt: seen.toISOString(), lastSeenAt: seen.toISOString() };
  }
}
