/**
 * npm run bench [name …] [-- --rounds N --threads N --only TEXT --reference-only --dry --busy]
 *
 * Runs the benchmarks (all of them by default), prints their tables and lands them in docs/benchmarks.md. A run with
 * --dry, or without Coppice's side, lands nothing; nor does a timed one on a machine that other programs use, before or
 * after, except with --busy.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { decode } from "./decode.ts";
import { firstToken } from "./first-token.ts";
import { gradients } from "./gradients.ts";
import { growth } from "./growth.ts";
import { reaches } from "./harness/benchmark.ts";
import type { Benchmark, Context } from "./harness/benchmark.ts";
import { busyShare, describeMachine, machineSentence } from "./harness/machine.ts";
import { land, table, targetLine } from "./harness/report.ts";
import { largeModels } from "./large-models.ts";
import { library } from "./library.ts";
import { logits } from "./logits.ts";
import { memory } from "./memory.ts";
import { perplexity } from "./perplexity.ts";
import { prompt } from "./prompt.ts";
import { scan } from "./scan.ts";
import { trainingStep } from "./training-step.ts";
import { window } from "./window.ts";

const BENCHMARKS: readonly Benchmark[] = [
  logits,
  perplexity,
  gradients,
  trainingStep,
  decode,
  prompt,
  firstToken,
  scan,
  growth,
  largeModels,
  memory,
  window,
  library,
];
/** More use of the cores by others than this, before or after, makes timings worthless: both sides spin while they wait. */
const BUSY = 0.1;
const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    "reference-only": { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
    busy: { type: "boolean", default: false },
  },
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** 0: measured; 1: could not measure; 2: wrong usage. */
async function main(): Promise<number> {
  const [rounds, threads] = [Number(values.rounds), Number(values.threads)];
  const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0 || !isCount(rounds) || !isCount(threads)) {
    console.error(
      `Benchmarks: ${BENCHMARKS.map(({ name }) => name).join(", ")}. --rounds and --threads are whole numbers.`,
    );
    return 2;
  }
  const machine = describeMachine();
  console.log(machineSentence(machine));
  for (const benchmark of BENCHMARKS) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
    console.log(`\n${benchmark.name}: ${benchmark.measures}`);
    const against: Record<string, unknown> = {};
    const context: Context = {
      rounds,
      threads,
      ours: !values["reference-only"],
      wants: (row) => row.includes(values.only),
      say: (line) => console.log(`  ${line}`),
      against: (program, version) => void (against[program] = version),
    };
    const shareBefore = benchmark.timed ? await busyShare() : 0;
    const rows = await benchmark.run(context);
    const share = Math.max(shareBefore, benchmark.timed ? await busyShare() : 0);
    console.log(`\n${table(benchmark, rows, [])}`);
    for (const target of benchmark.targets)
      if (reaches(target, rows) !== null) console.log(targetLine(benchmark, target, rows));
    if (share > BUSY)
      console.log(
        `Other programs use ${Math.round(share * 100)}% of this machine: these timings say little.`,
      );
    if (share > BUSY && !values.busy) continue;
    if (values.dry || !context.ours || rows.length === 0) continue;
    const date = new Date().toISOString().slice(0, 10);
    await land(DOCS, benchmark, {
      name: benchmark.name,
      command: command(benchmark.name),
      date,
      machine,
      against,
      rounds,
      threads,
      rows,
    });
    console.log(`→ ${join("docs", "benchmarks.md")}`);
  }
  return 0;
}

/** The command that gives a section's figures again. */
function command(name: string): string {
  const flags = [
    ...(values.rounds === "5" ? [] : [`--rounds ${values.rounds}`]),
    ...(values.threads === "2" ? [] : [`--threads ${values.threads}`]),
  ];
  return ["npm run bench --", name, ...flags].join(" ");
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
