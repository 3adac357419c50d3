/** Vite plugin: bundles better-sqlite3 with the one addon that the application's Electron loads. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const library = dirname(createRequire(import.meta.url).resolve("better-sqlite3"));
const virtual = "\0better-sqlite3";
const fileName = "better_sqlite3.node";

/** Replaces `better-sqlite3` with its JavaScript and the addon at `addon`, which is copied next to the bundle. */
export function sqlitePlugin(addon: string): Plugin {
  return {
    name: "better-sqlite3-addon",
    enforce: "pre",
    resolveId: (id) => (id === "better-sqlite3" ? virtual : undefined),
    load(id) {
      if (id !== virtual) return undefined;
      this.emitFile({ type: "asset", fileName, source: readFileSync(addon) });
      // Like the package's own single-platform entry points (better-sqlite3/linux-x64).
      return `
        import { createRequire } from "node:module";
        import createDatabase from ${JSON.stringify(`${library}/database.js`)};
        import SqliteError from ${JSON.stringify(`${library}/sqlite-error.js`)};
        const require = createRequire(import.meta.url);
        export default Object.assign(createDatabase(() => require("./${fileName}"), false), { SqliteError });
      `;
    },
  };
}
