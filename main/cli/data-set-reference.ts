/** A person's reference to a data set, or to files and folders of data. */
import { existsSync } from "node:fs";
import { fail } from "../../native-models/failure.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";
import { rowsFolder } from "../documents/stored/stored-rows.ts";
import type { Context } from "./context.ts";

/** Finds a data set by the number that the list shows, or by its name: then the newest version. Failure: not-found. */
export function findDataSet(sets: readonly DataSet[], reference: string): DataSet {
  return namedSet(sets, reference) ?? fail({ code: "not-found", path: reference, what: "data set" });
}

function namedSet(sets: readonly DataSet[], reference: string): DataSet | undefined {
  const numbered = sets.find(({ id }) => String(id) === reference);
  const [newest] = sets.filter(({ name }) => name === reference).sort((a, b) => b.version - a.version);
  return numbered ?? newest;
}

/** Files and folders as they are, and of other names the rows of the data sets that have them. */
export async function dataPaths(context: Context, references: readonly string[]): Promise<string[]> {
  if (references.every((path) => existsSync(path))) return [...references];
  return context.reading(({ dataSets }) =>
    references.map((reference) => {
      const set = existsSync(reference) ? undefined : namedSet(dataSets.list(), reference);
      return set ? rowsFolder(dataSets.folderOf(set.id)) : reference; // a missing file fails when it is read
    }),
  );
}
