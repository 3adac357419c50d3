import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/end-to-end/**", "test/installers/**", "test/real/**", "test/renderer/**"],
        },
      },
      {
        // The window's state classes, with Svelte as it runs in the window.
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ["browser"] },
        test: { name: "renderer", include: ["test/renderer/**/*.test.ts"] },
      },
    ],
  },
});
