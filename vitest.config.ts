import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { longestFirst } from "./test/runner/longest-first.ts";
import { shortTimings } from "./test/short-timings.ts";

/** Breadth: every family of models, faults, mutated and hostile files, and the studies' own tests. `npm run test:long` runs them. */
const long = [
  "test/faults/**",
  "test/fuzz/**",
  "test/hostile/**",
  "test/lab/**",
  "test/bench/**",
  "test/study/**",
  "test/native-models/architectures/variants.test.ts",
  "test/main/cli/disk-full.test.ts",
];
const which = process.env["COPPICE_TESTS"]; // "short", "long"; absent: all of them

/** Short files whose tests start hundreds of processes, or compute for long. */
const longest = [
  "faults/disk-and-engines.test.ts",
  "cli/disk-full.test.ts",
  "cli/trim.test.ts",
  "architectures/variants.test.ts",
  "fuzz/fuzz.test.ts",
  "faults/runs-and-saves.test.ts",
  "runs/run-queue.test.ts",
  "cli/export.test.ts",
  "hostile/templates.test.ts",
  "hostile/hostile.test.ts",
];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(longest) },
    // What takes seconds on a quiet computer takes minutes on a busy one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // The hundreds of processes that the tests start strip and compile each source once.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, ".cache", "compiled"), ...shortTimings },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include:
            which === "long" ? long.map((path) => path.replace("**", "**/*.test.ts")) : ["test/**/*.test.ts"],
          exclude: [
            ...(which === "short" ? long : []),
            "test/end-to-end/**",
            "test/installers/**",
            "test/real/**",
            "test/recognition/**",
            "test/renderer/**",
          ],
        },
      },
      {
        // The window's state classes, with Svelte as it runs in the window.
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ["browser"] },
        test: {
          name: "renderer",
          include: which === "long" ? [] : ["test/renderer/**/*.test.ts"],
          setupFiles: ["test/renderer/as-at-start.ts"],
          isolate: false, // each file's tests create what they examine: a process for each file would cost more than its tests
        },
      },
    ],
  },
});
