import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/real/**/*.test.ts"], testTimeout: 120_000, globalSetup: ["test/real/material.ts"] },
});
