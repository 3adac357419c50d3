import { describe, expect, test } from "vitest";
import { MOST_COMPARED } from "../../../preload/contract/calls/compare.ts";
import type {
  Compared,
  ComparedModel,
  ComparedPair,
  ComparedRun,
} from "../../../preload/contract/calls/compare.ts";
import { decisionOf, linesOf, seriesOf, seriesOfRun } from "../../../renderer/compare/comparison.ts";
import type { Axis } from "../../../renderer/compare/comparison.ts";
import { aboutOf, axisText, measureText, nameOf, sayingsOf } from "../../../renderer/compare/words.ts";
import { ticksOf } from "../../../renderer/compare/ticks.ts";

const model = (run: string, accuracy: number, tokensPerSecond: number): ComparedModel => ({
  run,
  name: run,
  subject: "trimmed",
  ofImprovement: false,
  unit: "block",
  total: 8,
  kept: [0, 1, 2, 3],
  accuracy: { value: accuracy, low: accuracy - 0.03, high: accuracy + 0.03, n: 1000 },
  perplexity: 10,
  bitsPerByte: null,
  offDomainAccuracy: null,
  offDomainPerplexity: null,
  calibration: null,
  generated: null,
  rounding: null,
  tokensPerSecond,
  timesAsFast: null,
  sizeBytes: 1e7,
  storage: "f32",
  chatMemoryBytes: 2e8,
  versusTuned: null,
  textsVersusTuned: null,
  versusControl: null,
  textsVersusControl: null,
  verdict: "ready",
  trained: null,
});

const compared = (models: ComparedModel[], pairs: ComparedPair[]): Compared => ({
  runs: models.map(({ run }) => ({
    id: run,
    name: "Clauses",
    unit: "block",
    total: 8,
    data: { name: "clauses", hash: "5f0c", questions: 1000 },
    depths: [
      { units: 8, healed: false, accuracy: null, perplexity: 9 },
      { units: 4, healed: false, accuracy: null, perplexity: 14 },
      { units: 4, healed: true, accuracy: null, perplexity: 12 },
    ],
  })),
  models,
  comparable: true,
  pairs,
  guessing: 0.28,
});

const pair = (first: string, second: string, onlyFirst: number, onlySecond: number, p: number) => ({
  first,
  second,
  onlyFirst,
  onlySecond,
  p,
  questions: 1000,
});

describe("which run to recommend", () => {
  test("is the fastest of those without a clear loss against the most accurate one", () => {
    const decision = decisionOf(
      compared(
        [model("careful", 0.66, 122), model("half", 0.65, 158), model("smallest", 0.6, 192)],
        [
          pair("careful", "half", 60, 50, 0.39),
          pair("careful", "smallest", 100, 40, 1e-6),
          pair("half", "smallest", 95, 45, 1e-5),
        ],
      ),
    );
    expect(decision).toMatchObject({ best: { run: "careful" }, pick: { run: "half" }, alone: false });
    expect(decision?.others.map(({ model: { run }, verdict }) => [run, verdict])).toEqual([
      ["half", "noClearLoss"],
      ["smallest", "loss"],
    ]);
    expect(decision?.others[1]?.difference.value).toBeCloseTo(-0.06);
  });

  test("is the most accurate one if all others have clearly lost", () => {
    const models = [model("half", 0.6, 158), model("careful", 0.66, 122)];
    const decision = decisionOf(compared(models, [pair("half", "careful", 40, 100, 1e-6)]));
    expect(decision).toMatchObject({ best: { run: "careful" }, pick: { run: "careful" }, alone: true });
  });

  test("cannot be said without answers to the same questions", () => {
    expect(decisionOf(compared([model("a", 0.6, 1), model("b", 0.7, 1)], []))).toBeNull();
  });
});

describe("the lines of a chart", () => {
  const two = compared([model("a", 0.6, 100), model("b", 0.7, 120)], []);

  test("over depth are one per run, the healed model replacing the unhealed one, with distinct names", () => {
    const lines = linesOf(two, "perplexity", "depth", ({ name }) => name);
    expect(lines.map(({ name }) => name)).toEqual(["Clauses", "Clauses (2)"]);
    expect(lines[0]!.points.map(({ x, y }) => [x, y])).toEqual([
      [4, 12],
      [8, 9],
    ]);
  });

  test("over speed are one point per model, in its colour", () => {
    const lines = linesOf(two, "accuracy", "speed", ({ name }) => name);
    expect(lines.map(({ points }) => points[0]?.x)).toEqual([100, 120]);
    expect(lines.map(({ series }) => series)).toEqual(two.models.map((one) => seriesOf(two, one)));
    expect(new Set(lines.map(({ series }) => series)).size).toBe(2);
  });
});

describe("the ticks of an axis", () => {
  test.each([
    [0.58, 0.76, [0.6, 0.65, 0.7, 0.75]],
    [4, 8, [4, 5, 6, 7, 8]],
    [80, 192, [80, 100, 120, 140, 160, 180]],
  ])("from %d to %d are round numbers", (low, high, expected) => {
    const { at: ticks } = ticksOf(low, high);
    expect(ticks).toHaveLength(expected.length);
    ticks.forEach((tick, index) => expect(tick).toBeCloseTo(expected[index]!));
  });

  test("of a single value are that value, and of blocks integers", () => {
    expect(ticksOf(7, 7)).toEqual({ at: [7] });
    expect(ticksOf(28, 30, 1).at).toEqual([28, 29, 30]);
  });

  test("have as many decimals as it takes to tell them apart", () => {
    const two = compared([model("a", 0.6, 100)], []);
    const texts = (low: number, high: number, text: (value: number, step?: number) => string) => {
      const { at, step } = ticksOf(low, high);
      return at.map((value) => text(value, step));
    };
    const on = (axis: Axis) => (value: number, step?: number) => axisText(two, axis, value, step);
    expect(texts(1.2, 2.8, on("speed"))).toEqual(["1.5", "2.0", "2.5"]);
    expect(texts(80, 192, on("speed")).at(-1)).toBe("180");
    expect(texts(1.02e9, 1.22e9, on("memory"))).toEqual(["1.05 GB", "1.10 GB", "1.15 GB", "1.20 GB"]);
    expect(texts(7.12, 7.31, (...of) => measureText("perplexity", ...of))).toEqual([
      ...["7.15", "7.20", "7.25", "7.30"],
    ]);
    expect(texts(0.912, 0.934, (...of) => measureText("accuracy", ...of))).toEqual([
      ...["91.5%", "92.0%", "92.5%", "93.0%"],
    ]);
  });
});

test("each of the runs that can be compared at once has a colour of its own", () => {
  const runs = Array.from({ length: MOST_COMPARED }, (_, index) => ({ id: `run ${index}` }) as ComparedRun);
  expect(new Set(runs.map(({ id }) => seriesOfRun(runs, id))).size).toBe(MOST_COMPARED);
});

test("the model that an improvement began with is named as that", () => {
  const tuned = { ...model("Clauses", 0.8, 100), subject: "tuned" as const };
  expect(nameOf(tuned)).toBe("Clauses, fine-tuned");
  expect(nameOf({ ...tuned, ofImprovement: true })).toBe("Clauses, before the improvement");
});

test("a control that there was too little time for is named by its rows", () => {
  const control = { ...model("Clauses", 0.7, 90), subject: "control" as const };
  const named = (rows: number) => nameOf({ ...control, trained: { rows, of: 4800 } });
  expect(named(4800)).toBe("Clauses, whole, trained on as many rows");
  expect(named(1200)).toBe("Clauses, whole, trained on 1,200 of 4,800 rows");
  expect(nameOf(control)).toBe("Clauses, whole, trained on as many rows"); // of a run that is not finished
});

test("a run with a control says what its result lost beside it, of questions and of texts", () => {
  const versusControl = { onlyFirst: 20, onlySecond: 80, p: 1e-6 };
  const textsVersusControl = { value: Math.log(1.1), low: Math.log(1.05), high: Math.log(1.2), n: 40 };
  const sayings = sayingsOf(compared([{ ...model("a", 0.7, 90), versusControl, textsVersusControl }], []));
  expect(sayings.map(({ kind }) => kind)).toEqual(["plain", "warn", "warn"]);
  expect(sayings.map(({ text }) => text)).toEqual([
    "“a”: Ready to use.",
    "“a”: Less accurate than the whole model trained on as many rows: −6.0 points (−8.0 to −4.1).",
    "“a”: On the same 40 texts, its perplexity is 1.10 times (1.05–1.20) that of the whole model trained on as many rows (paired bootstrap).",
  ]);
});

test("what was tested is said of one run, of several, and where there are only texts or nothing is known", () => {
  const { runs } = compared([model("a", 0.6, 100), model("b", 0.7, 90)], []);
  const about = (shown: Compared["runs"], comparable = true) =>
    aboutOf({ runs: shown, comparable } as Compared);
  const without = runs.map((run) => ({ ...run, data: { ...run.data!, questions: 0 } }));
  expect(about(runs)).toBe("2 runs on the same 1,000 test questions of “clauses”.");
  expect(about(runs.slice(1))).toBe("One run on the 1,000 test questions of “clauses”.");
  expect(about(without)).toBe("2 runs on the same test texts of “clauses”.");
  expect(about([{ ...runs[0]!, data: null }], false)).toBe("One run, whose test data is no longer known.");
});
