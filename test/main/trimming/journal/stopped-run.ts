/** A run's folder as a killed trainer may leave it, but for its journal. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes the files, of a byte each; returns the folder. */
export function stoppedRunIn(folder: string): string {
  for (const path of [
    "objects",
    "original",
    "measured",
    "work",
    "methods/rewriting",
    "methods/recovery-prompt",
  ])
    mkdirSync(join(folder, path), { recursive: true });
  const teacher = ["teacher.bin", "teacher-tokens.bin"];
  const journals = ["methods/rewriting/journal.json", "methods/recovery-prompt/journal.json"];
  const unfinished = [".teacher.bin.0123456789ab.unfinished", "work/weights"];
  for (const path of ["base.bin", ...teacher, ...journals, ...unfinished])
    writeFileSync(join(folder, path), "x");
  return folder;
}
