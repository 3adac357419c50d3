/** Code in a bundle finds the files beside its source, wherever the bundle lies. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";

export const sourcePlaces: Plugin = {
  name: "source-places",
  enforce: "pre",
  transform(code, id) {
    if (id.includes("node_modules") || !code.includes("import.meta.")) return undefined;
    const path = id.split("?")[0]!;
    const placed = code
      .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
      .replaceAll("import.meta.dirname", JSON.stringify(join(path, "..")))
      .replaceAll("import.meta.filename", JSON.stringify(path))
      .replaceAll("import.meta.main", "false");
    return { code: placed, map: null }; // lines stay
  },
};
