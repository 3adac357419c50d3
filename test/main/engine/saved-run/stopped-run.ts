/** A run's folder as a killed trainer may leave it, but for its journal. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes the files, of a byte each; returns the folder. */
export function stoppedRunIn(folder: string): string {
  for (const path of ["objects", "original", "measured", "mixed", "rewritten/chat", "recovery"])
    mkdirSync(join(folder, path), { recursive: true });
  const teacher = ["teacher.bin", "teacher-tokens.bin", "teacher-streams.bin"];
  const journals = ["rewritten/journal.json", "recovery/journal.json"];
  const unfinished = [".teacher.bin.0123456789ab.unfinished", "rewritten/chat/weights"];
  for (const path of ["base.bin", ...teacher, ...journals, ...unfinished])
    writeFileSync(join(folder, path), "x");
  return folder;
}
