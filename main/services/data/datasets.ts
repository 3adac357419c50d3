import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import type { Selectable } from "kysely";
import { fail } from "../../../native-models/failure.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { DatasetsTable } from "../../database/schema.ts";
import { now } from "../../database/time.ts";

/** Data that the reader has read: `folder` contains its splits, `name` is its name for the person. */
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

type Row = Selectable<DatasetsTable>;

/** The datasets that were read here. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Datasets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The data that was read; if its source is a dataset's own rows, with nothing more masked, it takes that dataset's name. */
  named<Read extends DatasetEntry>(read: Read, sources: readonly string[]): Read {
    const [source] = sources;
    if (source === undefined || sources.length > 1) return read;
    const before = this.#at(resolve(source)) ?? this.#at(dirname(resolve(source)));
    const isSame =
      before?.report.rowsHash === read.report.rowsHash &&
      isDeepStrictEqual(before?.report.masked, read.report.masked);
    return before && isSame ? { ...read, name: before.name } : read;
  }

  /** Records that a dataset is used now; a known folder updates its entry, except for a name that a person gave. */
  remember({ report, ...entry }: DatasetEntry): DatasetRecord {
    return this.#store.transaction(() => {
      const before = this.#row(entry.folder);
      const name = before?.kept === 1 ? before.name : entry.name;
      const { version, newest } = this.#numbered(before, name, report.rowsHash);
      const known = { ...entry, name, version, report: JSON.stringify(report), usedAt: now() };
      const row = this.#store.first(
        query
          .insertInto("datasets")
          .values({ ...known, addedAt: known.usedAt })
          .onConflict((same) => same.column("folder").doUpdateSet(known))
          .returningAll(),
      );
      this.#setNewest(name, newest);
      return datasetOf(row!);
    });
  }

  /** Gives a data set's entries a person's name; they then stay when the last run that used them is deleted. Failure: not-found. */
  rename(ids: readonly [number, ...number[]], name: string): void {
    this.#store.transaction(() => {
      const before = this.#entry(ids[0]);
      const { version, newest } = this.#numbered(before, name, datasetOf(before).report.rowsHash);
      const named = query.updateTable("datasets").set({ name, version, kept: 1 });
      this.#store.run(named.where("id", "in", ids));
      this.#setNewest(name, newest);
    });
  }

  /** The version of an entry that has this name from now on, and the highest version of the name. */
  #numbered(before: Row | null, name: string, rowsHash: string): { version: number; newest: number } {
    const version = before?.name === name ? before.version : this.#versionFor(name, rowsHash);
    return { version, newest: Math.max(version, this.#newestOf(name)) };
  }

  /** The version of the same rows under this name, or else a version that the name never had while it was in use. */
  #versionFor(name: string, rowsHash: string): number {
    const named = query.selectFrom("datasets").select("version").where("name", "=", name);
    const same = named.where(sql`report ->> '$.rowsHash'`, "=", rowsHash);
    return this.#store.first(same)?.version ?? this.#newestOf(name) + 1;
  }

  #newestOf(name: string): number {
    const named = query.selectFrom("datasets").where("name", "=", name);
    return this.#store.first(named.select(({ fn }) => fn.max("newestVersion").as("newest")))?.newest ?? 0;
  }

  /** Stored in all entries of a name, so that it is gone with the last of them: the name may be a client's. */
  #setNewest(name: string, newestVersion: number): void {
    this.#store.run(query.updateTable("datasets").set({ newestVersion }).where("name", "=", name));
  }

  /** Most recently used first. */
  list(): DatasetRecord[] {
    return this.#store
      .all(query.selectFrom("datasets").selectAll().orderBy("usedAt", "desc").orderBy("id", "desc"))
      .map(datasetOf);
  }

  /** The dataset of that id. Failure: not-found. */
  get(id: number): DatasetRecord {
    return datasetOf(this.#entry(id));
  }

  #at(folder: string): DatasetRecord | null {
    const row = this.#row(folder);
    return row && datasetOf(row);
  }

  #row(folder: string): Row | null {
    return this.#store.first(query.selectFrom("datasets").selectAll().where("folder", "=", folder));
  }

  #entry(id: number): Row {
    const row = this.#store.first(query.selectFrom("datasets").selectAll().where("id", "=", id));
    return row ?? fail({ code: "not-found", path: String(id), what: "data set" });
  }
}

function datasetOf({ id, folder, name, report, addedAt, usedAt }: Row): DatasetRecord {
  return { id, folder, name, report: DatasetReport.parse(JSON.parse(report)), addedAt, usedAt };
}
