/** `npm run check`: types, circles of imports, unused exports, the picture of the house, lint, format. Runs them all, two at a time, and fails if one fails. */
import { execFile } from "node:child_process";
import { root } from "./root.ts";

/** A check's cache for files that have not changed. Lint has none: its rules read the types of other files. */
const remembered = (name: string): string => `.cache/check/${name}`;

/** Checks the types of a folder with a tsconfig.json. */
const typesOf = (folder: string): string[] => [
  ...["node_modules/typescript/bin/tsc", "-p", folder],
  ...["--incremental", "--tsBuildInfoFile", remembered(`${folder}/types.tsbuildinfo`)],
];

const checks = {
  "types of Node's side": typesOf("."),
  "types of the preload script": typesOf("preload"),
  "types against the fallback Electron's": typesOf("build/electron"),
  "types of the end-to-end tests": typesOf("test/end-to-end"),
  "types and components of the renderer": [
    "node_modules/svelte-check/bin/svelte-check",
    ...["--workspace", "renderer", "--tsconfig", "./tsconfig.json"],
    ...["--fail-on-warnings", "--output", "human"],
  ],
  "imports without circles": ["build/check-circles.ts"],
  "exports that something imports": ["build/check-exports.ts"],
  "the picture of the house in docs/design.md": ["build/draw-house.ts", "--check"],
  lint: ["node_modules/eslint/bin/eslint.js", "."],
  format: [
    ...["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."],
    ...["--cache", "--cache-strategy=content", "--cache-location", remembered("prettier")],
  ],
};

/** Checks that run at the same time: as many as a small computer has cores. */
const AT_ONCE = 2;

const waiting = Object.entries(checks);
let failed = 0;

/** Runs one check after another, and shows what each printed once it has ended. */
async function runChecks(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, command] = next;
    const { printed, passed } = await outcomeOf(command);
    if (!passed) failed++;
    process.stdout.write(`${printed}${passed ? "✓" : "✗"} ${name}\n`);
  }
}

function outcomeOf(command: readonly string[]): Promise<{ printed: string; passed: boolean }> {
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, maxBuffer: Infinity }, (error, stdout, stderr) =>
      resolve({ printed: stdout + stderr, passed: !error }),
    );
  });
}

await Promise.all(Array.from({ length: AT_ONCE }, runChecks));
process.exitCode = failed > 0 ? 1 : 0;
