/** Corrects the paths in a home that is opened in a new place (docs/decisions/0011). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { replaceFileNow } from "../../../native-models/formats/atomic.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { quoted, replaceFolder } from "../../database/stored-paths.ts";
import type { Home } from "../../home/home.ts";
import { outcomeFile } from "../../home/run-folder.ts";

/** Stored among the settings, but not set by a person. */
const PLACE = "home";

/** Records the home's place; if it has changed, updates every path into the old place. Failures: disk-full, unwritable. */
export function settlePlace(store: Store, home: Home): void {
  const known = store.first(query.selectFrom("settings").select("value").where("name", "=", PLACE));
  const before = known === null ? null : (JSON.parse(known.value) as string);
  if (before === home.folder) return;
  if (before !== null) renameInOutcomes(home, before);
  store.transaction(() => {
    if (before !== null) replaceFolder(store, before, home.folder);
    const value = JSON.stringify(home.folder);
    const place = query.insertInto("settings").values({ name: PLACE, value });
    store.run(place.onConflict((same) => same.column("name").doUpdateSet({ value })));
  });
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
