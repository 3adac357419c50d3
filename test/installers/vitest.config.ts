import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/installers/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
