import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { shortTimings } from "./test/short-timings.ts";

/** Breadth: every key of every family of models, faults, mutated and hostile files, and the studies' own tests. */
const long = ["test/{faults,fuzz,hostile,lab}/**/*.test.ts", "test/**/*.long.test.ts"];
/** What `npm test` shows with one family of each kind, and `npm run test:long` with all. */
const families = "test/**/*.families.test.ts";
const which = process.env["COPPICE_TESTS"]; // "short", "long"; absent: all of them

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
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
          include: which === "long" ? [...long, families] : ["test/**/*.test.ts"],
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
