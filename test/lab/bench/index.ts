/**
 * `npm run bench`: runs the benchmarks, prints their tables and lands them in docs/benchmarks.md. A run with --dry, of a small
 * size, or without Coppice's side lands nothing; nor does a timed benchmark if other programs use the machine before or after it,
 * except with --busy.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildNativeIfPossible } from "../../../build/native.ts";
import { readArguments } from "../../command-line.ts";
import { BENCHMARKS } from "./all.ts";
import { reaches, SIZES } from "./harness/benchmark.ts";
import type { Benchmark, Context, Size } from "./harness/benchmark.ts";
import { land } from "./harness/landed.ts";
import { busyShare, describeMachine, machineSentence } from "./harness/machine.ts";
import { notes, table, targetLine, writePage } from "./harness/page.ts";

/**
 * If other programs use more than this share of the cores before or after a benchmark, timings are worthless, because both sides spin
 * while they wait.
 */
const BUSY = 0.1;
const ROUNDS = 5;
const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/benchmarks/", import.meta.url));

const USAGE = `npm run bench -- [NAME …] [--rounds N] [--threads N] [--only PART-OF-A-ROW] [--size ${SIZES.join("|")}]
                [--reference-only] [--dry] [--busy] [--rewrite]
--rewrite measures nothing; it regenerates the page from the landed results.
Benchmarks: ${BENCHMARKS.map(({ name }) => name).join(", ")}.`;

const { values, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    threads: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    size: { type: "string", default: "whole" },
    "reference-only": { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
    busy: { type: "boolean", default: false },
    rewrite: { type: "boolean", default: false },
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1)); // with all sides

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1); // processes that it started would keep it alive
}

/** 0: measured; 1: could not measure; 2: wrong usage. */
async function main(): Promise<number> {
  const [rounds, threads] = [Number(values.rounds ?? ROUNDS), Number(values.threads)];
  const size = SIZES.find((known) => known === values.size);
  const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0 || !isCount(rounds) || !isCount(threads) || !size) {
    console.error(USAGE);
    return 2;
  }
  if (values.rewrite) {
    await writePage(DOCS, RESULTS, BENCHMARKS);
    return 0;
  }
  await buildNativeIfPossible();
  console.log(machineSentence(describeMachine()));
  for (const benchmark of BENCHMARKS) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
    const own = values.rounds ? rounds : (benchmark.rounds ?? rounds);
    await measure(benchmark, { rounds: own, threads, size });
  }
  return 0;
}

/** Runs a benchmark and prints it; lands it if allowed. */
async function measure(
  benchmark: Benchmark,
  { rounds, threads, size }: { rounds: number; threads: number; size: Size },
): Promise<void> {
  console.log(`\n${benchmark.name}: ${benchmark.measures}`);
  const against: Record<string, unknown> = {};
  const context: Context = {
    rounds,
    threads,
    size,
    ours: !values["reference-only"],
    wants: (row) => row.includes(values.only),
    say: (line) => console.log(`  ${line}`),
    against: (program, version) => void (against[program] = version),
  };
  const shareBefore = benchmark.timed ? await busyShare() : 0;
  const rows = await benchmark.run(context);
  const share = Math.max(shareBefore, benchmark.timed ? await busyShare() : 0);
  console.log(["", table(benchmark, rows), "", ...notes(rows)].join("\n"));
  for (const target of benchmark.targets)
    if (reaches(target, rows) !== null) console.log(targetLine(benchmark, target, rows));
  if (share > BUSY)
    console.log(
      `Other programs use ${Math.round(share * 100)}% of this machine: these timings are unreliable.`,
    );
  if (share > BUSY && !values.busy) return;
  if (values.dry || size !== "whole" || !context.ours || rows.length === 0) return;
  const { name } = benchmark;
  const date = new Date().toISOString().slice(0, 10);
  const machine = describeMachine();
  const result = { name, command: command(name), date, machine, against, rounds, threads, rows };
  await land(RESULTS, result, values.only !== "");
  await writePage(DOCS, RESULTS, BENCHMARKS);
  console.log(`→ ${join("docs", "benchmarks.md")}`);
}

/** The command that reproduces a section's figures. */
function command(name: string): string {
  const flags = [
    ...(values.rounds === undefined ? [] : [`--rounds ${values.rounds}`]),
    ...(values.threads === "2" ? [] : [`--threads ${values.threads}`]),
  ];
  return ["npm run bench --", name, ...flags].join(" ");
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
