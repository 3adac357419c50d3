/**
 * `npm run test:distributed`: runs are carried out here and by the programme for other computers, in f32: in one process, in two with a copy
 * of the model each, and in two with shards. Scores, drops, losses and accuracies must agree. Then it is killed, its disk is full, and its
 * files are damaged. `--short`: the sample in one process and in two with shards. `--model FILE --data FOLDER`: only this model.
 * COPPICE_PYTHON: a Python with distributed/requirements.txt; by default, one is made in .cache, without which the short form says so and tries
 * nothing. Its last line counts the cases.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { sample } from "../../main/services/models/sample.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { cutSample } from "../main/cut-sample.ts";
import { homeAgain } from "./home-again.ts";
import { change, copyOf, differencesOf, madePython, makeJob, NotInstalled, start, stepsIn } from "./job.ts";
import type { Did, Job, Material } from "./job.ts";

const { values: options } = parseArgs({
  options: { short: { type: "boolean" }, model: { type: "string" }, data: { type: "string" } },
});
const MOST = { score: 1e-4, loss: 1e-3 };

interface Way {
  readonly name: string;
  readonly processes: number;
  readonly options: readonly string[];
}
const alone: Way = { name: "one process", processes: 1, options: [] };
const copies: Way = { name: "two processes, a copy each", processes: 2, options: ["--replicate"] };
const shards: Way = { name: "two processes, shards", processes: 2, options: [] };

const recomputed: Way = { name: "two processes, shards, recomputed", processes: 2, options: ["--recompute"] };

/** A case ends with this where it cannot be tried. */
class Skipped extends Error {}

const folder = mkdtempSync(join(tmpdir(), "coppice-distributed-"));
const counts = { passed: 0, failed: 0, skipped: 0 };
let python = "";
let copied = 0;
try {
  python = process.env["COPPICE_PYTHON"] ?? madePython();
  if (options.model && options.data) await compareModel({ model: options.model, data: options.data });
  else await compareAll();
} catch (error) {
  if (options.short && error instanceof NotInstalled) {
    console.error(`${error.message} Nothing was tried.`);
    counts.skipped++;
  } else {
    console.error(error);
    counts.failed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/** Two of its blocks are dropped, in a run of a few minutes. */
async function compareModel({ model, data: from }: Material): Promise<void> {
  const data = join(folder, "data");
  mkdirSync(data);
  for (const [name, rows] of [
    ["train", 40],
    ["valid", 8],
    ["test", 16],
  ] as const) {
    const lines = readFileSync(join(from, `${name}.jsonl`), "utf8").split("\n");
    writeFileSync(join(data, `${name}.jsonl`), `${lines.slice(0, rows).join("\n")}\n`);
  }
  const trim = { keep: { fraction: 0.93 }, unitsPerRound: 2, rowsPerRound: 16, calibrationRows: 4 };
  const choices = { tune: { maxEpochs: 2 }, trim, heal: { epochs: 1 } };
  const job = await makeJob(join(folder, "model"), { model, data, choices });
  for (const way of [alone, copies, shards]) await test(way.name, () => agrees(job, way));
}

async function compareAll(): Promise<void> {
  const data = cutSample(folder, { "train.jsonl": 24, "valid.jsonl": 24, "test.jsonl": 24 });
  const trim = { rowsPerRound: 32, calibrationRows: 20 };
  const choices = { tune: { maxEpochs: 2 }, trim, heal: { epochs: 1 }, control: true };
  const job = await makeJob(join(folder, "sample"), { model: sample.model, data, choices });
  const whole = new Map<Way, Did>();
  for (const way of options.short ? [alone, shards] : [alone, copies, shards])
    await test(`the sample in ${way.name} does what it does here`, async () => {
      whole.set(way, await agrees(job, way));
    });
  await test("damaged files and other plans are refused", () => refused(job));
  if (options.short) return;
  const model = await writeTinyModel(join(folder, "tiny-model"), 4, 64);
  const tiny = await makeJob(join(folder, "tiny"), { model, data, choices });
  for (const way of [alone, recomputed])
    await test(`a random Llama in ${way.name} does what it does here`, () => agrees(tiny, way));
  for (const way of [alone, shards])
    await test(`killed inside an operation in ${way.name}, it continues with the same losses`, () =>
      killed(job, way, whole.get(way)!));
  await test("it ends when one of its processes is killed, and continues", () =>
    oneKilled(job, whole.get(shards)!));
  await test("it ends when its disk is full, and continues", () => fullDisk(job, whole.get(shards)!));
  await test("stopped in shards, it continues in one process", () => elsewhere(job));
  await test("in bf16, it drops what it drops in f32", () => inBf16(job));
  await test("what is on the other computer can be removed", () => removed(job));
  await test("it says what it will take", () => dryRun(job));
  await test("a run comes home again", () => homeAgain(python, data, join(folder, "home-again")));
}

async function test(name: string, body: () => unknown): Promise<void> {
  const started = performance.now();
  const seconds = () => `(${Math.round((performance.now() - started) / 1000)} s)`;
  try {
    await body();
    counts.passed++;
    console.log(`✓ ${name} ${seconds()}`);
  } catch (error) {
    const isSkipped = error instanceof Skipped;
    counts[isSkipped ? "skipped" : "failed"]++;
    console.log(`${isSkipped ? "-" : "✗"} ${name} ${seconds()}: ${String(error)}`);
  }
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

function newCopy({ folder: job }: Job): string {
  return copyOf(job, join(folder, `copy-${copied++}`));
}

/** Runs a copy of a job, from its start or from its last save, to its end. */
async function finish(
  job: Job,
  copy: string,
  { processes, options }: Way,
  more: string[] = [],
): Promise<Did> {
  const { code, printed } = await start(python, copy, processes, ["--dtype=f32", ...options, ...more]).ended;
  check(code === 0 && existsSync(join(copy, "result", "done.json")), `it ended with ${code}: ${printed}`);
  return job.did(copy);
}

/** Runs a copy of a job, and compares it with the run here. */
async function agrees(job: Job, way: Way): Promise<Did> {
  const { here } = job;
  const there = await finish(job, newCopy(job), way);
  const found = differencesOf(here, there);
  console.log(here.losses.length, "steps, drops", JSON.stringify(there.drops), JSON.stringify(found));
  const drops = JSON.stringify(here.drops);
  check(JSON.stringify(there.drops) === drops, `it dropped ${drops} here`);
  check(found.firstLoss <= MOST.loss, "the first losses differ");
  check(found.score <= MOST.score, "the scores differ");
  for (const right of Object.values(found.right))
    check(right !== null && right.low <= 0 && right.high >= 0, "the accuracies differ");
  return there;
}

/** Waits until a copy has carried out a number of steps. */
async function steps(copy: string, count: number): Promise<void> {
  for (let waits = 0; stepsIn(copy) < count; waits++) {
    check(waits < 6000, `it did not reach step ${count}`);
    await sleep(50);
  }
}

/** A copy that saves after every step. */
function savingOften(job: Job): string {
  const copy = newCopy(job);
  change(copy, "plan.json", (text) => text.replace(/"saveSeconds":\d+/, '"saveSeconds":0'));
  return copy;
}

async function killed(job: Job, way: Way, whole: Did): Promise<void> {
  const copy = savingOften(job);
  for (const count of [2, 21]) {
    const started = start(python, copy, way.processes, ["--dtype=f32", ...way.options]);
    await steps(copy, count);
    started.kill();
    await started.ended;
  }
  check(isDeepStrictEqual(await finish(job, copy, way), whole), "it continued with other figures");
}

async function oneKilled(job: Job, whole: Did): Promise<void> {
  const copy = savingOften(job);
  const started = start(python, copy, 2, ["--dtype=f32"]);
  await steps(copy, 9);
  process.kill(started.ranks()[1]!, "SIGKILL");
  const ended = await Promise.race([started.ended, sleep(60_000, null, { ref: false })]);
  if (!ended) started.kill();
  check(ended !== null, "it did not end within a minute");
  check(ended.code !== 0 && ended.printed.includes("Another process ended"), ended.printed);
  check(isDeepStrictEqual(await finish(job, copy, shards), whole), "it continued with other figures");
}

async function fullDisk(job: Job, whole: Did): Promise<void> {
  const copy = newCopy(job);
  const result = join(copy, "result");
  mkdirSync(result);
  const mount = (...args: string[]) => spawnSync("mount", [...args, result]).status === 0;
  // Too small for a second save with the optimizer's moments.
  if (!mount("-t", "tmpfs", "-o", "size=6m", "coppice"))
    throw new Skipped("it needs the right to mount a disk");
  try {
    const { code, printed } = await start(python, copy, 2, ["--dtype=f32"]).ended;
    check(code !== 0 && printed.includes("The disk is full."), printed);
    check(mount("-o", "remount,size=60m"), "the disk could not be made larger");
    check(isDeepStrictEqual(await finish(job, copy, shards), whole), "it continued with other figures");
  } finally {
    spawnSync("umount", [result]);
  }
}

async function elsewhere(job: Job): Promise<void> {
  const copy = newCopy(job);
  const { code } = await start(python, copy, 2, ["--dtype=f32", "--operations=14"]).ended;
  check(code === 0, `it ended with ${code}`);
  const { drops } = await finish(job, copy, alone);
  check(isDeepStrictEqual(drops, job.here.drops), `it dropped ${JSON.stringify(drops)}`);
}

async function inBf16(job: Job): Promise<void> {
  const there = await finish(job, newCopy(job), alone, ["--dtype=bf16"]);
  const off = Math.max(...there.scores.map((score, index) => Math.abs(score - job.here.scores[index]!)));
  console.log("bf16: drops", JSON.stringify(there.drops), "scores differ by at most", off);
  check(isDeepStrictEqual(there.drops[0], job.here.drops[0]), "the first drop differs");
}

async function refused(job: Job): Promise<void> {
  const weights = join("base", "model.safetensors");
  const cases: readonly [sentence: string, damage: (copy: string) => void, ...options: string[]][] = [
    ["rows.json is not the exported file", (copy) => truncateSync(join(copy, "rows.json"), 1000)],
    ["rows.json is damaged", (copy) => change(copy, "rows.json", (text) => text.slice(0, 1000))],
    [
      "cannot read this plan",
      (copy) => change(copy, "plan.json", (text) => text.replace('"version":1', '"version":2')),
    ],
    [`${weights} is missing`, (copy) => rmSync(join(copy, weights))],
    [`${weights} is not the exported file`, (copy) => truncateSync(join(copy, weights), 5000)],
    [`${weights} is not the exported file`, (copy) => flipLastBit(join(copy, weights)), "--check"],
    ["SHA256SUMS is missing", (copy) => rmSync(join(copy, "SHA256SUMS"))],
  ];
  for (const [sentence, damage, ...options] of cases) {
    const copy = newCopy(job);
    damage(copy);
    const { code, printed } = await start(python, copy, 1, options).ended;
    check(
      code === 1 && printed.includes(sentence) && !printed.includes("Traceback"),
      `${sentence}: ${printed}`,
    );
  }
}

function flipLastBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}

async function removed(job: Job): Promise<void> {
  const copy = newCopy(job);
  await start(python, copy, 1, ["--operations=3"]).ended;
  const { code, printed } = await start(python, copy, 1, ["--remove"]).ended;
  check(code === 0, printed);
  for (const name of [
    "rows.json",
    "result/depths/tune-1.safetensors",
    "result/save-3-0/",
    "result/state.json",
  ])
    check(printed.includes(`removed ${join(copy, name)}`), `${name} is not listed: ${printed}`);
  for (const name of ["rows.json", "adapters.safetensors", "result"])
    check(!existsSync(join(copy, name)), `${name} is still there`);
}

async function dryRun(job: Job): Promise<void> {
  const copy = newCopy(job);
  rmSync(join(copy, "base", "model.safetensors"));
  const { code, printed } = await start(python, copy, 1, ["--dry-run", "--pace=1000"]).ended;
  check(code === 0 && /\n +8 .* fits +fits +1 x \d+\n/.test(printed), printed);
}
