import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "../end-to-end/patience.ts";

export default defineConfig({
  test: {
    include: ["test/installers/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
