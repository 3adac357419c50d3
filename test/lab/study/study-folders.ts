/** Where a study's runs are in its folder. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../../main/trimming/journal/journal-file.ts";
import { nameOf } from "../../../main/trimming/schedule/stage-names.ts";
import type { StudySet } from "./sets.ts";

export interface StudyFolders {
  /** Holds the study's runs with their weights. */
  readonly folder: string;
  /** The folder of the sets. */
  readonly data: string;
}
type Holding = Pick<StudyFolders, "folder">;

/** A set, a model and a seed: what all arms share. */
export interface Subjects {
  readonly set: StudySet;
  readonly model: { readonly name: string; readonly path: string };
  readonly seed: number;
}

/** A recipe, and the share of the blocks that it keeps. */
interface Trimmed {
  readonly arm: string;
  readonly keep: number;
}

/** The folder of a set's files. */
export const sourceOf = ({ data }: Pick<StudyFolders, "data">, { folder, of, name }: StudySet): string =>
  folder ?? join(data, of ?? name);

/** The folder that a set is read into. */
export const readIn = ({ folder }: Holding, { name }: StudySet): string => join(folder, `data-${name}`);

/** The folder of a set's rows, once `readSet` has written them. */
export const dataOf = (study: Holding, { set }: Subjects): string => join(readIn(study, set), "rows");

/** The folder of the tuned model's run. */
export const tunedFolder = (study: Holding, subjects: Subjects): string => folderOf(study, subjects, "tuned");

/** The folder of an arm's run. */
export const armFolder = (study: Holding, subjects: Subjects, { arm, keep }: Trimmed): string =>
  folderOf(study, subjects, `${arm}-${Math.round(100 * keep)}`);

const folderOf = ({ folder }: Holding, { set, model, seed }: Subjects, name: string): string =>
  join(folder, `${set.name}-${model.name}-s${seed}`, name);

/** The folder of the model that a run's folder holds. */
export const exportIn = (runFolder: string): string => join(runFolder, "model");

/** The folder of an arm's weights; null where they were not kept. */
export function weightsOf(study: Holding, subjects: Subjects, of: Trimmed): string | null {
  const folder = armFolder(study, subjects, of);
  return existsSync(folder) ? folder : null;
}

/** Whether the folder holds the complete tuned run of these subjects. */
export async function hasTuned(study: Holding, subjects: Subjects): Promise<boolean> {
  const found = await readJournal(tunedFolder(study, subjects));
  return found?.content.stages.some(({ name }) => name === nameOf.teacher) ?? false;
}

/** Removes an arm's run, which takes gigabytes; only its figures stay. */
export function forget(study: Holding, subjects: Subjects, of: Trimmed): void {
  rmSync(armFolder(study, subjects, of), { recursive: true, force: true });
}
