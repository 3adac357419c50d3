import { describe, expect, test } from "vitest";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

describe("the library", () => {
  test("shows a finished run with the figures of its three models", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, clauses);
    const [run] = services.library.runs();
    expect(run).toMatchObject({
      id,
      name: "Clauses",
      state: "done",
      model: "small",
      data: "clauses 5f0c",
      units: 8,
      kept: [0, 1, 2, 3],
      base: { value: 0.3 },
      tuned: { value: 0.7 },
      trimmed: { accuracy: { value: 0.66 }, perplexity: 24, tokensPerSecond: 150, sizeBytes: 16_000_000 },
    });
    const { low, high } = run!.trimmed!.accuracy!;
    expect([low, high].map((share) => Math.round(1000 * share))).toEqual([605, 711]); // Wilson, 198 of 300
  });

  test("says who made the questions of its accuracy, and how many were checked", async () => {
    const services = servicesForTest();
    await finishedRun(services, { ...clauses, asked: { made: "written", checked: 12 } });
    expect(services.library.runs()).toMatchObject([
      { trimmed: { accuracy: { value: 0.66, made: "written", checked: 12 } } },
    ]);
  });

  test("shows the depth that is a finished run's model, though it went on to shallower ones", async () => {
    const services = servicesForTest();
    await finishedRun(services, { ...clauses, result: 0 });
    expect(services.library.runs()).toMatchObject([
      { kept: [0, 1, 2, 3, 4, 5], trimmed: { accuracy: { value: 0.7 }, tokensPerSecond: 105 } },
    ]);
  });

  test("shows a run that has reported nothing yet, with its note and tags", () => {
    const { runs, library } = servicesForTest();
    const { id } = runs.create(planWithSeed(1), { name: "New" });
    runs.describe(id, { name: "Leases", note: "for Anna", tags: ["lease", "lease", "half"] });
    expect(library.runs()).toMatchObject([
      {
        name: "Leases",
        note: "for Anna",
        tags: ["lease", "half"],
        units: null,
        kept: null,
        base: null,
        tuned: null,
        trimmed: null,
      },
    ]);
  });

  test("shows a failed run with its failure", () => {
    const { runs, library } = servicesForTest();
    const { id } = runs.create(planWithSeed(1), { name: "New" });
    runs.start(id);
    runs.fail(id, { code: "diverged", step: 12 });
    expect(library.runs()[0]).toMatchObject({ state: "failed", failure: { code: "diverged", step: 12 } });
  });

  test("lists models with the number of their runs", async () => {
    const services = servicesForTest();
    await finishedRun(services, clauses);
    await finishedRun(services, { ...clauses, name: "Again" });
    expect(services.library.models()).toEqual([
      { path: "/models/small.gguf", name: "small", layers: 8, runs: 2 },
    ]);
  });
});
