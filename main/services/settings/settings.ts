import { Settings } from "../../../preload/contract/calls/settings.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

/** The person's settings; missing or unreadable ones have their default. */
export class SettingsService {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(): Settings {
    const rows = this.#store.all(query.selectFrom("settings").selectAll());
    const valid = rows.flatMap(({ name, value }): [string, unknown][] => {
      const field = Settings.shape[name as keyof Settings];
      const parsed = field?.safeParse(parsedJson(value));
      return parsed?.success ? [[name, parsed.data]] : [];
    });
    return Settings.parse(Object.fromEntries(valid));
  }

  /** Changes some of them; returns all. Failures: bad-choice, disk-full, unwritable. */
  set(change: Partial<Record<keyof Settings, unknown>>): Settings {
    const known = Settings.safeParse({ ...this.get(), ...change });
    if (!known.success) {
      const { path, message: detail } = known.error.issues[0]!;
      return refuseChoice({ code: "setting", name: path.join("."), detail });
    }
    this.#store.transaction(() => {
      for (const name of Object.keys(change) as (keyof Settings)[]) {
        const value = JSON.stringify(known.data[name]);
        const insert = query.insertInto("settings").values({ name, value });
        this.#store.run(insert.onConflict((same) => same.column("name").doUpdateSet({ value })));
      }
    });
    return known.data;
  }
}
