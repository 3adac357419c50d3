/** A job that was carried out elsewhere: it becomes a run that only has to be finished, or is refused with the file that is wrong. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../../../build/root.ts";
import { writeJobFolder } from "../../../../main/trimming/elsewhere/job-folder.ts";
import { readJobResult } from "../../../../main/trimming/elsewhere/job-result.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { TEACHER_FILES } from "../../../../main/trimming/journal/run-files.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import { nameOf } from "../../../../main/trimming/schedule/stage-names.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { openSafetensors } from "../../../../native-models/formats/safetensors/read.ts";
import { writeSafetensors } from "../../../../native-models/formats/safetensors/write.ts";
import { fromFloat32 } from "../../../../native-models/formats/views.ts";
import { withModel } from "../../../../native-models/open-model.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { collecting, tinyPlan } from "../run/tiny-run.ts";
import { endAfter, finishJob, sealJob, writeResult } from "./finish-job.ts";

let [folder, job] = ["", ""];
let plan: TrimPlan;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "coppice-job-"));
  job = join(folder, "job");
  const model = { path: await writeTinyModel(join(folder, "model"), 3), sha256: "a".repeat(64) };
  plan = tinyPlan(folder, { model, control: true });
  await withModel(model.path, (opened) =>
    writeJobFolder(job, plan, opened, join(root, "distributed"), { name: "Clauses" }),
  );
  await finishJob(job);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function imported(from = job, { datasets = [plan.data.path], continues = false } = {}) {
  const into = join(temporaryFolder(), "run");
  const events: RunEvent[] = [];
  const read = await readJobResult(from, { models: [plan.model], datasets }, into, {
    continues,
    report: (event) => events.push(event),
    tell: () => {},
  });
  return { ...read, into, events };
}

test("becomes a run that is finished without any training, even if rows and base stayed there", async () => {
  const back = join(temporaryFolder(), "back");
  cpSync(job, back, { recursive: true });
  for (const left of ["rows.json", "base", "adapters.safetensors"])
    rmSync(join(back, left), { recursive: true });
  const { name, plan: own, into, events } = await imported(back);
  expect(name).toBe("Clauses");
  expect(events).toMatchObject([{ event: "step", step: 1 }]);
  const context = collecting();
  const output = join(temporaryFolder(), "model");
  const result = await withModel(plan.model.path, (model) => {
    const product = { tokenizer: model.tokenizer, output };
    return runRecipe(
      plannedJob,
      { runFolder: into, plan: own, model, encoder: model.tokenizer, product },
      context,
    );
  });
  expect(result.depths.map(({ name }) => name)).toEqual(["round 1", "round 2", "healed"]);
  expect(result.chosen.snapshot.kept).toEqual(["block", null, null]);
  expect(result.control).not.toBeNull();
  expect(existsSync(join(output, "model.safetensors"))).toBe(true);
  const dropped = context.events.flatMap((event) => (event.event === "dropped" ? event.units : []));
  expect(dropped).toEqual([2, 1]);
  expect(context.events).toContainEqual({ event: "log", said: "elsewhere" });
  const phases = context.events.flatMap((event) => (event.event === "phase" ? event.phase : []));
  expect([...new Set(phases)]).toEqual(["prepare", "evaluate", "export"]);
});

test("its base has the model's weights as they are stored", () => {
  const weights = (folder: string) => {
    const { tensors, close } = openSafetensors(join(folder, "model.safetensors"));
    const found = new Map(
      [...tensors].map(([name, one]) => [name, { storage: one.storage, values: one.readFloat32() }]),
    );
    close();
    return found;
  };
  const [given, base] = [weights(plan.model.path), weights(join(job, "base"))];
  expect(base).toEqual(given);
  expect([...base.values()].map(({ storage }) => storage)).not.toContain("f16");
});

/** A copy of the job as it was when this stage was done. */
function half(last: string): string {
  const copy = join(temporaryFolder(), "half");
  cpSync(job, copy, { recursive: true });
  endAfter(copy, last);
  return copy;
}

test.each(["tune 1", "validate 2", "teacher", "scores 1", "round 1", "round 2", "heal", "branch control"])(
  "half finished, until %s, continues here as it began",
  async (last) => {
    const from = half(last);
    const { plan: own, into } = await imported(from, { continues: true });
    const output = join(temporaryFolder(), "model");
    const run = (context: ReturnType<typeof collecting>) =>
      withModel(plan.model.path, (model) => {
        const product = { tokenizer: model.tokenizer, output };
        const input = { runFolder: into, plan: own, model, encoder: model.tokenizer, product };
        return runRecipe(plannedJob, input, context);
      });
    const context = collecting();
    const { depths, control } = await run(context);
    expect([...depths, control!].map(({ name }) => name)).toEqual([
      "round 1",
      "round 2",
      "healed",
      "control",
    ]);
    const trained = context.events.filter(({ event }) => event === "step").length;
    expect(trained).toBe(stepsAfter(last));
    // The teacher is recorded here once, however often the run is resumed.
    const { stages } = (await readJournal(into))!.content;
    const hashes: unknown = expect.objectContaining({ [TEACHER_FILES.hidden]: expect.any(String) });
    expect(stages.find(({ name }) => name === nameOf.teacher)?.result).toEqual(hashes);
    // What was scored there is not scored again.
    const drops = context.events.flatMap((event) => (event.event === "dropped" ? [event.units] : []));
    if (!/^(tune|validate|teacher)/.test(last)) expect(drops[0]).toEqual([2]);
  },
);

test("half finished, it is refused where nothing is trained yet, and where its files are not what they say", async () => {
  const untrained = half("measure prompted");
  const read = (from: string) => imported(from, { continues: true }).catch(failureOf);
  const tooEarly = { code: "bad-job", problem: "too-early", file: "result/state.json" };
  expect(await read(untrained)).toMatchObject(tooEarly);
  rmSync(join(untrained, "result"), { recursive: true });
  expect(await read(untrained)).toMatchObject(tooEarly);
  const cut = half("round 1");
  truncateSync(join(cut, "result/depths/round-1.safetensors"), 100);
  expect(await read(cut)).toMatchObject({ code: "bad-job", problem: "contents" });
  const linked = half("round 1");
  rmSync(join(linked, "result/events.jsonl"));
  symlinkSync(join(job, "result/events.jsonl"), join(linked, "result/events.jsonl"));
  expect(await read(linked)).toMatchObject({ code: "bad-job", problem: "contents" });
});

/** The optimizer steps of the plan's stages that follow this one. */
function stepsAfter(last: string): number {
  const { operations } = JSON.parse(readFileSync(join(job, "plan.json"), "utf8")) as {
    operations: { name?: string; rates?: number[] }[];
  };
  const later = operations.slice(operations.findIndex(({ name }) => name === last) + 1);
  return later.reduce((sum, { rates = [] }) => sum + rates.length, 0);
}

/** A copy of the job that is not what it was. */
async function refused(change: (job: string) => void | Promise<void>) {
  const copy = join(temporaryFolder(), "job");
  cpSync(job, copy, { recursive: true });
  await change(copy);
  const failure = await imported(copy).catch(failureOf);
  if (!("code" in failure)) throw new Error("It was imported");
  return failure.code === "bad-job" ? [failure.problem, failure.file] : failure;
}

const tuned = "result/depths/tuned.safetensors";

function changedState(job: string, change: (state: ReturnType<typeof stateIn>) => void): void {
  const state = stateIn(job);
  change(state);
  writeResult(job, "state.json", JSON.stringify(state));
  sealJob(job);
}

const stateIn = (job: string) =>
  JSON.parse(readFileSync(join(job, "result", "state.json"), "utf8")) as {
    stages: { name: string; result: never }[];
    depths: Record<string, { kept: number[]; file: string }>;
  };

test.each<[what: string, change: (job: string) => void | Promise<void>, problem: string, file: string]>([
  ["another folder", (job) => rmSync(join(job, "plan.json")), "other-folder", "plan.json"],
  ["no end yet", (job) => rmSync(join(job, "result/done.json")), "unfinished", "result/done.json"],
  [
    "a changed byte in an adapter",
    (job) => {
      const bytes = readFileSync(join(job, tuned));
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(join(job, tuned), bytes);
    },
    "changed",
    tuned,
  ],
  [
    "another plan",
    (job) => writeFileSync(join(job, "plan.json"), `${readFileSync(join(job, "plan.json"), "utf8")} `),
    "changed",
    "plan.json",
  ],
  [
    "another event",
    (job) => appendFileSync(join(job, "result/events.jsonl"), "{}\n"),
    "changed",
    "result/events.jsonl",
  ],
  ["other rows", (job) => writeFileSync(join(job, "rows.json"), "{}"), "changed", "rows.json"],
  [
    "truncated JSON",
    (job) => {
      truncateSync(join(job, "result/state.json"), 100);
      sealJob(job);
    },
    "contents",
    "result/state.json",
  ],
  [
    "a path out of the folder among the checksums",
    (job) => sealJob(job, { "../../plan.json": "0".repeat(64) }),
    "contents",
    "result/done.json",
  ],
  [
    "a path out of the folder as a depth",
    (job) => changedState(job, ({ depths }) => (depths["tuned"]!.file = "depths/../../adapters.safetensors")),
    "contents",
    "result/state.json",
  ],
  [
    "a pickle as a depth",
    (job) => changedState(job, ({ depths }) => (depths["tuned"]!.file = "depths/tuned.pt")),
    "contents",
    "result/state.json",
  ],
  [
    "a pickle under another name",
    (job) => {
      writeFileSync(join(job, tuned), Buffer.from("8004950a0000000000000071002e", "hex"));
      sealJob(job);
    },
    "contents",
    tuned,
  ],
  [
    "adapters of another shape",
    async (job) => {
      const { tensors, close } = openSafetensors(join(job, tuned));
      const others = [...tensors.values()].map((tensor, index) =>
        index > 0 ? tensor : fromFloat32(tensor.name, [1, 2], new Float32Array(2)),
      );
      await writeSafetensors(join(job, "other"), others);
      close();
      renameSync(join(job, "other"), join(job, tuned));
      sealJob(job);
    },
    "contents",
    tuned,
  ],
  [
    "a row less than were measured",
    (job) =>
      changedState(job, ({ stages }) => {
        const measured = stages.find(({ name }) => name === "measure base")!.result as { test: unknown[] };
        measured.test.pop();
      }),
    "contents",
    "result/state.json",
  ],
  [
    "a stage that is missing",
    (job) => changedState(job, ({ stages }) => stages.splice(3, 1)),
    "contents",
    "result/state.json",
  ],
  [
    "blocks that are not those with the lowest scores",
    (job) => changedState(job, ({ depths }) => (depths["round 1"]!.kept = [0, 2])),
    "contents",
    "result/depths/round-1.safetensors",
  ],
])("is refused with %s", async (_, change, problem, file) => {
  expect(await refused(change)).toEqual([problem, file]);
});

test.skipIf(process.platform === "win32")("is refused with a link in place of a file or folder", async () => {
  const linked = (name: string) => (job: string) => {
    renameSync(join(job, name), join(job, "moved"));
    symlinkSync(join(job, "moved"), join(job, name));
  };
  expect(await refused(linked("plan.json"))).toEqual(["contents", "plan.json"]);
  expect(await refused(linked(tuned))).toEqual(["contents", tuned]);
  expect(await refused(linked("result/depths"))).toEqual(["contents", "result/depths/tune-1.safetensors"]);
});

test("needs the data and the model of this computer, and never looks at the paths in its plan", async () => {
  expect(await imported(job, { datasets: [] }).catch(failureOf)).toMatchObject({
    code: "bad-job",
    problem: "data",
  });
  const other = join(temporaryFolder(), "data");
  cpSync(plan.data.path, other, { recursive: true });
  writeFileSync(join(other, "test.json"), JSON.stringify({ examples: [], questions: [] }));
  expect(await imported(job, { datasets: [other] }).catch(failureOf)).toMatchObject({
    code: "bad-job",
    problem: "rows",
  });
});
