/** The figures of README.md are those of the data in test/lab/results. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mean } from "../native-models/evaluation/statistics.ts";
import { readLanded } from "./lab/bench/harness/landed.ts";
import { countsOf } from "./lab/clients/llama-server.ts";
import type { ServerResults } from "./lab/clients/llama-server.ts";
import { CONTROL, COPPICE, INFLUENCE_ONCE } from "./lab/study/arms.ts";
import { estimateOverSeeds, lastOf, Results, sizeOf } from "./lab/study/compared.ts";
import { readResults, RESULTS, type StudyModel } from "./lab/study/results.ts";

const readme = readFileSync("README.md", "utf8").replace(/\s+/g, " ");
const all = readResults(RESULTS);
const results = new Results(all);
const model = "smollm2-135m";
const benchmark = (name: string) => readLanded(join("test", "lab", "results", "benchmarks"), name)!;

const half = (set: string, arm: string) => results.groupOf({ set, model, arm, keep: 0.5 })!.results;
const ended = (set: string, arm: string) => half(set, arm).map(lastOf);
const original = (set: string) => results.tunedOf({ set, model }).map(({ models }) => models[0]!);
type Tested = Pick<StudyModel, "test">[];
const right = (all: Tested) => `${(100 * mean(all.map(({ test }) => test.accuracy!.value))).toFixed(1)}%`;
const perplexity = (models: Tested) => models[0]!.test.perplexity!.toFixed(1);
const megabytes = (of: string, arm: string) =>
  `${(sizeOf(results, { model: of, arm, keep: 0.5 })! / 1e6).toFixed(0)} MB`;
const lost = (set: string) => {
  const gains = results.bySeed(half(set, COPPICE), half(set, CONTROL), "accuracy");
  const { low, high } = estimateOverSeeds(gains);
  return [low, high].map((end) => (100 * Math.abs(end)).toFixed(1));
};
const row = (...cells: string[]) =>
  expect(readme).toMatch(new RegExp(cells.join("[ |]+").replaceAll(".", "\\.")));

test("README.md has the right answers, intervals and sizes of the study", () => {
  for (const set of ["clauses", "legalbench-all-rows"])
    row(right(original(set)), right(ended(set, CONTROL)), right(ended(set, COPPICE)));
  expect(readme).toContain(`no difference (${lost("clauses").join(" fewer to ")} more in 100)`);
  expect(readme).toContain(`worse (${lost("legalbench-all-rows").reverse().join(" to ")} fewer in 100)`);
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

test("The decision about the local server has the figures of other people's tests", () => {
  const decision = readFileSync("docs/decisions/0059-local-server.md", "utf8");
  const { llamaServer, harness } = JSON.parse(
    readFileSync("test/lab/results/server.json", "utf8"),
  ) as ServerResults;
  const { passed, failed, ...counts } = countsOf(llamaServer);
  const others = Object.values(counts).reduce((sum, count) => sum + count, 0);
  expect(failed).toBe(undefined);
  expect(decision).toContain(`${passed! + others} server cases ${passed} apply, and pass`);
  for (const [outcome, words] of Object.entries({
    ...{
      "other-route": "other routes",
      "large-model": "large models",
      "refused-here": "what is refused here",
    },
  }))
    expect(decision).toContain(`${words} (${counts[outcome as keyof typeof counts]})`);
  expect(decision).toContain(`options or fields (${counts["own-start"]! + counts["own-field"]!})`);
  expect(harness.agreeing).toBe(harness.questions);
  expect(decision).toContain(`${harness.there} of ${harness.questions} right`);
});
