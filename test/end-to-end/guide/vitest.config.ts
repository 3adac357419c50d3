import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/end-to-end/guide/pictures.ts"], pool: "forks" } });
