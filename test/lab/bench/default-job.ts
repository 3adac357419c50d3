/** The job as a person starts it, with no choices of their own, against a PyTorch script of the same job. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../build/root.ts";
import { TrimDone } from "../../../preload/contract/runs/run.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { clausesFolder, fasterPrecision, runClausesScript } from "./harness/clauses-script.ts";
import { readLanded } from "./harness/landed.ts";
import { describeMachine } from "./harness/machine.ts";
import { runCoppice } from "./harness/sides.ts";

/** What Coppice chooses by default, for the script. */
const SAME = {
  keep: 0.5,
  "tune-epochs": 3,
  "blocks-per-round": 2,
  "rows-per-round": 128,
  "calibration-rows": 64,
  "heal-epochs": 2,
};
const SEED = 1;
const PYTORCH = "PyTorch";
const DEFAULT = "Coppice";
const IN_HALF = "Coppice, in half of PyTorch's time (--by)";

export const defaultJob: Benchmark = {
  name: "default-job",
  timed: true,
  rounds: 1,
  measures:
    "`coppice trim --keep 0.5` on the 700 training rows, 114 validation questions and 300 test questions of the contract clauses, with SmolLM2-135M and no " +
    "other choice, from the command to its table: reading, tuning, rounds, healing, measuring each depth, chat models and export. Then (or later on the same processor, " +
    'with --only "in half") the same with a limit of half of the minutes that PyTorch took. PyTorch runs test/lab/reference/trim-clauses.py with the same numbers of epochs, blocks and rows, without ' +
    "checkpointing and not compiled, in fp32 or bf16 autocast, whichever was faster on a short job just before; it measures accuracy at each depth but makes no chat models. Each side has " +
    "its own order of rows and calibration rows, and therefore drops its own blocks. Peak memory is the largest process's.",
  columns: [
    { key: "seconds", title: "time", unit: "seconds" },
    { key: "ratio", title: "PyTorch ÷ this", unit: "ratio" },
    { key: "peakBytes", title: "peak memory", unit: "bytes" },
    { key: "tuned", title: "accuracy, tuned", unit: "share" },
    { key: "half", title: "accuracy, half of the blocks", unit: "share" },
  ],
  targets: [{ row: DEFAULT, column: "ratio", atLeast: 1 }],

  async run(context) {
    const data = clausesFolder();
    const rows = context.wants(PYTORCH) || context.wants(DEFAULT) ? await compare(context, data) : [];
    if (context.ours && context.wants(IN_HALF)) {
      const half = secondsOfPyTorch(rows.length > 0 ? rows : landedHere()) / 2;
      const figures = await coppiceJob(context, data, ["--by", `${(half / 60).toFixed(1)}m`]);
      rows.push({ name: IN_HALF, figures: { ...figures, ratio: null } });
    }
    return rows;
  },
};

async function compare(context: Context, data: string): Promise<Row[]> {
  const theirs = await pyTorchJob(context, data);
  const row = { name: PYTORCH, figures: { ...theirs, ratio: null } };
  if (!context.ours) return [row];
  const ours = await coppiceJob(context, data, []);
  return [row, { name: DEFAULT, figures: { ...ours, ratio: theirs.seconds / ours.seconds } }];
}

/** The rows that were landed on this processor; none before the first time. */
function landedHere(): readonly Row[] {
  const landed = readLanded(join(root, "test", "lab", "results", "benchmarks"), defaultJob.name);
  const { processor } = describeMachine();
  const measured = landed ? [landed, ...landed.elsewhere] : [];
  return measured.find(({ machine }) => machine.processor === processor)?.rows ?? [];
}

function secondsOfPyTorch(rows: readonly Row[]): number {
  const seconds = rows.find(({ name }) => name === PYTORCH)?.figures["seconds"];
  if (typeof seconds === "number") return seconds;
  throw new Error("PyTorch's time was not measured on this processor: measure all rows first.");
}

/** Times are in seconds; accuracies are shares of the test questions. */
interface Job {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly tuned: number;
  readonly half: number;
}

async function pyTorchJob(context: Context, data: string): Promise<Job> {
  const precision = await fasterPrecision(context, data);
  const limit = context.size === "small" ? { limit: 48 } : {};
  const done = await runClausesScript(context, data, precision, { ...SAME, ...limit, seed: SEED });
  const { seconds, metrics, peakMemoryBytes: peakBytes } = done;
  context.say(`PyTorch, seconds: ${JSON.stringify(seconds)}`);
  return { seconds: seconds.total!, peakBytes, tuned: metrics.tuned.value, half: metrics.trimmed.value };
}

/** Runs the command in a home of its own. */
async function coppiceJob(
  { threads, size, say }: Context,
  data: string,
  more: readonly string[],
): Promise<Job> {
  const home = mkdtempSync(join(tmpdir(), "coppice-default-job-"));
  const started = performance.now();
  try {
    const limit = size === "small" ? ["--sample-rows", "48"] : [];
    const read = [data, ...limit, "--seed", String(SEED), "--name", "rows"];
    const reading = runCoppice("data", ["--home", home, ...read])[Symbol.asyncIterator]();
    while (!(await reading.next()).done);
    const args = ["--home", home, "--model", smolLm2(), "--data", "rows", "--yes"];
    const options = ["--keep", String(SAME.keep), "--seed", String(SEED), "--threads", String(threads)];
    let last: object = {};
    for await (const event of runCoppice("trim", [...args, ...options, ...more])) last = event;
    const seconds = (performance.now() - started) / 1000;
    const { metrics, peakMemoryBytes: peakBytes, units } = TrimDone.parse(last);
    say(`Coppice ${more.join(" ")}: ${seconds.toFixed(0)} s; kept ${units.keptIndices.join(", ")}`);
    const { tuned, trimmed } = metrics;
    return { seconds, peakBytes, tuned: tuned.accuracy!.value, half: trimmed.accuracy!.value };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
