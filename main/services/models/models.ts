import { fail } from "../../../native-models/failure.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { replacePath } from "../../database/stored-paths.ts";
import { now } from "../../database/time.ts";

/** A recently used model. `summary` is its configuration in brief: layers, widths, vocabulary. */
export interface ModelEntry {
  path: string;
  name: string;
  format: string;
  architecture: string;
  summary: Record<string, unknown>;
  sizeBytes: number;
  sha256: string | null;
}

export interface ModelRecord extends ModelEntry {
  id: number;
  addedAt: string;
  usedAt: string;
}

/** The models that were used here. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Models {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Records that a model is used now; a known path updates its entry. */
  remember({ summary, ...entry }: ModelEntry): ModelRecord {
    const known = { ...entry, summary: JSON.stringify(summary), usedAt: now() };
    const row = this.#store.first(
      query
        .insertInto("models")
        .values({ ...known, addedAt: known.usedAt })
        .onConflict((same) => same.column("path").doUpdateSet(known))
        .returningAll(),
    );
    return modelOf(row!);
  }

  /** Most recently used first. */
  list(): ModelRecord[] {
    return this.#store
      .all(query.selectFrom("models").selectAll().orderBy("usedAt", "desc").orderBy("id", "desc"))
      .map(modelOf);
  }

  /** Names a model's new place wherever its old one is named. */
  move(from: string, to: string): void {
    this.#store.transaction(() => replacePath(this.#store, from, to));
  }

  /** The model of that id. Failure: not-found. */
  get(id: number): ModelRecord {
    const row = this.#store.first(query.selectFrom("models").selectAll().where("id", "=", id));
    return row ? modelOf(row) : fail({ code: "not-found", path: String(id), what: "model" });
  }
}

function modelOf<Row extends { summary: string }>(
  row: Row,
): Omit<Row, "summary"> & Pick<ModelEntry, "summary"> {
  return { ...row, summary: JSON.parse(row.summary) as ModelEntry["summary"] };
}
