/**
 * `npm run test:distributed`: the built-in sample is tuned, trimmed to half of its blocks and healed here and by the programme for
 * other computers, in f32: in one process, in two with a copy of the model each, and in two with shards; and killed and continued. Scores,
 * drops and losses must agree. COPPICE_PYTHON: a Python with distributed/requirements.txt; by default, one is made.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../build/root.ts";
import { readDataset } from "../../main/documents/dataset.ts";
import { sample } from "../../main/services/models/sample.ts";
import { writeJobFolder } from "../../main/trimming/elsewhere/job-folder.ts";
import { planTrim } from "../../main/trimming/plan/planning.ts";
import { withModel } from "../../native-models/open-model.ts";
import { RunEvent } from "../../preload/contract/runs/run.ts";
import { cutSample } from "../main/cut-sample.ts";
import { collecting, runTrim } from "../main/trimming/run/tiny-run.ts";

const programme = join(root, "distributed");
const MOST = { score: 1e-4, loss: 1e-3 };
const COMPARED_STEPS = 20;

/** What a run did, of its events. */
interface Did {
  readonly losses: readonly number[];
  readonly distillation: readonly number[];
  readonly scores: readonly number[];
  readonly drops: readonly (readonly number[])[];
  /** Of the validation rows, after each epoch. */
  readonly validation: readonly number[];
}

function didOf(events: readonly RunEvent[]): Did {
  const steps = events.flatMap((event) => (event.event === "step" ? [event] : []));
  return {
    losses: steps.map(({ loss }) => loss),
    distillation: steps.map(({ distillationLoss }) => distillationLoss ?? 0),
    scores: events.flatMap((event) =>
      event.event === "scores"
        ? [...event.scores].sort((a, b) => a.unit - b.unit).map(({ score }) => score)
        : [],
    ),
    drops: events.flatMap((event) => (event.event === "dropped" ? [event.units] : [])),
    validation: events.flatMap((event) => (event.event === "validation" ? [event.loss] : [])),
  };
}

const folder = mkdtempSync(join(tmpdir(), "coppice-distributed-"));
try {
  const python = process.env["COPPICE_PYTHON"] ?? madePython();
  const here = await runHere(join(folder, "job"));
  const ways: readonly (readonly [name: string, processes: number, ...options: string[]])[] = [
    ["one process", 1],
    ["two processes, a copy each", 2, "--replicate"],
    ["two processes, shards", 2],
  ];
  for (const [name, processes, ...options] of ways)
    compare(name, here, runThere(python, join(folder, name), processes, options));
  compare("stopped and continued", here, runThere(python, join(folder, "stopped"), 1, [], 12));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A new environment with the pinned packages. */
function madePython(): string {
  const venv = join(folder, "venv");
  run("python3", ["-m", "venv", venv]);
  const python = join(venv, "bin", "python");
  run(python, ["-m", "pip", "install", "--quiet", "-r", join(programme, "requirements.txt")]);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const environment = { ...process.env, OMP_NUM_THREADS: "1" }; // the model is small: more threads wait for each other
  const { status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env: environment });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

async function runHere(job: string): Promise<Did> {
  const data = cutSample(folder, { "train.jsonl": 24, "valid.jsonl": 24, "test.jsonl": 8 });
  const rows = join(folder, "rows");
  const file = (name: string) => [join(data, `${name}.jsonl`)];
  await readDataset({ data: file("train"), valid: file("valid"), test: file("test"), out: rows, seed: 1 });
  return withModel(sample.model, async (model) => {
    const { blocks, maxPositions, hiddenSize } = model.config;
    const shape = { path: model.path, layers: blocks.length, maxPositions, hiddenSize };
    const plan = planTrim(
      { model: shape, sha256: "", dataFolder: rows },
      {
        threads: 1,
        maxTokens: 256,
        tune: { maxEpochs: 2 },
        trim: { rowsPerRound: 32, calibrationRows: 20 },
        heal: { epochs: 1 },
        control: true,
      },
    );
    await writeJobFolder(job, plan, model, programme);
    const context = collecting();
    const input = { runFolder: join(folder, "run"), plan, model, encoder: model.tokenizer };
    await runTrim(input, context);
    return didOf(context.events);
  });
}

/** Runs a copy of the job; `firstOperations`: ends after so many, and is started again. */
function runThere(
  python: string,
  copy: string,
  processes: number,
  options: readonly string[],
  firstOperations?: number,
): Did {
  cpSync(join(folder, "job"), copy, { recursive: true });
  const start = (...more: string[]) =>
    run(python, [
      ...(processes > 1
        ? ["-m", "torch.distributed.run", "--standalone", `--nproc-per-node=${processes}`]
        : []),
      join(copy, "coppice_train.py"),
      copy,
      "--dtype=f32",
      ...options,
      ...more,
    ]);
  if (firstOperations !== undefined) start(`--operations=${firstOperations}`);
  start();
  if (!existsSync(join(copy, "result", "done.json"))) throw new Error("The programme did not finish");
  const lines = readFileSync(join(copy, "result", "events.jsonl"), "utf8")
    .trim()
    .split("\n");
  const events = lines.flatMap((line) => {
    const parsed = RunEvent.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  });
  return didOf(events);
}

function compare(name: string, here: Did, there: Did): void {
  const largest = (a: readonly number[], b: readonly number[]) => {
    if (a.length !== b.length) throw new Error(`${name}: ${a.length} figures here, ${b.length} there`);
    return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
  };
  const first = <T>(values: readonly T[]) => values.slice(0, COMPARED_STEPS);
  const found = {
    loss: largest(first(here.losses), first(there.losses)),
    laterLoss: largest(here.losses, there.losses),
    distillation: largest(here.distillation, there.distillation),
    score: largest(here.scores, there.scores),
    validation: largest(here.validation, there.validation),
  };
  console.log(name, here.losses.length, "steps, drops", JSON.stringify(there.drops), found);
  if (JSON.stringify(there.drops) !== JSON.stringify(here.drops))
    throw new Error(
      `${name}: dropped ${JSON.stringify(here.drops)} here, ${JSON.stringify(there.drops)} there`,
    );
  if (found.loss > MOST.loss) throw new Error(`${name}: the first losses differ`);
  if (found.score > MOST.score) throw new Error(`${name}: the scores differ`);
}
