/** What lies where in a run's folder, as far as the services know it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../native-models/formats/atomic.ts";
import { TrimOutcome } from "../preload/contract/run.ts";

/** A file that only a run's folder has: the engine's journal. */
export function runMarker(folder: string): string {
  return join(folder, "journal.json");
}

/** The name of the whole fine-tuned model among a run's depths. */
export const wholeDepth = "tuned";

/** Where what a finished run gave lies. */
export function outcomeFile(folder: string): string {
  return join(folder, "outcome.json");
}

/** Keeps what a finished run gave. Failures: disk-full, unwritable. */
export function writeOutcome(folder: string, outcome: TrimOutcome): Promise<void> {
  return writeFileAtomic(outcomeFile(folder), `${JSON.stringify(outcome, null, 1)}\n`);
}

/** What a finished run gave; null if it has not finished. */
export function readOutcome(folder: string): TrimOutcome | null {
  const path = outcomeFile(folder);
  return existsSync(path) ? TrimOutcome.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}
