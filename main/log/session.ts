/** How the program before this one ended: a file that is there while one runs, and after it only if it could not say goodbye. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Session = z.object({ startedAt: z.iso.datetime() });

/** A program that did not end by itself: when it began, and when it last wrote into its log. */
export interface LostSession {
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

export interface OpenSession {
  /** The one before, if it was lost. */
  readonly lost: LostSession | null;
  /** This one ends as it should. */
  end(): void;
}

/** Begins a session in `folder`; for the program that holds the home. `log` is the file by which a lost one was last seen. */
export function beginSession(folder: string, log: string, startedAt = new Date().toISOString()): OpenSession {
  const file = join(folder, "running.json");
  const lost = lostSession(file, log);
  try {
    writeFileSync(file, `${JSON.stringify({ startedAt } satisfies z.infer<typeof Session>)}\n`, {
      mode: 0o600,
    });
  } catch {
    // A full disk: then nobody will know, which is no reason not to start.
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
