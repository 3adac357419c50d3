import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
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

type Row = Selectable<DatasetsTable>;

/** The datasets that were read here. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Datasets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Data as it was read from these sources; if they are a dataset's own rows, in which nothing more was masked, with its name. */
  named<Read extends DatasetEntry>(read: Read, sources: readonly string[]): Read {
    const [source] = sources;
    if (source === undefined || sources.length > 1) return read;
    const before = this.#at(resolve(source)) ?? this.#at(dirname(resolve(source)));
    const isSame =
      before?.report.rowsHash === read.report.rowsHash &&
      isDeepStrictEqual(before?.report.masked, read.report.masked);
    return before && isSame ? { ...read, name: before.name } : read;
  }

  /** Records that a dataset is used now; the same folder again is the same entry, with updated data but a person's own name. */
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

  /** Gives the entries of a data set a person's own name, and keeps them when the last run that used them is deleted. Failure: not-found. */
  rename(ids: readonly [number, ...number[]], name: string): void {
    this.#store.transaction(() => {
      const before = this.#entry(ids[0]);
      const { version, newest } = this.#numbered(before, name, datasetOf(before).report.rowsHash);
      const named = query.updateTable("datasets").set({ name, version, kept: 1 });
      this.#store.run(named.where("id", "in", ids));
      this.#setNewest(name, newest);
    });
  }

  /** The version of an entry that has this name from now on, and the highest that the name was given. */
  #numbered(
    before: Row | null,
    name: string,
    rowsHash: string | undefined,
  ): { version: number; newest: number } {
    const version = before?.name === name ? before.version : this.#versionFor(name, rowsHash);
    return { version, newest: Math.max(version, this.#newestOf(name)) };
  }

  /** That of the same rows of this name, or else one that no data set had while the name was in use. */
  #versionFor(name: string, rowsHash: string | undefined): number {
    const named = query.selectFrom("datasets").select("version").where("name", "=", name);
    const same = named.where(sql`report ->> '$.rowsHash'`, "=", rowsHash ?? null);
    return this.#store.first(same)?.version ?? this.#newestOf(name) + 1;
  }

  #newestOf(name: string): number {
    const named = query.selectFrom("datasets").where("name", "=", name);
    return this.#store.first(named.select(({ fn }) => fn.max("newestVersion").as("newest")))?.newest ?? 0;
  }

  /** All entries of a name say it, so that it is known until the last of them is deleted, and no longer: a name may be a client's. */
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
