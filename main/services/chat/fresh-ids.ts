import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

/** Ids for a table that no row has had since the program started: an answer in progress, or an undo, may still refer to a deleted row. */
export class FreshIds {
  readonly #store: Store;
  readonly #table: "conversations" | "messages";
  #last = 0;

  constructor(store: Store, table: "conversations" | "messages") {
    this.#store = store;
    this.#table = table;
    this.#last = this.#highest();
  }

  next(): number {
    this.#last = Math.max(this.#last, this.#highest()) + 1;
    return this.#last;
  }

  #highest(): number {
    const highest = query.selectFrom(this.#table).select(({ fn }) => fn.max("id").as("id"));
    return this.#store.first(highest)?.id ?? 0;
  }
}
