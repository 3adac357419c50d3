import { describe, expect, test } from "vitest";
import { compareRuns } from "../../../../main/services/results/comparing.ts";
import { csvOf } from "../../../../main/services/reports/csv.ts";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

describe("overlaid runs", () => {
  test("are paired on the same questions, and list their original model once", async () => {
    const services = servicesForTest();
    const half = await finishedRun(services, clauses);
    const careful = await finishedRun(services, {
      ...clauses,
      name: "Careful",
      depths: [{ units: 6, right: (question) => question % 10 < 7, tokensPerSecond: 110 }],
    });
    const compared = compareRuns(services, [half, careful, half]);
    expect(compared.models.map(({ name, subject }) => [name, subject])).toEqual([
      ["small", "base"],
      ["Clauses", "tuned"],
      ["Clauses", "trimmed"],
      ["Careful", "tuned"],
      ["Careful", "trimmed"],
    ]);
    expect(compared.comparable).toBe(true);
    // Of each 50 questions only the first answers 9, only the second 11; 54 of 120 by a fair coin: p = 0.315.
    expect(compared.pairs).toEqual([
      {
        first: half,
        second: careful,
        questions: 300,
        onlyFirst: 54,
        onlySecond: 66,
        p: expect.closeTo(0.315, 3) as number,
      },
    ]);
    expect(compared.runs[0]!.depths.map(({ units, healed }) => [units, healed])).toEqual([
      [8, false],
      [6, false],
      [4, true],
    ]);
    expect(compared.models[2]).toMatchObject({
      total: 8,
      kept: [0, 1, 2, 3],
      perplexity: 24,
      tokensPerSecond: 150,
      sizeBytes: 16_000_000,
    });
  });

  test("show the depth that is a run's model, though it went on to shallower ones", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, { ...clauses, result: 0 });
    const other = await finishedRun(services, { ...clauses, name: "Other" });
    const { models, pairs } = compareRuns(services, [id, other]);
    expect(models.find(({ subject }) => subject === "trimmed")).toMatchObject({
      kept: [0, 1, 2, 3, 4, 5],
      tokensPerSecond: 105,
    });
    expect(pairs).toMatchObject([{ onlyFirst: 66, onlySecond: 54 }]);
  });

  test("leave out a depth that a run measured but rejected, such as one below its accuracy floor", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, { ...clauses, rejected: { units: 3, right: () => false } });
    const other = await finishedRun(services, { ...clauses, name: "Other" });
    const { runs, models, pairs } = compareRuns(services, [id, other]);
    expect(models.find(({ subject }) => subject === "trimmed")).toMatchObject({
      kept: [0, 1, 2, 3],
      tokensPerSecond: 150,
    });
    expect(runs[0]!.depths.map(({ units }) => units)).toEqual([8, 6, 4]);
    expect(pairs[0]).toMatchObject({ onlyFirst: 0, onlySecond: 0 });
  });

  test("an improvement is compared with the model before it, which is no fine-tuned one", async () => {
    const services = servicesForTest();
    const run = await finishedRun(services, clauses);
    const improved = await finishedRun(services, {
      ...clauses,
      name: "Improved",
      improvement: {
        of: run,
        lineage: run,
        corrections: { path: "/data/corrections" },
        rehearsal: 8,
      },
    });
    const compared = compareRuns(services, [improved]);
    expect(compared.models.map(({ subject, ofImprovement }) => [subject, ofImprovement])).toEqual([
      ["tuned", true],
      ["trimmed", true],
    ]);
    const lines = csvOf(compared, "en").split("\r\n");
    expect(lines[1]!.startsWith("Improved,before the improvement,")).toBe(true);
    expect(lines[2]!.startsWith("Improved,improved,")).toBe(true);
  });

  test("need less memory in chat with the vocabulary of a field alone", async () => {
    const services = servicesForTest();
    const all = await finishedRun(services, clauses);
    const field = await finishedRun(services, { ...clauses, name: "Field", tokens: 64 });
    const memoryOf = (id: string) =>
      compareRuns(services, [id]).models.map(({ chatMemoryBytes }) => chatMemoryBytes!);
    const [whole, cut] = [memoryOf(all), memoryOf(field)];
    expect(cut[0]).toBe(whole[0]); // the original
    expect(cut[1]).toBeLessThan(whole[1]!);
    expect(cut[2]).toBeLessThan(whole[2]!);
  });

  test("are not comparable on other test data, and then no pair is tested", async () => {
    const services = servicesForTest();
    const first = await finishedRun(services, clauses);
    const second = await finishedRun(services, { ...clauses, name: "Other", dataHash: "77aa" });
    const compared = compareRuns(services, [first, second]);
    expect(compared).toMatchObject({ comparable: false, pairs: [] });
    expect(compared.models.flatMap(({ name, subject }) => (subject === "base" ? [name] : []))).toEqual([
      "small (clauses 5f0c)",
      "small (clauses 77aa)",
    ]);
  });

  test("stay comparable, or not, once their data sets were deleted", async () => {
    const services = servicesForTest();
    const run = (name: string, dataHash: string) => finishedRun(services, { ...clauses, name, dataHash });
    const [first, second, other] = [await run("A", "5f0c"), await run("B", "5f0c"), await run("C", "77aa")];
    for (const { id } of services.dataSets.list()) await services.dataSets.erase(id);
    expect(compareRuns(services, [first, second])).toMatchObject({
      comparable: true,
      pairs: [{ questions: 300 }],
    });
    const compared = compareRuns(services, [first, second, other]);
    expect(compared).toMatchObject({ comparable: false, pairs: [] });
    expect(compared.models.filter(({ subject }) => subject === "base").map(({ run }) => run)).toEqual([
      second,
      other,
    ]);
  });

  test("without measurements have no models", () => {
    const services = servicesForTest();
    const { id } = services.runs.create(planWithSeed(1), { name: "New" });
    expect(compareRuns(services, [id])).toMatchObject({ models: [], pairs: [] });
  });
});

describe("figures as CSV", () => {
  test("are one row per model, unrounded, with spreadsheet formulas made harmless", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, { ...clauses, name: '=HYPERLINK("http://x","a"), b' });
    const lines = csvOf(compareRuns(services, [id]), "en").split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]!.startsWith("\uFEFFmodel,kind,run,")).toBe(true);
    expect(lines[1]!.startsWith("small,original,")).toBe(true);
    expect(lines[3]).toContain(`"'=HYPERLINK(""http://x"",""a""), b",trimmed,`);
    expect(lines[3]).toContain(",4,8,f32,0.66,0.60");
    expect(lines[3]).toContain(",150,");
    const [german, , , trimmed] = csvOf(compareRuns(services, [id]), "de").split("\r\n");
    expect(german!.startsWith("\uFEFFmodel;kind;run;")).toBe(true);
    expect(trimmed).toContain(";4;8;f32;0,66;0,60");
  });

  test("say who made the questions, and how many of them were checked", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, { ...clauses, asked: { made: "written", checked: 12 } });
    const [head, , , trimmed] = csvOf(compareRuns(services, [id]), "en").split("\r\n");
    expect(head).toContain(",questions,made questions,made questions that were checked,");
    expect(trimmed).toContain(",300,written,12,");
  });

  test("say what texts lost, and how a result differs from its control", async () => {
    const services = servicesForTest();
    const differences = {
      textsVersusTuned: {
        nll: { value: 0.3, low: 0.25, high: 0.5, n: 40 },
        rougeL: null,
        repetition: null,
        stops: null,
      },
      versusControl: { onlyFirst: 6, onlySecond: 30, p: 1e-4 },
      textsVersusControl: { value: 0.1, low: 0.05, high: 0.2, n: 40 },
    };
    const compared = compareRuns(services, [await finishedRun(services, { ...clauses, differences })]);
    const [header, , tuned, trimmed] = csvOf(compared, "en")
      .split("\r\n")
      .map((line) => line.split(/,(?! )/));
    const figure = (row: string[] | undefined, column: string) => row![header!.indexOf(column)];
    const columns = [
      "only it right, beside the control",
      "only the control right",
      "McNemar p beside the control",
      "texts beside fine-tuned, nats per token",
      "texts beside the control, nats per token",
      "texts beside the control, 95% low",
      "texts beside the control, 95% high",
    ].map((column) => (column.includes(",") ? `"${column}"` : column));
    expect(columns.map((column) => figure(trimmed, column))).toEqual([
      ..."6 30 0.0001 0.3 0.1 0.05 0.2".split(" "),
    ]);
    expect(columns.map((column) => figure(tuned, column))).toEqual(columns.map(() => ""));
  });

  test("say how many times as fast as the original a model is, where it was timed in turn with it", async () => {
    const services = servicesForTest();
    const timesAsFast = { value: 1.84, low: 1.75, high: 1.9, n: 9 };
    const [last] = clauses.depths.slice(-1);
    const depths = [...clauses.depths.slice(0, -1), { ...last!, timesAsFast }];
    const id = await finishedRun(services, { ...clauses, depths });
    const rows = csvOf(compareRuns(services, [id]), "en").split("\r\n");
    expect(rows[0]).toContain(
      ',tokens/s,times as fast as the original,"times as fast, 95% low","times as fast, 95% high",',
    );
    expect(rows[1]).toMatch(/,\d+,,,,\d+,\d+$/);
    expect(rows[3]).toContain(",150,1.84,1.75,1.9,");
  });

  test("what becomes a cell of its own in a German spreadsheet is no formula either", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, { ...clauses, name: "Leases; =1+1;x" });
    expect(csvOf(compareRuns(services, [id]), "en")).toContain(`"Leases;' =1+1;x",trimmed,`);
  });

  test.each(["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1", "＝1+1"])(
    "a name such as %j is no formula",
    async (name) => {
      const services = servicesForTest();
      const id = await finishedRun(services, { ...clauses, name });
      const line = csvOf(compareRuns(services, [id]), "en").split("\r\n")[3]!;
      expect(line.replace(/^"/, "").startsWith("'")).toBe(true);
    },
  );
});
