/**
 * `npm run test:fuzz`: files made by grammars and changed at random, a million for each parser. It goes on where it was
 * stopped. What fails is made small and written to test/artefacts/fuzz.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "../command-line.ts";
import { run } from "./campaign.ts";
import type { Finding } from "./campaign.ts";
import { minimised } from "./minimise.ts";
import { filesOf } from "./parser.ts";
import { parserOf, parsers } from "./parsers.ts";

const USAGE = `npm run test:fuzz -- [--parser NAME[,NAME]] [--count N] [--seed N] [--from N] [--fresh]
--count: inputs each; --seed: other ones; --from: goes on at an input, or repeats one with --count 1; --fresh begins again.
Parsers: ${parsers.map(({ name }) => name).join(", ")}.`;

const { values } = readArguments(USAGE, {
  options: {
    parser: { type: "string" },
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    from: { type: "string" },
    fresh: { type: "boolean", default: false },
  },
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const states = join(root, ".cache/fuzz");
const artefacts = join(root, "test/artefacts/fuzz");
mkdirSync(states, { recursive: true });

const [seed, count] = [Number(values.seed), Number(values.count)];
let failed = 0;
for (const name of values.parser?.split(",") ?? parsers.map(({ name }) => name)) await campaign(name);
process.exit(failed > 0 ? 1 : 0);

async function campaign(name: string): Promise<void> {
  const state = join(states, `${name}-${seed}`);
  const reached = values.fresh || !existsSync(state) ? 0 : Number(readFileSync(state, "utf8"));
  const from = values.from === undefined ? reached : Number(values.from);
  const rest = values.from === undefined ? Math.max(0, count - reached) : count;
  const start = Date.now();
  let told = start;
  const kinds = new Map<string, number>();
  const found: Finding[] = [];
  await run({
    parser: name,
    seed,
    from,
    count: rest,
    onFinding: (finding) => {
      const times = (kinds.get(finding.error) ?? 0) + 1;
      kinds.set(finding.error, times);
      if (times > 1) return;
      console.log(`${name} ${seed}:${finding.index} ${finding.error}`);
      found.push(finding);
    },
    onProgress: (index) => {
      if (values.from !== undefined || Date.now() < told + 10_000) return;
      told = Date.now();
      writeFileSync(state, String(index));
    },
  });
  if (values.from === undefined) writeFileSync(state, String(from + rest));
  for (const finding of found) await keep(name, finding);
  failed += found.length;
  const seconds = (Date.now() - start) / 1000;
  const times = [...kinds.values()].reduce((sum, times) => sum + times, 0);
  console.log(
    `${name}: ${rest} inputs from ${seed}:${from} in ${seconds.toFixed(0)} s, ${times} not as they must be, ${found.length} kinds`,
  );
}

async function keep(name: string, { index, error }: Finding): Promise<void> {
  const files = filesOf(parserOf(name), seed, index);
  const isThrown =
    !error.startsWith("took") && !error.startsWith("the process") && !error.startsWith("a valid");
  const small = isThrown
    ? await minimised(parserOf(name), files, mkdtempSync(join(tmpdir(), "coppice-fuzz-")))
    : files;
  const folder = join(artefacts, `${name}-${seed}-${index}`);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(small)) writeFileSync(join(folder, file), bytes);
}
