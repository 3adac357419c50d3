import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/end-to-end/**/*.test.ts"],
    exclude: [
      ...(process.env["COPPICE_TEST_FOLDER"] === undefined ? [] : ["test/end-to-end/packaged/**"]),
      ...(process.env["COPPICE_TEST_BROWSER"] === undefined ? ["test/end-to-end/browser/**"] : []),
    ],
    globalSetup: ["test/end-to-end/no-packets.ts"],
    pool: "forks",
    // One application at a time: each uses the processor as a person's would.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // As long as Playwright waits: a busy computer shows everything later than a quiet one.
    expect: { poll: { timeout: 30_000 } },
  },
});
