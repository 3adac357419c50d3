/**
 * Runs exports in the programs that they are for, and writes docs/compatibility.md. Each cell is what a program did; one that was not
 * run is not in a table. Results are kept in results.json beside this file, so that models and programs can be run one at a time.
 *
 *   npm run compatibility                          tiny models of each family
 *   npm run compatibility -- MODEL…                these files, whole and cut by a third
 *   npm run compatibility -- --formats MODEL…      these files, cut by a third, in each format
 *   npm run compatibility -- --quantised MODEL…    these files, quantised here and by llama.cpp
 *
 * --only PART takes only the formats or types whose name has it (of families the programs, by their names or by what they read),
 * --missing only the formats that no program has run yet. Installs transformers and llama.cpp as test/lab/reference/setup.ts does. Other
 * programs are run where an environment variable names them (docs/testing.md).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { families } from "../../native-models/architectures/families.ts";
import { ggufFile, readGguf } from "../../native-models/architectures/golden-gguf.ts";
import { tryFamilies } from "./families.ts";
import type { Candidate } from "./families.ts";
import { tryFormats } from "./formats.ts";
import { writePage } from "./page.ts";
import { llamaCpp } from "./programs/llama.ts";
import { Ollama } from "./programs/ollama.ts";
import { mlxLm, onnxruntimeGenai, peft, transformers } from "./programs/python.ts";
import { transformersJs } from "./programs/transformers-js.ts";
import { tryQuantised } from "./quantised.ts";
import { readResults, writeResults } from "./results.ts";

const TINY_PROMPT_TOKENS = 48;
const PROMPT_TOKENS = 600;

/** The families' tiny models, as files in a folder. */
function tinyModels(folder: string): Candidate[] {
  return families
    .flatMap(({ gguf }) => gguf)
    .map((name) => {
      const path = join(folder, `${name}.gguf`);
      writeFileSync(path, ggufFile(readGguf(name)));
      return { name: `${name} (tiny)`, path, promptTokens: TINY_PROMPT_TOKENS };
    });
}

/** What is set up here, and null for the rest. */
async function allPrograms() {
  return [transformers(), mlxLm(), await llamaCpp(), peft(), onnxruntimeGenai(), transformersJs()];
}

const { values: options, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    formats: { type: "boolean" },
    quantised: { type: "boolean" },
    only: { type: "string", default: "" },
    missing: { type: "boolean", default: false },
    page: { type: "boolean" },
  },
});
const { only, missing } = options;
const folder = mkdtempSync(join(tmpdir(), "coppice-compatibility-"));
const results = readResults();
const save = () => {
  writeResults(results);
  writePage(results);
};
const ollama = options.formats ? await Ollama.start() : null;
try {
  const all = options.page ? [] : await allPrograms();
  const programs = all.filter((program) => program !== null);
  const wanted = programs.filter(({ name, reads }) => name.includes(only) || reads.includes(only));
  if (options.page) console.log("The page is written from what was run before.");
  else if (options.formats)
    for (const path of paths) await tryFormats(path, { programs, ollama, only, missing }, results, save);
  else if (options.quantised) for (const path of paths) await tryQuantised(path, only, results, save);
  else if (paths.length === 0) await tryFamilies(tinyModels(folder), wanted, results);
  else {
    const models = paths.map((path) => ({ name: basename(path), path, promptTokens: PROMPT_TOKENS }));
    await tryFamilies(models, wanted, results);
  }
  save();
} finally {
  await ollama?.close();
  rmSync(folder, { recursive: true });
}
process.exit();
