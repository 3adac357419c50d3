/**
 * The whole job, from a model and files to a healed and measured model of half the depth, against a PyTorch script of the same
 * job.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row, Size, Unit } from "./harness/benchmark.ts";
import { clausesFolder, fasterPrecision, runClausesScript } from "./harness/clauses-script.ts";
import type { Precision } from "./harness/clauses-script.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Sample } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/whole-job.ts exports: `export const open: OpenWholeJob`. */
export type OpenWholeJob = (options: WholeJobOptions) => Promise<{ run(): Promise<JobFigures> }>;

export interface WholeJobOptions {
  /** GGUF file. */
  readonly modelPath: string;
  /** Folder of train.jsonl, valid.jsonl and test.jsonl. */
  readonly data: string;
  readonly keptShare: number;
  readonly recipe: PlanPatch;
  readonly threads: number;
}

/** A side's report on its job. */
export interface JobFigures {
  readonly seconds: Readonly<Record<JobPhase, number>>;
  /** Shares of the test questions. */
  readonly accuracy: { readonly tuned: number; readonly healed: number };
}

/** Reading and computing the teacher's hidden states count as preparation. */
export const JOB_PHASES = ["prepare", "tune", "scan", "rounds", "heal", "evaluate"] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** The number of rows of each kind. */
const WHOLE = { train: 400, valid: 64, test: 150, aRound: 64, calibration: 32 };
type Rows = typeof WHOLE;
/** The share of all rows in every phase. */
const SHARE: Record<Size, number> = { small: 0.2, whole: 1 };
const [TUNING_EPOCHS, HEALING_EPOCHS, BLOCKS_A_ROUND, KEPT_SHARE, SEED] = [3, 1, 2, 0.5, 1];
const JOB = "the whole job";

export const wholeJob: Benchmark = {
  name: "whole-job",
  timed: true,
  rounds: 1,
  measures:
    `SmolLM2-135M specialised on ${WHOLE.train} contract clauses and halved: ${TUNING_EPOCHS} epochs of tuning; rounds that scan, drop ` +
    `${BLOCKS_A_ROUND} blocks and train ${WHOLE.aRound} rows with the tuned model as teacher; ${HEALING_EPOCHS} epoch of healing; and ` +
    `${WHOLE.test} test questions at each depth. Coppice keeps activations, as the application does when memory allows, and writes everything ` +
    "that it needs to continue after a power cut, but does not measure chat models or export. It alternates with test/lab/reference/trim-clauses.py " +
    "on the same rows with the same recipe, without checkpointing, in fp32 or bf16 autocast, whichever was faster on a short job just before. " +
    "Each side has its own order of rows and calibration rows, and therefore drops its own blocks. Peak memory is measured from a process's start.",
  columns: [
    { key: "ours", title: "Coppice" },
    { key: "theirs", title: "PyTorch" },
    { key: "ratio", title: "PyTorch ÷ Coppice", unit: "ratio" },
  ],
  targets: [{ row: JOB, column: "ratio", atLeast: 1.5 }],

  async run(context) {
    const clauses = clausesFolder();
    const folder = mkdtempSync(join(tmpdir(), "coppice-whole-job-"));
    try {
      return await compare(context, clauses, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function compare(context: Context, clauses: string, folder: string): Promise<Row[]> {
  const rows = rowsOf(SHARE[context.size]);
  writeData(clauses, folder, rows);
  const precision = await fasterPrecision(context, folder);
  const theirs = { name: "theirs", turn: () => theirJob(context, folder, rows, precision) };
  const ours = { name: "ours", turn: () => ourJob(context, folder, rows) };
  const samples = await takeTurns(context.ours ? [theirs, ours] : [theirs], {
    rounds: context.rounds,
    warmUps: 0,
  });
  const [mine, other] = [samples.get("ours") ?? null, samples.get("theirs")!];
  const row = (name: string, unit: Unit, key: string, compared = true): Row => ({
    name,
    unit,
    figures: {
      ours: mine && medianOf(mine, key),
      theirs: medianOf(other, key),
      ratio: mine && compared ? medianRatio(other, mine, key) : null,
    },
  });
  return [
    ...JOB_PHASES.map((phase) => row(phase, "seconds", phase)),
    row(JOB, "seconds", "all"),
    row("peak memory", "bytes", "peakBytes"),
    row("accuracy, tuned", "share", "tuned", false),
    row("accuracy, half of the blocks, healed", "share", "healed", false),
  ];
}

function rowsOf(share: number): Rows {
  const counts = Object.entries(WHOLE).map(([name, count]) => [name, Math.round(share * count)]);
  return Object.fromEntries(counts) as Rows;
}

/** The first rows of each file. */
function writeData(clauses: string, folder: string, rows: Rows): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ["train", "valid", "test"] as const) {
    const lines = readFileSync(join(clauses, `${name}.jsonl`), "utf8").split("\n");
    writeFileSync(join(folder, `${name}.jsonl`), `${lines.slice(0, rows[name]).join("\n")}\n`);
  }
}

async function ourJob(
  { threads, say }: Context,
  data: string,
  { aRound, calibration }: Rows,
): Promise<Sample> {
  say("Coppice …");
  const coppice = await startCoppice("whole-job", {
    modelPath: smolLm2(),
    data,
    threads,
    keptShare: KEPT_SHARE,
    recipe: {
      seed: SEED,
      base: { storage: "w8a8" },
      tune: { maxEpochs: TUNING_EPOCHS },
      trim: { unitsPerRound: BLOCKS_A_ROUND, rowsPerRound: aRound, calibrationRows: calibration },
      heal: { epochs: HEALING_EPOCHS },
    },
  } satisfies WholeJobOptions);
  try {
    const { value } = await coppice.ask<{ value: JobFigures }>({ call: "run" });
    return sampleOf(value, coppice.peakMemoryBytes() ?? NaN);
  } finally {
    await coppice.close();
  }
}

async function theirJob(
  context: Context,
  data: string,
  { aRound, calibration }: Rows,
  precision: Precision,
): Promise<Sample> {
  const { seconds, metrics, peakMemoryBytes } = await runClausesScript(context, data, precision, {
    keep: KEPT_SHARE,
    seed: SEED,
    "tune-epochs": TUNING_EPOCHS,
    "blocks-per-round": BLOCKS_A_ROUND,
    "rows-per-round": aRound,
    "calibration-rows": calibration,
    "heal-epochs": HEALING_EPOCHS,
  });
  const { prepare, teacher = 0, tune, scan, rounds, heal, evaluate } = seconds as Record<string, number>;
  return sampleOf(
    {
      seconds: {
        prepare: prepare! + teacher,
        tune: tune!,
        scan: scan!,
        rounds: rounds!,
        heal: heal!,
        evaluate: evaluate!,
      },
      accuracy: { tuned: metrics.tuned.value, healed: metrics.trimmed.value },
    },
    peakMemoryBytes,
  );
}

function sampleOf({ seconds, accuracy }: JobFigures, peakBytes: number): Sample {
  const all = JOB_PHASES.reduce((sum, phase) => sum + seconds[phase], 0);
  return { ...seconds, all, peakBytes, ...accuracy };
}
