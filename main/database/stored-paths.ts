/** Changes the paths in the database when what they name has moved. */
import { sep } from "node:path";
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { query } from "./store.ts";
import type { Store } from "./store.ts";

/** Columns that contain a path, and those that contain JSON with paths. */
const paths = [
  ["runs", "output"],
  ["models", "path"],
  ["datasets", "folder"],
  ["conversations", "model"],
  ["conversations", "besideModel"],
  ["messages", "model"],
  ["writings", "model"],
] as const;
const documents = [
  ["runs", "plan"],
  ["runs", "timing"],
  ["models", "summary"],
  ["drafts", "body"],
] as const;

/** Replaces a folder in the paths of everything inside it. */
export function replaceFolder(store: Store, before: string, after: string): void {
  const [from, to] = [before + sep, after + sep];
  updateEach(
    store,
    paths,
    (table, cell) => sql`update ${table} set ${cell} = ${to} || substr(${cell}, length(${from}) + 1)
      where substr(${cell}, 1, length(${from})) = ${from}`,
  );
  replaceInDocuments(store, quoted(from), quoted(to));
}

/** Replaces a path; a new one that is already stored where each may be stored once stays alone. */
export function replacePath(store: Store, from: string, to: string): void {
  updateEach(
    store,
    paths,
    (table, cell) => sql`update or ignore ${table} set ${cell} = ${to} where ${cell} = ${from}`,
  );
  replaceInDocuments(store, JSON.stringify(from), JSON.stringify(to));
}

function replaceInDocuments(store: Store, from: string, to: string): void {
  updateEach(
    store,
    documents,
    (table, cell) => sql`update ${table} set ${cell} = replace(${cell}, ${from}, ${to})`,
  );
}

/** Runs a statement for each of some columns. */
function updateEach(
  store: Store,
  columns: readonly (readonly [table: string, column: string])[],
  statement: (table: RawBuilder<unknown>, cell: RawBuilder<unknown>) => RawBuilder<unknown>,
): void {
  for (const [table, column] of columns) {
    const made = statement(sql.table(table), sql.ref(column));
    store.run({ compile: () => made.compile(query) as never });
  }
}

/** A text as the beginning of a JSON string. */
export function quoted(beginning: string): string {
  return JSON.stringify(beginning).slice(0, -1);
}
