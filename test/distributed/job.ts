/** Job folders, and the programme of distributed/ on copies of them. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../build/root.ts";
import { readDataset } from "../../main/documents/dataset.ts";
import { writeJobFolder } from "../../main/trimming/elsewhere/job-folder.ts";
import { planTrim } from "../../main/trimming/plan/planning.ts";
import { readPlanned } from "../../main/trimming/run/planned-data.ts";
import { runRows } from "../../main/trimming/run/run-rows.ts";
import { pairedDifference } from "../../native-models/evaluation/bootstrap.ts";
import { withModel } from "../../native-models/open-model.ts";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { RunEvent } from "../../preload/contract/runs/run.ts";
import { collecting, runTrim } from "../main/trimming/run/tiny-run.ts";

const programme = join(root, "distributed");

/** What a run did. */
export interface Did {
  readonly losses: readonly number[];
  readonly distillation: readonly number[];
  readonly scores: readonly number[];
  readonly drops: readonly (readonly number[])[];
  /** Of the validation rows, after each epoch. */
  readonly validation: readonly number[];
  /** Of each test question, whether a model answers it right: 1 or 0. */
  readonly right: Readonly<Record<Subject, readonly number[]>>;
}

/** The models whose answers are compared, and the stage that measures each. */
const MEASURED = { base: "measure base", tuned: "measure tuned", trimmed: "measure healed" } as const;
type Subject = keyof typeof MEASURED;

/** The same for each of these models. */
export const ofEach = <T>(figure: (subject: Subject) => T): Record<Subject, T> => ({
  base: figure("base"),
  tuned: figure("tuned"),
  trimmed: figure("trimmed"),
});

type Choices = NonNullable<Parameters<typeof planTrim>[1]>;

/** A model and the folder of its data, as `train.jsonl`, `valid.jsonl` and `test.jsonl`. */
export interface Material {
  readonly model: string;
  readonly data: string;
  readonly choices?: Choices;
}

/** A job folder, what the same run did here, and what the results of a copy mean. */
export interface Job {
  readonly folder: string;
  readonly here: Did;
  did(copy: string): Did;
}

/** Writes the folder of a job that is done nowhere yet into the new folder `at`. */
export async function writeJob(
  at: string,
  { model, data, choices = {} }: Material,
): Promise<{ folder: string; plan: TrimPlan }> {
  const rows = join(at, "rows");
  const file = (name: string) => [join(data, `${name}.jsonl`)];
  mkdirSync(at, { recursive: true });
  await readDataset({ data: file("train"), valid: file("valid"), test: file("test"), out: rows, seed: 1 });
  const folder = join(at, "job");
  const plan = await withModel(model, async (opened) => {
    const { blocks, maxPositions, hiddenSize } = opened.config;
    const shape = { path: opened.path, layers: blocks.length, maxPositions, hiddenSize };
    const base = { storage: "f32", streamed: false } as const;
    const input = { model: shape, sha256: "", dataFolder: rows };
    const planned = planTrim(input, { threads: 1, maxTokens: 256, base, ...choices });
    await writeJobFolder(folder, planned, opened, programme);
    return planned;
  });
  return { folder, plan };
}

/** Writes the job folder of a run into the new folder `at`, and does the run here as well, with the weights as they are in that folder. */
export async function makeJob(at: string, material: Material): Promise<Job> {
  const { folder, plan } = await writeJob(at, material);
  return withModel(join(folder, "base"), async (opened) => {
    const context = collecting();
    const encoder = opened.tokenizer;
    await runTrim({ runFolder: join(at, "run"), plan, model: opened, encoder }, context);
    const { maxPositions } = opened.config;
    const { test } = runRows({ plan, encoder, maxPositions }, readPlanned(plan));
    const right = ofEach((subject) => {
      const evaluated = context.events.findLast(
        (event) => event.event === "evaluation" && event.subject === subject && event.split === "test",
      );
      return evaluated?.event === "evaluation" ? evaluated.depth.evaluation.correct : [];
    });
    return {
      folder,
      here: didOf(context.events, (subject) => right[subject]),
      did: (copy) =>
        didOf(eventsOf(copy), (subject) => {
          const nlls = nllsOf(copy, MEASURED[subject]).map((labels) => Float32Array.from(labels));
          return test.evaluation(nlls, "f32").correct;
        }),
    };
  });
}

const Stages = z.object({ stages: z.array(z.object({ name: z.string(), result: z.unknown() })) });
const Test = z.object({ test: z.array(z.array(z.number())) });

/** The NLLs of the test rows' labels, from a stage of a copy's run. */
function nllsOf(copy: string, stage: string): number[][] {
  const state: unknown = JSON.parse(readFileSync(join(copy, "result", "state.json"), "utf8"));
  const { stages } = Stages.parse(state);
  return Test.parse(stages.find(({ name }) => name === stage)?.result).test;
}

/** The events of a copy's run so far. */
export function eventsOf(copy: string): RunEvent[] {
  const lines = readFileSync(join(copy, "result", "events.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const parsed = RunEvent.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  });
}

/** The number of steps that a copy has carried out so far. */
export function stepsIn(copy: string): number {
  const file = join(copy, "result", "events.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split('"event": "step"').length - 1 : 0;
}

function didOf(
  events: readonly RunEvent[],
  right: (subject: Subject) => readonly boolean[] | undefined,
): Did {
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
    right: ofEach((subject) => (right(subject) ?? []).map(Number)),
  };
}

const FIRST_STEPS = 20;

/** The largest differences between two runs, and how many more questions the second answers right, as a share. Throws if one has more figures. */
export function differencesOf(here: Did, there: Did) {
  const largest = (a: readonly number[], b: readonly number[]) => {
    if (a.length !== b.length) throw new Error(`${a.length} figures here, ${b.length} there`);
    return Math.max(0, ...a.map((value, index) => Math.abs(value - b[index]!)));
  };
  return {
    firstLoss: largest(here.losses.slice(0, FIRST_STEPS), there.losses.slice(0, FIRST_STEPS)),
    loss: largest(here.losses, there.losses),
    distillation: largest(here.distillation, there.distillation),
    score: largest(here.scores, there.scores),
    validation: largest(here.validation, there.validation),
    right: ofEach((subject) => pairedDifference(there.right[subject], here.right[subject])),
  };
}

/** The pinned packages, of several gigabytes, could not be had. */
export class NotInstalled extends Error {}

/** Downloading them may take so long. */
const INSTALL_MS = 8 * 60_000;

/** A new environment with the pinned packages, in .cache; the one that is there if they are the same. Throws `NotInstalled`. */
export function madePython(): string {
  const requirements = join(programme, "requirements.txt");
  const venv = join(root, ".cache", "distributed");
  const python = join(venv, "bin", "python");
  const made = join(venv, sha256(requirements));
  if (existsSync(made)) return python;
  rmSync(venv, { recursive: true, force: true });
  for (const [command, ...args] of [
    ["python3", "-m", "venv", venv],
    [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements],
  ] as const) {
    const { status } = spawnSync(command, args, {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: INSTALL_MS,
    });
    if (status === 0) continue;
    rmSync(venv, { recursive: true, force: true });
    throw new NotInstalled(
      `PyTorch could not be installed: ${command} ${args.join(" ")} ended with ${status}.`,
    );
  }
  writeFileSync(made, "");
  return python;
}

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Changes a file of a job folder on purpose: its checksum as well. */
export function change(copy: string, name: string, edit: (text: string) => string): void {
  replace(copy, name, (path) => writeFileSync(path, edit(readFileSync(path, "utf8"))));
}

/** The same by writing the file anew. */
export function replace(copy: string, name: string, write: (path: string) => void): void {
  const path = join(copy, name);
  const before = sha256(path);
  write(path);
  const sums = join(copy, "SHA256SUMS");
  writeFileSync(sums, readFileSync(sums, "utf8").replace(before, sha256(path)));
}

/** The programme at work on a copy of a job; `ended`: its exit code, null if it was killed, and what it printed. */
export interface Started {
  readonly ended: Promise<{ code: number | null; printed: string }>;
  /** Ends it, and the processes that it started, at once. */
  kill(): void;
  /** Of its processes, in the order of their ranks; its own without torchrun. */
  ranks(): number[];
}

/** Starts the programme with these options in one process, or in several by torchrun. */
export function start(
  python: string,
  copy: string,
  processes: number,
  options: readonly string[],
  threads = 1, // the models are small: with more, they wait for each other
): Started {
  const torchrun = ["-m", "torch.distributed.run", "--standalone", `--nproc-per-node=${processes}`];
  const args = [...(processes > 1 ? torchrun : []), join(copy, "coppice_train.py"), copy, ...options];
  const environment = { ...process.env, OMP_NUM_THREADS: String(threads) };
  const child = spawn(python, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
    detached: true, // a process group of its own, which kill() ends
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += String(text)));
  return {
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, printed }));
    }),
    kill: () => process.kill(-child.pid!, "SIGKILL"),
    ranks() {
      if (processes === 1) return [child.pid!];
      return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
        .trim()
        .split(" ")
        .map(Number);
    },
  };
}

/** A copy of a job folder. */
export function copyOf(job: string, copy: string): string {
  cpSync(job, copy, { recursive: true });
  return copy;
}
