/** `npm run check`: types, lint, format. Runs all three, and fails if one does. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const checks = {
  types: ["node_modules/typescript/bin/tsc", "-p", "."],
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
