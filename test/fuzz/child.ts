/**
 * Tries inputs `from` to `to` of a parser and reports each that fails; run by campaign.ts. A line of JSON on standard output for
 * each thing: `at` (how far it is), with `error` the outcome of that input.
 */
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { judge } from "./judge.ts";
import { filesOf, isValid } from "./parser.ts";
import { parserOf } from "./parsers.ts";
import type { Watched } from "./watch.ts";

const [name, seed, from, to, each] = process.argv.slice(2) as [string, string, string, string, string?];
const parser = parserOf(name);
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

const folder = mkdtempSync(join(process.env["COPPICE_FUZZ_FOLDER"] ?? tmpdir(), "coppice-fuzz-"));
await judge(parser, filesOf(parser, 0, 0), folder); // everything is loaded before memory and time are watched
const watched: Watched = {
  index: new Int32Array(new SharedArrayBuffer(4)).fill(-1),
  limitMs: 2_000,
  limitBytes: 500e6,
};
new Worker(new URL("watch.ts", import.meta.url), { workerData: watched }).unref();

for (let index = Number(from); index < Number(to); index++) {
  Atomics.store(watched.index, 0, index);
  if (each === "each") tell({ at: index });
  const files = filesOf(parser, Number(seed), index);
  const { error, refused } = await judge(parser, files, folder);
  if (error !== null) tell({ at: index, error });
  else if (refused !== null && isValid(index))
    tell({ at: index, error: `a valid file was refused: ${refused}` });
}
rmSync(folder, { recursive: true, force: true });
tell({ at: Number(to), done: true });
process.exit(0);
