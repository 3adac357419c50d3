/** A data set as files in a folder that a person chose. */
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data/data-set.ts";
import { fileName } from "../home/file-name.ts";
import { unusedPath } from "../home/unused-path.ts";
import type { DataSets } from "./data-sets.ts";
import type { Reading } from "./reading.ts";

interface Options {
  readonly onFile?: (file: string) => void;
  readonly signal?: AbortSignal;
}

/** Writes a data set into the new folder `output`. Failures: not-found, bad-data, disk-full, unwritable, cancelled. */
export async function exportDataSet(
  dataSets: DataSets,
  reading: Reading,
  { id, format, output }: { id: number; format: DataSetFormat; output: string },
  options: Options = {},
): Promise<{ folder: string; files: DataSetFile[] }> {
  const { name, version, addedAt } = dataSets.find(id);
  const asked = { folder: dataSets.folderOf(id), out: output, format, name, version, addedAt };
  return { folder: output, files: await reading.exportDataset(asked, options) };
}

/** The path of a new folder inside `folder`, named after the data set. */
export function newFolderFor(dataSets: DataSets, id: number, folder: string): string {
  const { name, version, versions } = dataSets.find(id);
  const plain = fileName(name, /[^\p{L}\p{N}._ -]+/gu, "data");
  return unusedPath(folder, versions > 1 ? `${plain} ${version}` : plain);
}
