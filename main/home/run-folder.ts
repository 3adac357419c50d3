/** The parts of a run's folder that the services use. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { RecitedByDepth } from "../../preload/contract/results/recited.ts";
import { TrimOutcome } from "../../preload/contract/runs/run.ts";

/** A file that only a run's folder has: the engine's journal. */
export function runMarker(folder: string): string {
  return join(folder, "journal.json");
}

/** The name of the fine-tuned model at full depth among a run's depths. */
export const wholeDepth = "tuned";

/** The file of a finished run's outcome. */
export function outcomeFile(folder: string): string {
  return join(folder, "outcome.json");
}

/** Stores a finished run's outcome. Failures: disk-full, unwritable. */
export function writeOutcome(folder: string, outcome: TrimOutcome): Promise<void> {
  return writeFileAtomic(outcomeFile(folder), `${JSON.stringify(outcome, null, 1)}\n`);
}

/** A finished run's outcome; null if it has not finished. */
export function readOutcome(folder: string): TrimOutcome | null {
  const path = outcomeFile(folder);
  return existsSync(path) ? TrimOutcome.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

/** The file with the measured recital of a finished run, by depth. */
const recitedFile = (folder: string) => join(folder, "recited.json");

/** Stores a run's measured recital. Failures: disk-full, unwritable. */
export function writeRecited(folder: string, recited: z.infer<typeof RecitedByDepth>): Promise<void> {
  return writeFileAtomic(recitedFile(folder), `${JSON.stringify(recited, null, 1)}\n`);
}

/** A run's measured recital by depth; empty if it was not measured. */
export function readRecited(folder: string): z.infer<typeof RecitedByDepth> {
  const path = recitedFile(folder);
  return existsSync(path) ? RecitedByDepth.parse(JSON.parse(readFileSync(path, "utf8"))) : {};
}
