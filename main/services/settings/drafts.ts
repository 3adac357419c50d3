import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";

/** A person's input that has not been started yet, by form. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Drafts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The draft of a form; null if none was stored. */
  get(form: string): unknown {
    const row = this.#store.first(query.selectFrom("drafts").select("body").where("form", "=", form));
    return row === null ? null : (JSON.parse(row.body) as unknown);
  }

  keep(form: string, draft: unknown): void {
    const row = { updatedAt: now(), body: JSON.stringify(draft) };
    const insert = query.insertInto("drafts").values({ form, ...row });
    this.#store.run(insert.onConflict((same) => same.column("form").doUpdateSet(row)));
  }
}
