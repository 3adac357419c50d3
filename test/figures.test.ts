/** The figures of README.md are those of the data in test/lab/results. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mean } from "../native-models/evaluation/statistics.ts";
import { readLanded } from "./bench/harness/landed.ts";
import { CONTROL, COPPICE, INFLUENCE_ONCE } from "./study/arms.ts";
import { estimateOverSeeds, lastOf, Results, sizeOf } from "./study/compared.ts";
import { readResults, RESULTS, type StudyModel } from "./study/results.ts";

const readme = readFileSync("README.md", "utf8").replace(/\s+/g, " ");
const all = readResults(RESULTS);
const results = new Results(all);
const model = "smollm2-135m";
const benchmark = (name: string) => readLanded(join("test", "lab", "results", "benchmarks"), name)!;

const ended = (set: string, arm: string): StudyModel[] =>
  results.groupOf({ set, model, arm, keep: 0.5 })!.results.map(lastOf);
const original = (set: string) => results.tunedOf({ set, model }).map(({ models }) => models[0]!);
const right = (models: StudyModel[]) =>
  `${(100 * mean(models.map((one) => one.test.accuracy!.value))).toFixed(1)}%`;
const perplexity = ([one]: StudyModel[]) => one!.test.perplexity!.toFixed(1);
const megabytes = (of: string, arm: string) =>
  `${(sizeOf(results, { model: of, arm, keep: 0.5 })! / 1e6).toFixed(0)} MB`;
const lost = (set: string) => {
  const [half, control] = [COPPICE, CONTROL].map((arm) => results.groupOf({ set, model, arm, keep: 0.5 })!);
  const { low, high } = estimateOverSeeds(results.bySeed(half!.results, control!.results, "accuracy"));
  return [low, high].map((end) => (100 * Math.abs(end)).toFixed(1));
};
const row = (...cells: string[]) =>
  expect(readme).toMatch(new RegExp(cells.join("[ |]+").replaceAll(".", "\\.")));

test("README.md has the right answers, intervals and sizes of the study", () => {
  for (const set of ["clauses", "legalbench-all-rows"])
    row(right(original(set)), right(ended(set, CONTROL)), right(ended(set, COPPICE)));
  const [most, least] = lost("clauses");
  expect(readme).toContain(`no difference (${most} fewer to ${least} more in 100)`);
  const [worst, best] = lost("legalbench-all-rows");
  expect(readme).toContain(`worse (${best} to ${worst} fewer in 100)`);
  row(
    perplexity(original("medquad")),
    perplexity(ended("medquad", CONTROL)),
    perplexity(ended("medquad", COPPICE)),
  );
  row(megabytes(model, CONTROL), megabytes(model, CONTROL), megabytes(model, COPPICE));
  expect(readme).toContain(`Gemma 3 270M (${megabytes("gemma-3-270m", COPPICE)})`);
  expect(readme).toContain(`the same half has ${right(ended("clauses", INFLUENCE_ONCE))}`);
  const medical = all.flatMap((one) =>
    one.kind === "elsewhere" && one.asked === "pubmedqa" ? one.test : [],
  );
  expect(readme).toContain(`had ${(100 * medical[0]!.accuracy!.value).toFixed(1)}% of medical questions`);
});

test("README.md has the speeds, the time and the memory of the benchmarks", () => {
  const { rows, elsewhere } = benchmark("gain");
  const gains = [...rows, ...elsewhere.flatMap((other) => other.rows)].map(
    ({ figures }) => figures.measured!,
  );
  expect(readme).toContain(`${Math.min(...gains).toFixed(1)} to ${Math.max(...gains).toFixed(1)} × as fast`);
  const { seconds, peakBytes } = benchmark("default-job").rows.find(
    ({ name }) => name === "Coppice",
  )!.figures;
  expect(readme).toContain(`${(seconds! / 60).toFixed(0)} minutes for 700 questions`);
  expect(readme).toContain(`${(peakBytes! / 1e9).toFixed(1)} GB for that`);
});
