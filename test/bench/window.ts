/** How soon the application's window is there, and how much it loads for that. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../build/application.ts";
import { openApplication } from "./harness/application.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";

export const window: Benchmark = {
  name: "window",
  timed: true,
  measures:
    "From the start of Electron's process, driven by Playwright, to the first contentful paint of the library in an empty home; " +
    "and the size of all scripts and styles of the window, gzipped.",
  columns: [
    { key: "ms", title: "first window", unit: "ms" },
    { key: "kilobytes", title: "all scripts and styles, kB gzipped", unit: "number" },
  ],
  targets: [
    { row: "application", column: "ms", atMost: 1500 },
    { row: "application", column: "kilobytes", atMost: 600 },
  ],

  async run(context) {
    const times = await openApplication<number[]>(context, "open-window.ts");
    context.say(`${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    return [{ name: "application", figures: { ms: median(times), kilobytes: bundleBytes() / 1000 } }];
  },
};

function bundleBytes(): number {
  const folder = join(root, "out", "renderer");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const loaded = files.filter((name) => /\.(js|css)$/.test(name));
  return loaded.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
}
