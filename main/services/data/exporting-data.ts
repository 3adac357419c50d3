/** A data set as files in a folder that a person chose. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data-set.ts";
import type { DataSets } from "./data-sets.ts";
import type { Reading } from "./reading.ts";

interface Options {
  readonly onFile?: (file: string) => void;
  readonly signal?: AbortSignal;
}

/** Writes it into the new folder `output`. Failures: not-found, bad-data, disk-full, unwritable, cancelled. */
export async function exportDataSet(
  dataSets: DataSets,
  reading: Reading,
  { id, format, output }: { id: number; format: DataSetFormat; output: string },
  options: Options = {},
): Promise<{ folder: string; files: DataSetFile[] }> {
  const { name, version, addedAt } = await dataSets.get(id);
  const asked = { folder: dataSets.folderOf(id), out: output, format, name, version, addedAt };
  return { folder: output, files: await reading.exportDataset(asked, options) };
}

/** A folder inside `folder` named after the data set, which does not exist yet. */
export async function newFolderFor(dataSets: DataSets, id: number, folder: string): Promise<string> {
  const { name, version, versions } = await dataSets.get(id);
  const plain = name.replace(/[^\p{L}\p{N}._ -]+/gu, "-").slice(0, 80);
  const stem = versions > 1 ? `${plain} ${version}` : plain;
  let output = join(folder, stem);
  for (let copy = 2; existsSync(output); copy++) output = join(folder, `${stem}-${copy}`);
  return output;
}
