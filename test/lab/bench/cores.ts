/** How decoding scales with threads, how other programs slow it down, and an extrapolation to more cores than this machine has. */
import { cpus } from "node:os";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/cores.ts exports: `export const open: OpenCores`. */
export type OpenCores = (options: CoresOptions) => Promise<Cores>;

export interface CoresOptions {
  readonly modelPath: string;
  readonly precision: Precision;
  /** Tokens in the cache at the end of an answer. */
  readonly context: number;
}

export interface Cores {
  /** Evaluates tokens one by one, up to the end of the context, while `busy` other programs use a core each. */
  answer(request: { threads: number; tokens: number; busy: number }): Promise<Work>;
  /** The costs of an empty task and of reading the weights, with this many threads. */
  costs(threads: number): Promise<{ emptyNs: number; weightBytes: number; bytesPerSecond: number }>;
}

/** What a token takes. */
export interface Work {
  readonly seconds: number;
  /** Tasks that are split between the threads, each ending in a barrier. */
  readonly tasks: number;
  /** Seconds spent in these tasks. */
  readonly inTasks: number;
}

const CONTEXT = 512;
const TOKENS = 48;
const THREADS = [1, 2, 4, 8, 16] as const;
const LARGER = [4, 8, 16] as const;

const threadsRow = (threads: number) => `${threads} thread${threads === 1 ? "" : "s"}`;

export const cores: Benchmark = {
  name: "cores",
  timed: true,
  measures:
    `The native decoder's tokens ${CONTEXT - TOKENS + 1} to ${CONTEXT} of SmolLM2-135M in int4, by threads, on ${cpus().length} cores: rows with more threads are ` +
    "oversubscribed. A task is work that is split between all threads; an empty one costs as much as a barrier. Parallel: the share of a token's time with one thread " +
    "that is spent in tasks. Read: the rate at which that many threads read the weights without computing. Beside: tokens/s while one other program " +
    "uses a core without a pause. The rows for more cores are not measured but extrapolated from these pieces: the serial part, the parallel part divided " +
    "by the number of cores, but not faster than two threads read memory here, and the barriers, whose cost is assumed to grow in proportion to the number of " +
    "threads. On a person's computer, the application measures for itself (decisions/0031).",
  columns: [
    { key: "tokensPerSecond", title: "tokens/s", unit: "tokens/s" },
    { key: "gain", title: "÷ 1 thread", unit: "ratio" },
    { key: "beside", title: "beside a busy program, tokens/s", unit: "tokens/s" },
    { key: "emptyNs", title: "empty task, ns", unit: "number" },
    { key: "tasks", title: "tasks a token", unit: "number" },
    { key: "parallel", title: "parallel", unit: "share" },
    { key: "bytesPerSecond", title: "read", unit: "bytes/s" },
  ],
  targets: [{ row: threadsRow(2), column: "gain", atLeast: 1.6 }],
  run,
};

type Measured = Work & {
  besideSeconds: number;
  emptyNs: number;
  weightBytes: number;
  bytesPerSecond: number;
};

async function run(context: Context): Promise<Row[]> {
  const options: CoresOptions = { modelPath: smolLm2(), precision: "int4", context: CONTEXT };
  const resident = await startCoppice("cores", options);
  try {
    const samples = new Map<number, Measured[]>(THREADS.map((threads) => [threads, []]));
    for (let round = 0; round < context.rounds; round++)
      for (const threads of THREADS) samples.get(threads)!.push(await measured(resident, threads));
    const medians = new Map([...samples].map(([threads, all]) => [threads, mediansOf(all)]));
    return rowsOf(medians);
  } finally {
    await resident.close();
  }
}

async function measured(resident: Resident, threads: number): Promise<Measured> {
  const ask = async <Value>(call: keyof Cores, argument: unknown) =>
    (await resident.ask<{ value: Value }>({ call, argument })).value;
  const work = await ask<Work>("answer", { threads, tokens: TOKENS, busy: 0 });
  const beside = await ask<Work>("answer", { threads, tokens: TOKENS, busy: 1 });
  const costs = await ask<Omit<Measured, keyof Work | "besideSeconds">>("costs", threads);
  return { ...work, ...costs, besideSeconds: beside.seconds };
}

function mediansOf(samples: readonly Measured[]): Measured {
  const keys = Object.keys(samples[0]!) as (keyof Measured)[];
  return Object.fromEntries(
    keys.map((key) => [key, median(samples.map((sample) => sample[key]))]),
  ) as unknown as Measured;
}

function rowsOf(medians: ReadonlyMap<number, Measured>): Row[] {
  const [one, two] = [medians.get(1)!, medians.get(2)!];
  const measuredRows = [...medians].map(([threads, its]): Row => {
    const figures = {
      tokensPerSecond: 1 / its.seconds,
      gain: one.seconds / its.seconds,
      beside: 1 / its.besideSeconds,
      emptyNs: its.emptyNs,
      tasks: its.tasks,
      parallel: threads === 1 ? its.inTasks / its.seconds : null,
      bytesPerSecond: its.bytesPerSecond,
    };
    return { name: threadsRow(threads), figures };
  });
  const extrapolated = LARGER.map((count): Row => {
    const seconds = extrapolatedSeconds(one, two, count);
    const figures = { tokensPerSecond: 1 / seconds, gain: one.seconds / seconds };
    return { name: `${count} cores, extrapolated`, figures };
  });
  return [...measuredRows, ...extrapolated];
}

/** The seconds of a token on more cores than were measured, from what one and two threads take. */
export function extrapolatedSeconds(
  one: Pick<Measured, "seconds" | "inTasks" | "tasks">,
  two: Pick<Measured, "emptyNs" | "weightBytes" | "bytesPerSecond">,
  count: number,
): number {
  const serial = one.seconds - one.inTasks;
  const reading = two.weightBytes / two.bytesPerSecond;
  const barriers = (one.tasks * two.emptyNs * (count / 2)) / 1e9;
  return serial + Math.max(one.inTasks / count, reading) + barriers;
}
