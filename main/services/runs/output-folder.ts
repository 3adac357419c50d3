/** The folder that a model or data is written to: it must be new or empty, and writable. */
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { failedWrite } from "../../../native-models/formats/atomic.ts";
import { exists, isFile, isFolder } from "../../../native-models/formats/bytes.ts";
import { pathInside } from "../../../native-models/formats/path-inside.ts";
import type { Runs } from "./runs.ts";

/**
 * Refuses a folder for a new run's model that is not empty, where a run before it will write its own, or that cannot be made. Failures:
 * bad-choice, unwritable.
 */
export function refuseTakenFolder(runs: Pick<Runs, "outputs">, output: string): void {
  refuseUsedFolder(output);
  const place = resolve(output);
  refuseUnwritable(place);
  const other = runs
    .outputs()
    .find(
      (run) => pathInside(run.output, place) === "" && (run.state === "queued" || run.state === "running"),
    );
  if (other) refuseChoice({ code: "folder-taken", folder: place, run: other.name });
}

/** Refuses a folder that is not empty: a model's folder replaces it, so it must not contain a person's own files. */
export function refuseUsedFolder(output: string): void {
  const place = resolve(output); // an empty text is the working folder
  if (!exists(place)) return;
  const used = !isFolder(place) || readdirSync(place).length > 0;
  if (used) refuseChoice({ code: "folder-not-empty", folder: place });
}

/** Refuses a place beside which nothing can be written: at the end of a run it would be too late. Failure: unwritable. */
function refuseUnwritable(place: string): void {
  let above = dirname(place);
  while (!exists(above) && above !== dirname(above)) above = dirname(above);
  if (isFile(above)) fail({ code: "unwritable", path: place, reason: "folder-is-file" });
  try {
    rmdirSync(mkdtempSync(join(above, ".coppice-"))); // `access` ignores an account's rights on Windows
  } catch (error) {
    failedWrite(place, error);
  }
}
