import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "../patience.ts";

export default defineConfig({
  test: {
    include: ["test/end-to-end/guide/pictures.ts"],
    pool: "forks",
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
