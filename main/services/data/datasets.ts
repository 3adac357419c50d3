import { fail } from "../../../native-models/failure.ts";
import { DatasetReport } from "../../../preload/contract/data.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";

/** Data that the reader has read: `folder` contains its splits, `name` is the person's name for it. */
export interface DatasetEntry {
  folder: string;
  name: string;
  report: DatasetReport;
}

export interface DatasetRecord extends DatasetEntry {
  id: number;
  addedAt: string;
  usedAt: string;
}

/** The datasets that were read here. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Datasets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Records that a dataset is used now; the same folder again is the same entry, with updated data. */
  remember({ report, ...entry }: DatasetEntry): DatasetRecord {
    const known = { ...entry, report: JSON.stringify(report), usedAt: now() };
    const row = this.#store.first(
      query
        .insertInto("datasets")
        .values({ ...known, addedAt: known.usedAt })
        .onConflict((same) => same.column("folder").doUpdateSet(known))
        .returningAll(),
    );
    return datasetOf(row!);
  }

  /** Most recently used first. */
  list(): DatasetRecord[] {
    return this.#store
      .all(query.selectFrom("datasets").selectAll().orderBy("usedAt", "desc").orderBy("id", "desc"))
      .map(datasetOf);
  }

  /** The dataset of that id. Failure: not-found. */
  get(id: number): DatasetRecord {
    const row = this.#store.first(query.selectFrom("datasets").selectAll().where("id", "=", id));
    return row ? datasetOf(row) : fail({ code: "not-found", path: String(id), what: "dataset" });
  }
}

function datasetOf<Row extends { report: string }>(
  row: Row,
): Omit<Row, "report"> & Pick<DatasetEntry, "report"> {
  return { ...row, report: DatasetReport.parse(JSON.parse(row.report)) };
}
