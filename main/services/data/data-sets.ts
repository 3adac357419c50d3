/** Data sets: the same rows in the same splits, for whichever models they were read; with a name, versions and the runs that used them. */
import { sql } from "kysely";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import type { DataSetDetail } from "../../../preload/contract/calls/data-sets.ts";
import { bySplit } from "../../../preload/contract/data/data-files.ts";
import type { DataSet, Descendant } from "../../../preload/contract/data/data-set.ts";
import { DatasetReport, rowCount } from "../../../preload/contract/data/data.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import type { RunState } from "../../../preload/contract/runs/run.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { readReport } from "../../documents/stored/split-files.ts";
import { rowsFolder } from "../../documents/stored/stored-rows.ts";
import { resumableIn } from "../../trimming/journal/run-files.ts";
import type { Home } from "../../home/home.ts";
import { runMarker } from "../../home/run-folder.ts";
import { bytesOf } from "../home/kept-folders.ts";
import type { Datasets } from "./datasets.ts";
import { descendantsOf, heirsIn } from "./descendants.ts";
import { setAside } from "./unfinished-folders.ts";

/** The states in which a run will still read its data. */
const UNFINISHED: readonly RunState[] = ["queued", "running", "paused"];

/** The name of a folder with data that was read: a hash. */
const READ = /^[0-9a-f]{64}$/;
const UNUSED_MS = 7 * 24 * 60 * 60 * 1000;

/** A data set as it was read for some models. */
interface Entry {
  readonly id: number;
  readonly folder: string;
  readonly name: string;
  readonly version: number;
  readonly addedAt: string;
  readonly usedAt: string;
  readonly kept: number;
  readonly rowsHash: string;
  readonly splits: string;
  readonly masked: string | null;
  readonly corrections: number | null;
  readonly lineage: string | null;
}

interface User {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly datasetId: number;
  /** 1: an improvement that trains on these corrections. */
  readonly corrections: number;
}

/** The entries of a data set, in the order in which they were read; the first one's id is the data set's. */
type Group = readonly [Entry, ...Entry[]];

/** Failures of every call: disk-full, unwritable, corrupt-file. */
export class DataSets {
  readonly #home: Home;
  readonly #store: Store;
  readonly #datasets: Datasets;
  /** How many runs are being prepared on a data set, by the id of its first entry. */
  readonly #held = new Map<number, number>();

  constructor(home: Home, store: Store, datasets: Datasets) {
    this.#home = home;
    this.#datasets = datasets;
    this.#store = store;
  }

  /** Most recently used first. */
  list(): DataSet[] {
    const groups = this.#groups();
    const users = this.#users();
    return groups
      .map((group) => dataSetOf(group, groups, users))
      .sort((a, b) => (a.usedAt < b.usedAt ? 1 : a.usedAt > b.usedAt ? -1 : b.id - a.id));
  }

  /** Failure: not-found. */
  find(id: number): DataSet {
    const groups = this.#groups();
    return dataSetOf(groupOf(groups, id), groups, this.#users());
  }

  /** A data set with all its details. Failure: not-found. */
  async get(id: number): Promise<DataSetDetail> {
    const groups = this.#groups();
    const group = groupOf(groups, id);
    const { id: shown, folder } = shownOf(group);
    return {
      ...dataSetOf(group, groups, this.#users()),
      report: this.#reportOf(shown),
      source: rowsFolder(folder),
      sizeBytes: await bytesOf(group.map((entry) => entry.folder)),
    };
  }

  /** The runs that carry a data set without having been trained on it. Newest first. Failure: not-found. */
  descendants(id: number): Descendant[] {
    return descendantsOf(this.find(id).runs, heirsIn(this.#store, this.#home));
  }

  /** The folder with its rows. Failure: not-found, also if the folder is gone. */
  folderOf(id: number): string {
    const { folder } = shownOf(groupOf(this.#groups(), id));
    return existsSync(folder) ? folder : fail({ code: "not-found", path: folder, what: "data set" });
  }

  /** Returns `folder` if data was read into it here. Failure: not-found for any other. */
  folderRead(folder: string): string {
    return dirname(folder) === this.#home.datasets && !basename(folder).startsWith(".")
      ? folder
      : fail({ code: "not-found", path: folder, what: "data set" });
  }

  /**
   * Keeps data that was read into `folder` under `name`, or under its own name if it is kept already. Returns the data set's id. Failures:
   * not-found, unreadable, bad-data if the folder does not contain a dataset of this home.
   */
  keep(folder: string, name: string): number {
    this.folderRead(folder);
    const isHere = (group: Group) => group.some((entry) => entry.folder === folder);
    if (!this.#groups().some(isHere))
      this.#datasets.remember({ folder, name, report: readReport(folder, DatasetReport) });
    const group = this.#groups().find(isHere)!;
    this.rename(group[0].id, group.find(({ kept }) => kept === 1)?.name ?? name);
    return group[0].id;
  }

  /** Names a data set, which from then on stays when the last run that used it is deleted. Failure: not-found. */
  rename(id: number, name: string): void {
    const [first, ...others] = groupOf(this.#groups(), id);
    this.#datasets.rename([first.id, ...others.map((entry) => entry.id)], name);
  }

  /** Records when a data set was last used. Failure: not-found. */
  markUsed(id: number, usedAt: string): void {
    const ids = groupOf(this.#groups(), id).map((entry) => entry.id);
    this.#store.run(query.updateTable("datasets").set({ usedAt }).where("id", "in", ids));
  }

  /** Keeps a data set from being deleted while a run on it is prepared, until the returned function is called. Failure: not-found. */
  hold(id: number): () => void {
    const [{ id: first }] = groupOf(this.#groups(), id);
    const count = (change: number) => this.#held.set(first, (this.#held.get(first) ?? 0) + change);
    count(+1);
    return () => count(-1);
  }

  isHeld(id: DataSet["id"]): boolean {
    return (this.#held.get(id) ?? 0) > 0;
  }

  /**
   * Deletes a data set and its rows, in the forms of all models, and what failed and cancelled runs have made of them. Runs that used it keep
   * their figures. Returns the freed bytes. Failures: not-found; bad-choice if an unfinished run, or one that is being prepared, needs it.
   */
  async erase(id: number): Promise<number> {
    const before = groupOf(this.#groups(), id);
    const made = this.#usersOf(before).flatMap((run) => resumableIn(join(this.#home.runs, run.id)));
    const bytes = await bytesOf([...this.#ownFolders(before), ...made]);
    // Synchronous until the entries are deleted, so that a run that starts finds all of the data set or nothing.
    const removed = this.#store.transaction(() => {
      this.refuseIfNeeded(id);
      const group = groupOf(this.#groups(), id);
      const folders = this.#ownFolders(group);
      const ids = group.map((entry) => entry.id);
      this.#store.run(query.deleteFrom("datasets").where("id", "in", ids));
      return setAside(this.#home.datasets, folders);
    });
    this.#store.forget();
    for (const path of [...removed, ...made]) await remove(path);
    return bytes;
  }

  /**
   * Removes data that was read at least a week ago and neither used by a run nor kept: it contains text of a person's documents, and
   * nothing lists it. A database that is older than the runs here, such as a restored backup, does not know what is kept: then all of it
   * stays. Only for the home's single writer, before anything is read.
   */
  removeUnused(): void {
    if (this.#lacksRuns()) return;
    const entries = this.#store.all(query.selectFrom("datasets").select("folder"));
    const listed = new Set(entries.map(({ folder }) => basename(folder)));
    const { datasets } = this.#home;
    for (const name of readdirSync(datasets).filter((name) => READ.test(name) && !listed.has(name))) {
      try {
        const isNew = Date.now() - statSync(join(datasets, name)).mtimeMs < UNUSED_MS;
        const aside = isNew ? [] : setAside(datasets, [join(datasets, name)]);
        for (const folder of aside) rmSync(folder, { recursive: true, force: true });
      } catch {
        // Another program has it open; the next start tries again.
      }
    }
  }

  /** Whether the home has the folder of a run that is not in the database: a run is stored before its folder is made. */
  #lacksRuns(): boolean {
    const known = new Set(this.#store.all(query.selectFrom("runs").select("id")).map(({ id }) => id));
    const { runs } = this.#home;
    return readdirSync(runs).some((name) => !known.has(name) && existsSync(runMarker(join(runs, name))));
  }

  /** Failures: not-found; bad-choice if an unfinished run, or one that is being prepared, needs the data set. */
  refuseIfNeeded(id: number): void {
    const entries = groupOf(this.#groups(), id);
    const { name } = shownOf(entries);
    if (this.isHeld(entries[0].id)) refuseChoice({ code: "data-set-awaited", name });
    const waiting = this.#usersOf(entries).find(({ state }) => UNFINISHED.includes(state));
    if (waiting) refuseChoice({ code: "data-set-needed", name, run: waiting.name });
  }

  /** The existing folders of a data set in this home. */
  #ownFolders(group: Group): string[] {
    return group
      .map(({ folder }) => folder)
      .filter((folder) => dirname(folder) === this.#home.datasets && existsSync(folder));
  }

  #groups(): Group[] {
    const entries = this.#store.all(
      query
        .selectFrom("datasets")
        .select(["id", "folder", "name", "version", "addedAt", "usedAt", "kept"])
        .select(sql<string>`report ->> '$.rowsHash'`.as("rowsHash"))
        .select(sql<string>`report ->> '$.splits'`.as("splits"))
        .select(sql<string | null>`report ->> '$.masked'`.as("masked"))
        .select(sql<number | null>`report ->> '$.corrections'`.as("corrections"))
        .select(sql<string | null>`report ->> '$.lineage'`.as("lineage"))
        .orderBy("addedAt")
        .orderBy("id"),
    );
    const groups = new Map<string, [Entry, ...Entry[]]>();
    for (const entry of entries) {
      const known = groups.get(entry.rowsHash);
      if (known) known.push(entry);
      else groups.set(entry.rowsHash, [entry]);
    }
    return [...groups.values()];
  }

  /** The runs that used a data set, newest first. */
  #usersOf(group: Group): User[] {
    const ids = group.map((entry) => entry.id);
    return this.#users().filter(({ datasetId }) => ids.includes(datasetId));
  }

  #users(): User[] {
    const own = query
      .selectFrom("runs")
      .select(["id", "name", "state", "datasetId", "createdAt", sql<number>`0`.as("corrections")])
      .where("datasetId", "is not", null)
      .$narrowType<{ datasetId: number }>();
    const corrections = query
      .selectFrom("runs")
      .innerJoin("datasets", (join) =>
        join.on("datasets.folder", "=", sql<string>`plan ->> '$.improvement.corrections.path'`),
      )
      .select(["runs.id", "runs.name", "state", "datasets.id as datasetId", "createdAt"])
      .select(sql<number>`1`.as("corrections"));
    return this.#store.all(own.unionAll(corrections).orderBy("createdAt", "desc"));
  }

  #reportOf(id: number): DatasetReport {
    const row = this.#store.first(query.selectFrom("datasets").select("report").where("id", "=", id));
    return DatasetReport.parse(JSON.parse(row!.report));
  }
}

function groupOf(groups: readonly Group[], id: number): Group {
  const found = groups.find((group) => group.some((entry) => entry.id === id));
  return found ?? fail({ code: "not-found", path: String(id), what: "data set" });
}

/** The entry as which a data set is shown and exported: the first of those with the most masked places, including names of documents. */
function shownOf(group: Group): Entry {
  return group.reduce((shown, entry) => (placesMasked(entry) > placesMasked(shown) ? entry : shown));
}

function placesMasked({ masked }: Entry): number {
  const kinds = DatasetReport.shape.masked.parse(masked === null ? undefined : JSON.parse(masked)) ?? [];
  return kinds.reduce((sum, { places }) => sum + places, 0);
}

function dataSetOf(group: Group, groups: readonly Group[], users: readonly User[]): DataSet {
  const [{ id, addedAt }] = group;
  const { name, version, splits, corrections, lineage } = shownOf(group);
  const named = groups.map(shownOf).flatMap((one) => (one.name === name ? one.version : []));
  const ids = group.map((entry) => entry.id);
  return {
    id,
    name,
    version,
    versions: Math.max(...named),
    addedAt,
    usedAt: group.reduce((last, { usedAt }) => (usedAt > last ? usedAt : last), ""),
    kept: group.some(({ kept }) => kept === 1),
    rows: rowsOf(splits),
    corrections: corrections === 1,
    ...(lineage !== null && { lineage }),
    runs: users
      .filter(({ datasetId }) => ids.includes(datasetId))
      .map((run) => ({ id: run.id, name: run.name, corrections: run.corrections === 1 })),
  };
}

function rowsOf(splits: string): Record<SplitName, number> {
  const reports = DatasetReport.shape.splits.parse(JSON.parse(splits));
  return bySplit((name) => rowCount(reports[name]));
}
