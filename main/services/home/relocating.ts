/** Corrects the paths in a home that is opened in a new place (docs/decisions/0011). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { sql } from "kysely";
import { replaceFileNow } from "../../../native-models/formats/atomic.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { Home } from "../../home.ts";
import { outcomeFile } from "../../run-folder.ts";

/** Stored among the settings, but not set by a person. */
const PLACE = "home";

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

/** Records the home's place; if it has changed, updates every path into the old place. Failures: disk-full, unwritable. */
export function settlePlace(store: Store, home: Home): void {
  const known = store.first(query.selectFrom("settings").select("value").where("name", "=", PLACE));
  const before = known === null ? null : (JSON.parse(known.value) as string);
  if (before === home.folder) return;
  if (before !== null) renameInOutcomes(home, before);
  store.transaction(() => {
    if (before !== null) renameInDatabase(store, before, home.folder);
    const value = JSON.stringify(home.folder);
    const place = query.insertInto("settings").values({ name: PLACE, value });
    store.run(place.onConflict((same) => same.column("name").doUpdateSet({ value })));
  });
}

function renameInDatabase(store: Store, before: string, after: string): void {
  const [from, to] = [before + sep, after + sep];
  for (const [table, column] of paths) {
    const [name, cell] = [sql.table(table), sql.ref(column)];
    const moved = sql`update ${name} set ${cell} = ${to} || substr(${cell}, length(${from}) + 1)
      where substr(${cell}, 1, length(${from})) = ${from}`;
    store.run({ compile: () => moved.compile(query) as never });
  }
  for (const [table, column] of documents) {
    const [name, cell] = [sql.table(table), sql.ref(column)];
    const moved = sql`update ${name} set ${cell} = replace(${cell}, ${quoted(from)}, ${quoted(to)})`;
    store.run({ compile: () => moved.compile(query) as never });
  }
}

/** Corrects the outcomes of finished runs, which name their models' folders. */
function renameInOutcomes(home: Home, before: string): void {
  if (!existsSync(home.runs)) return;
  for (const id of readdirSync(home.runs)) {
    const path = outcomeFile(join(home.runs, id));
    if (!existsSync(path)) continue;
    const text = readFileSync(path, "utf8");
    const moved = text.replaceAll(quoted(before + sep), quoted(home.folder + sep));
    if (moved === text) continue;
    replaceFileNow(path, moved);
  }
}

/** A text as the beginning of a JSON string. */
function quoted(beginning: string): string {
  return JSON.stringify(beginning).slice(0, -1);
}
