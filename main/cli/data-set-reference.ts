/** A person's reference to a data set. */
import { fail } from "../../native-models/failure.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";

/** Finds a data set by the number that the list shows, or by its name: then the newest version. Failure: not-found. */
export function findDataSet(sets: readonly DataSet[], reference: string): DataSet {
  const numbered = sets.find(({ id }) => String(id) === reference);
  const [newest] = sets.filter(({ name }) => name === reference).sort((a, b) => b.version - a.version);
  return numbered ?? newest ?? fail({ code: "not-found", path: reference, what: "data set" });
}
