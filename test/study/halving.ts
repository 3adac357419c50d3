/**
 * How often successive halving finds the same units as a scan by all calibration rows, over random draws of calibration rows from the
 * validation rows of a study's run whose weights were kept. `node build/run.js test/study/halving.ts --model FILE --run FOLDER --rows FOLDER`
 */
import { readSplits } from "../../main/engine/documents/stored/split-files.ts";
import { heldOutRows, batchesOf, onlyAnswer } from "../../main/engine/recipes/evaluation/held-out-rows.ts";
import { halvingStages } from "../../main/engine/schedule/scoring.ts";
import { without } from "../../main/engine/schedule/units.ts";
import { Random } from "../../native-models/random.ts";
import { Batcher } from "../../native-models/training/batch.ts";
import { Stack } from "../../native-models/training/stack.ts";
import { readArguments } from "../command-line.ts";
import { KEPT_RUN_OPTIONS, openKeptRun } from "./kept-run.ts";

const USAGE =
  "node build/run.js test/study/halving.ts --model FILE --run FOLDER --rows FOLDER [--depth NAME]";
const { values } = readArguments(USAGE, {
  options: { ...KEPT_RUN_OPTIONS, depth: { type: "string", default: "tuned" } },
});
const { model, run, rows: folder, threads, depth: name } = values;
if (!model || !run || !folder) {
  console.error(USAGE);
  process.exit(2);
}

const DRAWS = 1000;
const DROPS = 2;
const { base, plan, depth } = await openKeptRun({ model, run, rows: folder }, {}, name);
const held = heldOutRows(base.tokenizer, readSplits(folder), plan.maxTokens).map(onlyAnswer);
const stack = Stack.open(depth, { threads: Number(threads), trainable: { kind: "none" } });
const units = stack.kept.flatMap((kept, unit) => (kept ? [unit] : []));
const candidates = units.map((unit) => without(stack.kept, "block", unit));

/** NLL of the right answer, by left-out unit and row. */
const nll = units.map(() => new Float64Array(held.length));
for (const { batch, group } of batchesOf(held, new Batcher()))
  await stack.scan(batch, candidates, (candidate, labels) => {
    group.forEach((row, i) => {
      const own = labels.subarray(batch.labelStarts[i], batch.labelStarts[i + 1]);
      nll[candidate]![row] = own.reduce((sum, value) => sum + value, 0);
    });
  });
await stack.close();
base.close();

const everyUnit = units.map((_, index) => index);
const random = new Random(1, "draws of calibration rows");
const { calibrationRows } = plan.trim;
const found = { same: 0, one: 0, regret: 0, noise: 0 };
for (let draw = 0; draw < DRAWS; draw++) {
  const order = [...random.permutation(held.length)];
  const drawn = order.slice(0, calibrationRows);
  const [all, staged] = [bestOf(everyUnit, drawn), halved(drawn)];
  const shared = staged.filter((unit) => all.includes(unit)).length;
  if (shared === DROPS) found.same++;
  if (shared === 1) found.one++;
  found.regret += (sumOf(staged, drawn) - sumOf(all, drawn)) / DROPS / DRAWS;
  const truth = bestOf(everyUnit, order);
  found.noise += (sumOf(all, order) - sumOf(truth, order)) / DROPS / DRAWS;
}
console.log(
  `${held.length} rows, ${DRAWS} draws of ${calibrationRows}: both units the same in ${found.same}, one in ${found.one}; ` +
    `what is dropped instead costs ${found.regret.toFixed(4)} nats a unit; another draw costs ${found.noise.toFixed(4)}.`,
);

function meanOf(unit: number, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + nll[unit]![row]!, 0) / rows.length;
}
function sumOf(chosen: readonly number[], rows: readonly number[]): number {
  return chosen.reduce((sum, unit) => sum + meanOf(unit, rows), 0);
}
function bestOf(among: readonly number[], rows: readonly number[], count = DROPS): number[] {
  return [...among].sort((a, b) => meanOf(a, rows) - meanOf(b, rows)).slice(0, count);
}
function halved(drawn: readonly number[]): number[] {
  const [first, ...later] = halvingStages({ units: units.length, drops: DROPS, rows: drawn.length });
  let left: readonly number[] = everyUnit;
  let read = first!.rows;
  for (const stage of later) {
    left = bestOf(left, drawn.slice(0, read), stage.units);
    read = stage.rows;
  }
  return bestOf(left, drawn);
}
