import { dirname, resolve } from "node:path";
import { sql } from "kysely";
import type { Selectable } from "kysely";
import { fail } from "../../../native-models/failure.ts";
import { DatasetReport } from "../../../preload/contract/data.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { DatasetsTable } from "../../database/schema.ts";
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

  /**
   * Data as it was read from these sources; if they are a dataset's own rows, with its name, and with what is known of where its
   * rows came from.
   */
  named<Read extends DatasetEntry>(read: Read, sources: readonly string[]): Read {
    const [source] = sources;
    if (source === undefined || sources.length > 1) return read;
    const before = this.#at(resolve(source)) ?? this.#at(dirname(resolve(source)));
    if (!before || before.report.rowsHash !== read.report.rowsHash) return read;
    const { hash, tokenLengths } = read.report;
    const report = { ...before.report, hash, ...(tokenLengths && { tokenLengths }) };
    return { ...read, name: before.name, report };
  }

  /** Records that a dataset is used now; the same folder again is the same entry, with updated data but a person's own name. */
  remember({ report, ...entry }: DatasetEntry): DatasetRecord {
    const known = { ...entry, report: JSON.stringify(report), usedAt: now() };
    const row = this.#store.first(
      query
        .insertInto("datasets")
        .values({ ...known, addedAt: known.usedAt })
        .onConflict((same) =>
          same
            .column("folder")
            .doUpdateSet({ ...known, name: sql`case when kept = 1 then name else excluded.name end` }),
        )
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

  #at(folder: string): DatasetRecord | null {
    const row = this.#store.first(query.selectFrom("datasets").selectAll().where("folder", "=", folder));
    return row && datasetOf(row);
  }

  /** The dataset of that id. Failure: not-found. */
  get(id: number): DatasetRecord {
    const row = this.#store.first(query.selectFrom("datasets").selectAll().where("id", "=", id));
    return row ? datasetOf(row) : fail({ code: "not-found", path: String(id), what: "data set" });
  }
}

function datasetOf({ id, folder, name, report, addedAt, usedAt }: Selectable<DatasetsTable>): DatasetRecord {
  return { id, folder, name, report: DatasetReport.parse(JSON.parse(report)), addedAt, usedAt };
}
