/**
 * A job folder with its result, as the folder of a run that is finished, or continues here. It comes from another computer: each file is
 * checked against its sum, the plan against its schema, the results against the plan, the adapters against the base; only JSON and safetensors
 * are read, and no links.
 */
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { z } from "zod";
import { blockWeight } from "../../../native-models/architectures/architecture.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { localDisk } from "../../../native-models/formats/atomic.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { openSafetensors } from "../../../native-models/formats/safetensors/read.ts";
import { withModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { blockOf } from "../../../native-models/training/parts.ts";
import { trainableOf } from "../../../native-models/training/unit-graphs.ts";
import { Units } from "../../../native-models/training/units.ts";
import type { JobProblem } from "../../../preload/contract/failures/home.ts";
import { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { RunEvent } from "../../../preload/contract/runs/run.ts";
import { Journal } from "../journal/checkpoint.ts";
import { writeJournal } from "../journal/journal-file.ts";
import type { Save, Snapshot } from "../journal/journal-file.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { onlyUnits } from "../schedule/units.ts";
import { finishedStages } from "./finished-run.ts";
import { DONE, JOB_VERSION, jobRows } from "./job-folder.ts";
import { checkElsewhere } from "./not-elsewhere.ts";
import { PlainFolder } from "./plain-folder.ts";

/** What a plan may refer to: its paths are another computer's, or anybody's. */
export interface Known {
  readonly models: readonly { readonly path: string; readonly sha256: string | null }[];
  /** Folders of data, each named after its content. */
  readonly datasets: readonly string[];
}

export interface ImportedJob {
  readonly name: string;
  /** With the model and the data of this computer. */
  readonly plan: TrimPlan;
}

export interface JobReading {
  /** Whether a job that is half finished continues here. */
  readonly continues?: boolean;
  readonly report: (event: RunEvent) => void;
  readonly tell: (fraction: number) => void | Promise<void>;
}

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const PLAIN_NAME = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
const Done = z.object({ plan: Hash, files: z.record(z.string().regex(PLAIN_NAME), Hash) });
const Job = z.object({ version: z.literal(JOB_VERSION), name: z.string().min(1).max(200), plan: TrimPlan });
const State = z.object({
  stages: z.array(z.object({ name: z.string(), result: z.unknown() })),
  depths: z.record(
    z.string(),
    z.object({
      kept: z.array(z.number().int().nonnegative()),
      file: z.string().regex(/^depths\/[\w-]+\.safetensors$/),
    }),
  ),
});
type State = z.infer<typeof State>;

/**
 * Writes the folder of the finished run into the new folder `into`; `report` receives the events of its training, `tell` the share done. One that
 * is half finished is refused unless it `continues` here: from its last complete stage, with AdamW's moments at zero. Throws `bad-job`, and the
 * errors of reading the model and data and of writing.
 */
export async function readJobResult(
  folder: string,
  known: Known,
  into: string,
  { continues = false, report, tell }: JobReading,
): Promise<ImportedJob> {
  const job = await JobFiles.open(folder, continues);
  const {
    given: { name, plan: given },
    isHalf,
  } = job;
  const own = known.models.find(({ sha256 }) => sha256 !== null && sha256 === given.model.sha256);
  if (!own) return job.refuse("model", "plan.json");
  const wanted = given.data.path.split(/[\\/]/).at(-1)!;
  const data = known.datasets.find((path) => path.split(/[\\/]/).at(-1) === wanted);
  if (data === undefined) return job.refuse("data", "plan.json");
  const plan: TrimPlan = {
    ...given,
    model: { path: own.path, sha256: own.sha256 },
    data: { path: data },
    // One that is half finished is trained here, as it was planned.
    ...(!isHalf && { base: { storage: "f32", streamed: false }, device: "cpu" }),
    threads: Math.min(given.threads, cpus().length),
  };
  return withModel(own.path, async (model) => {
    checkElsewhere(plan, model);
    const { rows, text } = jobRows(plan, model);
    if (job.sums.get("rows.json") !== hashOf(text)) job.refuse("rows", "rows.json");
    const state = await job.result("state.json", State);
    const journal = await Journal.open(into);
    const depths: Record<string, Snapshot> = {};
    const all = Object.entries(state.depths);
    for (const [index, [depth, { kept, file }]] of all.entries()) {
      depths[depth] = await readDepth(job, file, kept, { model, plan, journal });
      await tell((index + 1) / all.length);
    }
    const refuse = () => job.refuse("contents", "result/state.json");
    const results = { isHalf, stages: state.stages, depths, refuse };
    const { stages, trained } = finishedStages(plan, model.sections, rows, results);
    if (!trained) return job.refuse("too-early", "result/state.json");
    const saves = isHalf ? [await saveOf(journal, depths[trained.depth]!, trained.steps, stages.length)] : [];
    const content = { stages, saves, depths, activeSeconds: 0 };
    await writeJournal(into, content, content, localDisk);
    for (const event of await job.events()) if (event.step <= trained.steps) report(event);
    return { name, plan };
  });
}

/** A point to continue from, with no moments. */
async function saveOf(journal: Journal, depth: Snapshot, steps: number, stagesDone: number): Promise<Save> {
  const zeros: Record<string, string> = {};
  for (const [block, hash] of Object.entries(depth.values))
    zeros[block] = await journal.write(new Float32Array((await journal.read(hash)).length));
  return {
    ...depth,
    ...{ stage: nameOf.elsewhere, step: 0, optimizerStep: steps, optimizerStart: steps },
    ...{ laterStarts: {}, secondsPerBlock: null, firstMoments: zeros, secondMoments: zeros, stagesDone },
  };
}

/** The adapters of the blocks that are left, as a snapshot of the run. */
async function readDepth(
  job: JobFiles,
  file: string,
  kept: readonly number[],
  { model, plan, journal }: { model: OpenModel; plan: TrimPlan; journal: Journal },
): Promise<Snapshot> {
  const units = new Units(model, trainableOf(plan.method), plan.seed);
  units.keep(onlyUnits(model.sections, "block", kept));
  const path = await job.checkedFile(file);
  try {
    const { tensors, close } = openSafetensors(path);
    try {
      const left = new Set(tensors.keys());
      const values: Record<string, string> = {};
      for (const block of units.held) {
        for (const { name, shape } of block.specs) {
          const full = blockWeight(blockOf(block.name)!, name);
          const tensor = tensors.get(full);
          if (!left.delete(full) || tensor?.shape.join() !== shape.join())
            return job.refuse("contents", `result/${file}`);
          block.value(name).set(tensor.readFloat32());
        }
        if (!block.values.every(Number.isFinite)) return job.refuse("contents", `result/${file}`);
        values[block.name] = await journal.write(block.values);
      }
      if (left.size > 0) return job.refuse("contents", `result/${file}`);
      const parts = Object.fromEntries(
        Object.entries(units.parts).filter(([name]) => name in values),
      ) as Snapshot["parts"];
      return { kept: [...units.kept], values, parts };
    } finally {
      close();
    }
  } catch (error) {
    const { code } = failureOf(error);
    if (code === "corrupt-file" || code === "unsupported-tensor-type")
      return job.refuse("contents", `result/${file}`);
    throw error;
  }
}

/** The files of a job's folder. */
class JobFiles {
  readonly given: z.infer<typeof Job>;
  /** The hashes of the files that left this computer. */
  readonly sums: ReadonlyMap<string, string>;
  readonly #folder: PlainFolder;
  /** The hashes of its results; null if it is half finished. */
  readonly #results: Readonly<Record<string, string>> | null;

  private constructor(
    folder: PlainFolder,
    sums: ReadonlyMap<string, string>,
    { done, given }: { done: z.infer<typeof Done> | null; given: z.infer<typeof Job> },
  ) {
    this.#folder = folder;
    this.#results = done?.files ?? null;
    this.sums = sums;
    this.given = given;
  }

  /** Throws `bad-job` if it is no job, or not finished although it has to be, or if a file that left this computer is not what it was. */
  static async open(path: string, mayBeHalf: boolean): Promise<JobFiles> {
    const folder = new PlainFolder(path);
    if (!folder.has("plan.json") || !folder.has("SHA256SUMS")) folder.refuse("other-folder", "plan.json");
    const isHalf = !folder.has(DONE);
    if (isHalf && !mayBeHalf) folder.refuse("unfinished", DONE);
    if (isHalf && !folder.has("result/state.json")) folder.refuse("too-early", "result/state.json");
    const lines = folder.text("SHA256SUMS").split("\n");
    const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
    for (const name of ["plan.json", "rows.json"])
      if (name === "plan.json" || folder.has(name)) await folder.check(name, sums.get(name));
    const done = isHalf ? null : folder.json(DONE, Done, "contents");
    if (done && done.plan !== sums.get("plan.json")) folder.refuse("changed", "plan.json");
    return new JobFiles(folder, sums, { done, given: folder.json("plan.json", Job, "newer") });
  }

  /** A result in JSON. */
  async result<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    await this.checkedFile(name);
    return this.#folder.json(`result/${name}`, schema, "contents");
  }

  get isHalf(): boolean {
    return this.#results === null;
  }

  /** The path of a file of the result. */
  async checkedFile(name: string): Promise<string> {
    const path = `result/${name}`;
    return this.#results ? this.#folder.check(path, this.#results[name]) : this.#folder.plain(path);
  }

  /** The steps and validations of its training. */
  async events(): Promise<Extract<RunEvent, { event: "step" | "validation" }>[]> {
    await this.checkedFile("events.jsonl");
    const lines = this.#folder.text("result/events.jsonl").split("\n").filter(Boolean);
    const events = lines.flatMap((line) => RunEvent.safeParse(parsedJson(line)).data ?? []);
    return events.filter((one) => one.event === "step" || one.event === "validation");
  }

  refuse(problem: JobProblem, file: string): never {
    return this.#folder.refuse(problem, file);
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
