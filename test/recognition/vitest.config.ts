import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/recognition/**/*.test.ts"], testTimeout: 300_000 },
});
