import { defineConfig } from "vitest/config";
import { shortTimings } from "../short-timings.ts";
import { PATIENCE_MS } from "./patience.ts";

export default defineConfig({
  test: {
    include: ["test/end-to-end/**/*.test.ts"],
    exclude: [
      ...(process.env["COPPICE_TEST_FOLDER"] === undefined ? [] : ["test/end-to-end/packaged/**"]),
      ...(process.env["COPPICE_TEST_BROWSER"] === undefined ? ["test/end-to-end/browser/**"] : []),
    ],
    globalSetup: ["test/end-to-end/no-packets.ts", "test/end-to-end/displays.ts"],
    setupFiles: ["test/end-to-end/on-display.ts"],
    pool: "forks",
    // Three applications at a time, each on its display: on two cores some compute while another waits.
    maxWorkers: 3,
    env: shortTimings,
    testTimeout: 3 * PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
