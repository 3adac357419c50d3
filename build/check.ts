/** `npm run check`: types, circles of imports, plain words, the picture of the house, lint, format. Runs them all, and fails if one fails. */
import { spawnSync } from "node:child_process";
import { root } from "./root.ts";

const tsc = "node_modules/typescript/bin/tsc";

const checks = {
  "types of Node's side": [tsc, "-p", "."],
  "types of the preload script": [tsc, "-p", "preload"],
  "types against the fallback Electron's": [tsc, "-p", "build/electron"],
  "types of the end-to-end tests": [tsc, "-p", "test/end-to-end"],
  "types and components of the renderer": [
    "node_modules/svelte-check/bin/svelte-check",
    ...["--workspace", "renderer", "--tsconfig", "./tsconfig.json"],
    ...["--fail-on-warnings", "--output", "human"],
  ],
  "imports without circles": ["build/check-circles.ts"],
  "plain words": ["build/plain-words.ts"],
  "the picture of the house in docs/design.md": ["build/draw-house.ts", "--check"],
  lint: ["node_modules/eslint/bin/eslint.js", "."],
  format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."],
};

let failed = 0;
for (const [name, command] of Object.entries(checks)) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) failed++;
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
}
process.exit(failed > 0 ? 1 : 0);
