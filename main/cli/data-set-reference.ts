/** A person's reference to a data set. */
import { fail } from "../../native-models/failure.ts";
import type { DataSet } from "../../preload/contract/data-set.ts";

/** By its number, or its name: then the newest version. Failure: not-found. */
export function findDataSet(sets: readonly DataSet[], reference: string): DataSet {
  const named = sets.filter(({ id, name }) => String(id) === reference || name === reference);
  const [newest] = [...named].sort((a, b) => b.version - a.version);
  return newest ?? fail({ code: "not-found", path: reference, what: "dataset" });
}
