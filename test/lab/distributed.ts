/**
 * Measures distributed/ and writes test/lab/results/distributed.json: node build/run.js test/lab/distributed.ts SMOLLM2 CLAUSES
 * (a model file and the folder of its rows); or only these parts of it: … SMOLLM2 CLAUSES dryRuns. COPPICE_PYTHON: a Python with
 * distributed/requirements.txt.
 */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, writeSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { format, resolveConfig } from "prettier";
import { root } from "../../build/root.ts";
import { sample } from "../../main/services/models/sample.ts";
import { operationsOf } from "../../main/trimming/elsewhere/listed-run.ts";
import { bootstrapMean } from "../../native-models/evaluation/bootstrap.ts";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import {
  change,
  copyOf,
  differencesOf,
  eventsOf,
  madePython,
  makeJob,
  ofEach,
  replace,
  start,
  writeJob,
} from "../distributed/job.ts";
import type { Did } from "../distributed/job.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { describeMachine } from "./bench/harness/machine.ts";

const [smolLm2, clauses, ...chosen] = process.argv.slice(2);
if (!smolLm2 || !clauses) throw new Error("Name a model file and the folder of its rows");
const python = process.env["COPPICE_PYTHON"] ?? madePython();
process.env["MALLOC_MMAP_THRESHOLD_"] = "1000000"; // so that freed tensors leave the resident set
const folder = mkdtempSync(join(tmpdir(), "coppice-distributed-"));

/** Shapes of larger models: Llama with the vocabulary of Qwen2.5. */
const SHAPES = {
  "7B": { layers: 28, hidden: 3584, heads: 28, kvHeads: 4, feedForward: 18_944 },
  "32B": { layers: 64, hidden: 5120, heads: 40, kvHeads: 8, feedForward: 27_648 },
};
type Shape = (typeof SHAPES)[keyof typeof SHAPES];
const HEAD_DIM = 128;
const VOCABULARY = 152_064;
const ASSUMPTION =
  "A card does 312e12 operations per second in bf16 (an A100's data sheet), and training reaches 40% of that. A frozen weight costs 4 operations per token, or 6 if activations are recomputed.";

const parts = { dryRuns, loading, training, agreement };
const file = join(root, "test", "lab", "results", "distributed.json");
const results: Record<string, unknown> = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>)
  : {};
try {
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const command = `node build/run.js test/lab/distributed.ts SMOLLM2 CLAUSES ${name}`;
    const date = new Date().toISOString().slice(0, 10);
    results[name] = { command, date, machine: describeMachine(), ...(await part()) };
    const style = await resolveConfig(file);
    writeFileSync(file, await format(JSON.stringify(results), { ...style, parser: "json" }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function importsMiB(): number {
  const code = "import torch, transformers.models.llama; print(open('/proc/self/status').read())";
  return hwmMiB(execFileSync(python, ["-c", code], { encoding: "utf8" }));
}

/** The largest resident set so far, of /proc/PID/status. */
function hwmMiB(status: string): number {
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

/** What `--dry-run` prints for larger models on all rows. */
async function dryRuns() {
  const all = await writeJob(join(folder, "clauses"), { model: smolLm2!, data: clauses! });
  const found: { model: string; options: string; printed: string[] }[] = [];
  for (const [model, shape] of Object.entries(SHAPES)) {
    const copy = resized(all.folder, join(folder, model), all.plan, shape);
    for (const recompute of [[], ["--recompute"]]) {
      const pace = Math.round((0.4 * 312e12) / ((recompute.length > 0 ? 6 : 4) * weightsOf(shape)));
      const options = ["--dry-run", `--pace=${pace}`, ...recompute];
      const { printed } = await start(python, copy, 1, options).ended;
      console.log(model, options.join(" "), printed);
      found.push({ model, options: options.join(" "), printed: printed.trimEnd().split("\n") });
    }
  }
  return { assumption: ASSUMPTION, found };
}

/** Inputs and outputs of a block's linear maps. */
function linearMaps({ hidden, heads, kvHeads, feedForward }: Shape): Record<string, [number, number]> {
  const [queries, keys] = [heads * HEAD_DIM, kvHeads * HEAD_DIM];
  return {
    "self_attn.q_proj": [hidden, queries],
    "self_attn.k_proj": [hidden, keys],
    "self_attn.v_proj": [hidden, keys],
    "self_attn.o_proj": [queries, hidden],
    "mlp.gate_proj": [hidden, feedForward],
    "mlp.up_proj": [hidden, feedForward],
    "mlp.down_proj": [feedForward, hidden],
  };
}

function weightsOf(shape: Shape): number {
  const inBlock = Object.values(linearMaps(shape)).reduce((sum, [from, to]) => sum + from * to, 0);
  return 2 * VOCABULARY * shape.hidden + shape.layers * inBlock;
}

/** A copy of a job for a model of another shape, without its weights; its adapters are a file without content. */
function resized(job: string, copy: string, plan: TrimPlan, shape: Shape): string {
  copyOf(job, copy);
  rmSync(join(copy, "base", "model.safetensors"));
  const rows = JSON.parse(readFileSync(join(copy, "rows.json"), "utf8")) as Record<string, unknown[]>;
  const counts = { training: rows["training"]!.length, calibration: rows["calibration"]!.length };
  const kept = Array.from({ length: shape.layers }, () => "block" as const);
  const operations = operationsOf(plan, kept, counts);
  change(copy, "plan.json", (text) =>
    JSON.stringify({ ...(JSON.parse(text) as object), blocks: shape.layers, operations }),
  );
  change(copy, join("base", "config.json"), (text) =>
    JSON.stringify({
      ...(JSON.parse(text) as object),
      hidden_size: shape.hidden,
      intermediate_size: shape.feedForward,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.kvHeads,
      head_dim: HEAD_DIM,
      vocab_size: VOCABULARY,
      tie_word_embeddings: false,
    }),
  );
  const rank = plan.method.kind === "lora" ? plan.method.rank : 0;
  replace(copy, "adapters.safetensors", (path) => writeEmptyAdapters(path, shape, rank));
  return copy;
}

function writeEmptyAdapters(path: string, shape: Shape, rank: number): void {
  const header: Record<string, object> = {};
  let end = 0;
  const add = (name: string, rows: number, columns: number) => {
    const start = end;
    end += 4 * rows * columns;
    header[name] = { dtype: "F32", shape: [rows, columns], data_offsets: [start, end] };
  };
  for (let block = 0; block < shape.layers; block++)
    for (const [name, [from, to]] of Object.entries(linearMaps(shape))) {
      add(`model.layers.${block}.${name}.lora_A.weight`, rank, from);
      add(`model.layers.${block}.${name}.lora_B.weight`, to, rank);
    }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([length, json]));
  ftruncateSync(file, 8 + json.length + end);
  closeSync(file);
}

/** Carries out the first operations of a copy of a job; gives the largest resident set of any of its processes. */
async function peakOf(job: string, processes: number, options: string[], threads = 1) {
  const copy = copyOf(job, join(folder, "copy"));
  const started = start(python, copy, processes, ["--dtype=f32", ...options], threads);
  let [hasEnded, peak] = [false, 0];
  const ended = started.ended.finally(() => (hasEnded = true));
  while (!hasEnded) {
    await sleep(20);
    try {
      const statuses = started.ranks().map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
      peak = Math.max(peak, ...statuses.map(hwmMiB));
    } catch {
      // It has not started them yet, or they have ended.
    }
  }
  const { code, printed } = await ended;
  if (code !== 0) throw new Error(printed);
  const rates = eventsOf(copy).flatMap((event) => (event.event === "step" ? [event.tokensPerSecond] : []));
  rmSync(copy, { recursive: true });
  return { peakMiB: peak, tokensPerSecond: Math.round(median(rates)) };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** The memory of each of several processes, with 1.2 GB of weights in f32. */
async function loading() {
  const model = await writeTinyModel(join(folder, "wide"), 8, 2048);
  const data = cut(sample.data, { train: 8, valid: 8, test: 8 });
  const { folder: job } = await writeJob(join(folder, "loading"), { model, data });
  const found: object[] = [];
  for (const processes of [1, 2, 4]) {
    const { peakMiB } = await peakOf(job, processes, ["--operations=1"]);
    found.push({ processes, peakMiB });
    console.log(found.at(-1));
  }
  return { importsMiB: importsMiB(), found };
}

/** Tokens per second and memory in the first epoch of a few rows, and what `--dry-run` says about the memory. */
async function training() {
  const data = cut(clauses!, { train: 40, valid: 8, test: 8 });
  const { folder: job } = await writeJob(join(folder, "training"), { model: smolLm2!, data });
  const { printed } = await start(python, job, 1, ["--dry-run", "--dtype=f32"]).ended;
  const found: object[] = [];
  for (const [processes, threads, ...options] of [
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 1, "--replicate"],
  ] as const) {
    const measured = await peakOf(job, processes, [...options, "--operations=3"], threads);
    found.push({ processes, threads, options: options.join(" "), ...measured });
    console.log(found.at(-1));
  }
  return { importsMiB: importsMiB(), dryRun: printed.trimEnd().split("\n"), found };
}

/**
 * A small run here and elsewhere in f32, with the same rows, steps and weights: the minutes of each, their largest differences, and the share of
 * test questions that each model answers right.
 */
async function agreement() {
  const rows = { train: 100, valid: 16, test: 150 };
  const trim = { keep: { fraction: 0.93 }, unitsPerRound: 2, rowsPerRound: 32, calibrationRows: 8 };
  const choices = { threads: 2, tune: { maxEpochs: 2 }, trim, heal: { epochs: 1 } };
  const started = performance.now();
  const material = { model: smolLm2!, data: cut(clauses!, rows), choices };
  const job = await makeJob(join(folder, "agreement"), material);
  const accuracies = ({ right }: Did) => ofEach((subject) => bootstrapMean(right[subject]));
  const { here } = job;
  const minutes = (since: number) => Math.round((performance.now() - since) / 6000) / 10;
  const own = { minutes: minutes(started), accuracy: accuracies(here), drops: here.drops };
  console.log(own);
  const there: object[] = [];
  for (const [processes, threads] of [
    [2, 1],
    [1, 2],
  ] as const) {
    const since = performance.now();
    const copy = copyOf(job.folder, join(folder, "copy"));
    const { code, printed } = await start(python, copy, processes, ["--dtype=f32"], threads).ended;
    if (code !== 0) throw new Error(printed);
    const did = job.did(copy);
    const figures = { accuracy: accuracies(did), drops: did.drops, differences: differencesOf(here, did) };
    there.push({ processes, threads, minutes: minutes(since), ...figures });
    console.log(JSON.stringify(there.at(-1)));
    rmSync(copy, { recursive: true });
  }
  return { rows, choices, steps: here.losses.length, scores: here.scores.length, here: own, there };
}

/** The first rows of some data, in a new folder. */
function cut(data: string, counts: Readonly<Record<"train" | "valid" | "test", number>>): string {
  const to = mkdtempSync(join(folder, "rows-"));
  for (const [split, count] of Object.entries(counts)) {
    const lines = readFileSync(join(data, `${split}.jsonl`), "utf8").split("\n");
    writeFileSync(join(to, `${split}.jsonl`), `${lines.slice(0, count).join("\n")}\n`);
  }
  return to;
}
