/** How soon the application's window appears, and how much code it loads for that. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../../build/root.ts";
import { openApplication } from "./harness/application.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";
import { whileTraining } from "./harness/training.ts";

const ALONE = "application";
const TRAINING = "application, while a run trains";

export const window: Benchmark = {
  name: "window",
  timed: true,
  measures:
    "From the start of Electron's process, driven by Playwright, to the first contentful paint of the library in an empty home; " +
    "and the size of all scripts and styles of the window, gzipped. Then the same while the command line trains the built-in sample " +
    "on all cores, in another home, at the trainer's low priority.",
  columns: [
    { key: "ms", title: "first window", unit: "ms" },
    { key: "kilobytes", title: "all scripts and styles, kB gzipped", unit: "number" },
  ],
  targets: [
    ...[ALONE, TRAINING].map((row) => ({ row, column: "ms", atMost: 1500 })),
    { row: ALONE, column: "kilobytes", atMost: 600 },
  ],

  async run(context) {
    const first = async () => {
      const times = await openApplication<number[]>(context, "open-window.ts");
      context.say(`${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
      return median(times);
    };
    const rows: Row[] = [];
    if (context.wants(ALONE))
      rows.push({ name: ALONE, figures: { ms: await first(), kilobytes: bundleBytes() / 1000 } });
    if (context.wants(TRAINING))
      rows.push({ name: TRAINING, figures: { ms: await whileTraining(context.threads, first) } });
    return rows;
  },
};

function bundleBytes(): number {
  const folder = join(root, "out", "renderer");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const loaded = files.filter((name) => /\.(js|css)$/.test(name));
  return loaded.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
}
