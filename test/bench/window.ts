/** How soon the application's window is there, and how much it loads for that. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildApplication, root } from "../../build/application.ts";
import { virtualDisplay } from "../../build/electron/display.ts";
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
    const { binary, version } = await buildApplication();
    context.against("Electron", version);
    const [command, ...args] = [
      ...virtualDisplay(),
      process.execPath,
      join(import.meta.dirname, "coppice", "open-window.ts"),
      binary,
      root,
      String(context.rounds),
    ];
    const { stdout, status } = spawnSync(command!, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (status !== 0) throw new Error("The window did not open.");
    const times = JSON.parse(stdout.trim().split("\n").at(-1)!) as number[];
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
