/** The scorers on models with a unit that does nothing, and against what they estimate. */
import { afterEach, describe, expect, test } from "vitest";
import { scorers } from "../../../../../main/engine/recipes/cuts/score-units.ts";
import type { Scored } from "../../../../../main/engine/recipes/cuts/score-units.ts";
import { choiceLogLikelihoods } from "../../../../../main/engine/recipes/evaluation/evaluate.ts";
import { choiceRows } from "../../../../../main/engine/recipes/evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../../../../../main/engine/recipes/evaluation/held-out-rows.ts";
import { tokensIn } from "../../../../../main/engine/recipes/rows/rows.ts";
import type { QuestionRows } from "../../../../../main/engine/recipes/rows/rows.ts";
import {
  earlyGradients,
  squaredGradients,
} from "../../../../../main/engine/recipes/training/early-gradients.ts";
import {
  halvingStages,
  leastNeededFirst,
  scoringPasses,
  unitsToDrop,
} from "../../../../../main/engine/schedule/scoring.ts";
import { halfOf, without } from "../../../../../main/engine/schedule/units.ts";
import { evaluationOf } from "../../../../../native-models/evaluation/score.ts";
import { fromFloat32 } from "../../../../../native-models/formats/views.ts";
import type { Model } from "../../../../../native-models/model.ts";
import { Batcher } from "../../../../../native-models/training/batch.ts";
import { Stack } from "../../../../../native-models/training/stack.ts";
import type { Trainable } from "../../../../../native-models/training/unit-graphs.ts";
import { UnitScorer } from "../../../../../preload/contract/plans/plan.ts";
import { goldenModel } from "../../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../../native-models/architectures/golden-weights.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { tinyPlan } from "../run/tiny-run.ts";

const golden = readGolden("llama-gqa");
const lora: Trainable = {
  kind: "lora",
  rank: 2,
  alpha: 4,
  targets: ["q", "k", "v", "o", "gate", "up", "down"],
};

const stacks: Stack[] = [];
afterEach(() => Promise.all(stacks.splice(0).map((stack) => stack.close())));
function open(model: Model, trainable: Trainable = { kind: "none" }): Stack {
  stacks.push(Stack.open(model, { threads: 1, trainable }));
  return stacks.at(-1)!;
}

/** The model with the weights whose names contain one of these multiplied by a factor. */
function scaled(parts: readonly string[], factor: number): Model {
  const model = goldenModel(golden);
  return {
    ...model,
    weight: (name) => {
      const weight = model.weight(name);
      if (!parts.some((part) => name.includes(part))) return weight;
      return fromFloat32(
        name,
        weight.shape,
        weight.readFloat32().map((value) => value * factor),
      );
    },
  };
}

/** The MLP of a block of two does nothing, and no gradient reaches its weights. */
const withDeadMlp = (block: number) =>
  scaled([`layers.${block}.mlp.up_proj`, `layers.${block}.mlp.down_proj`], 0);

/** Two answers of several tokens, and questions with one of three tokens. */
const rows: CalibrationRow[] = [
  ...golden.ids.map((ids) => ({ row: { ids, promptLength: 3 }, answer: null })),
  ...golden.ids.map((ids, i) => ({
    row: { ids: ids.slice(0, 7), promptLength: 6, alternatives: [9, 30 + i] },
    answer: i,
  })),
];
const questions = [...golden.ids, [1, 5, 8, 20], [1, 40, 3, 7, 9]].map((ids, i) => ({
  row: { ids, promptLength: ids.length - 1, alternatives: [9 + i, 33] },
  answer: i % 3,
}));

const scored = (stack: Stack, change: Partial<Scored> = {}): Scored => ({
  stack,
  kind: "sublayer",
  rows,
  allChoices: true,
  batcher: new Batcher(),
  progress: { worked: () => {}, breathe: () => Promise.resolve() },
  drops: 1,
  allows: () => true,
  early: null,
  ...change,
});

/** The mean NLL of the right answers. */
async function meanNll(stack: Stack): Promise<number> {
  const batcher = new Batcher();
  let sum = 0;
  for (const { row, answer } of rows) {
    const nll = await stack.nll(batcher.batch([row]));
    sum += answer === null ? nll.reduce((total, value) => total + value, 0) : nll[answer]!;
  }
  return sum / rows.length;
}

async function early(stack: Stack): Promise<Map<number, number>> {
  const plan = tinyPlan(temporaryFolder());
  const onStep = () => Promise.resolve();
  const training = { rows: rows.map(({ row }) => row), batcher: new Batcher(), plan, steps: 4, onStep };
  const sums = await earlyGradients({ stack, ...training });
  return new Map(["0.attention", "0.mlp", "1.attention", "1.mlp"].map((part, unit) => [unit, sums[part]!]));
}

describe.each(["influence", "angle", "taylor", "gradients"] as const)("By %s", (scorer) => {
  test.each([0, 1])("a unit that does nothing is dropped first, in block %i", async (block) => {
    const stack = open(withDeadMlp(block), lora);
    const gradients = scorer === "gradients" ? await early(stack) : null;
    const scores = await scorers[scorer](scored(stack, { early: gradients }));
    const [first, second] = leastNeededFirst(scores);
    expect(first!.unit).toBe(2 * block + 1);
    expect(first!.score).toBeLessThan(1e-6);
    expect(second!.score).toBeGreaterThan(1e-4);
    expect(scores.map(({ unit }) => unit)).toEqual([0, 1, 2, 3]);
  });
});

describe("First-order Taylor", () => {
  test("gives the derivative that finite differences give", async () => {
    const scores = await scorers.taylor(scored(open(goldenModel(golden))));
    const projections = [0, 1].flatMap((block) => [`${block}.self_attn.o_proj`, `${block}.mlp.down_proj`]);
    const step = 0.01;
    for (const [unit, projection] of projections.entries()) {
      const at = (factor: number) => meanNll(open(scaled([projection], factor)));
      const derivative = ((await at(1 + step)) - (await at(1 - step))) / (2 * step);
      expect(scores[unit]!.score / Math.abs(derivative)).toBeCloseTo(1, 2);
    }
  });

  test("of whole blocks is that of what both halves add", async () => {
    const stack = open(withDeadMlp(1));
    const batch = new Batcher().batch([rows[0]!.row]);
    const [blocks, halves] = [
      await stack.gateGradients(batch, 1, false),
      await stack.gateGradients(batch, 1, true),
    ];
    expect(blocks.map(({ section }) => section)).toEqual(["block", "block"]);
    expect(blocks[1]!.gradient / halves[2]!.gradient).toBeCloseTo(1, 5); // its MLP adds nothing
    expect(Math.abs(blocks[0]!.gradient)).toBeGreaterThan(1e-3);
  });
});

describe("The angle", () => {
  test("is that of the streams before and after as many consecutive units as are dropped", async () => {
    const stack = open(goldenModel(golden));
    const row = { row: { ids: [...golden.ids[0]!, 0], promptLength: 3 }, answer: null };
    const scores = await scorers.angle(scored(stack, { kind: "block", rows: [row] }));
    for (const [block, { score }] of scores.entries()) {
      const [before, after] = [golden.hiddenStates[block]!, golden.hiddenStates[block + 1]!].map(
        ({ shape, data }) => {
          const [, tokens, width] = shape as [number, number, number];
          return [...data.subarray((tokens - 1) * width, tokens * width)];
        },
      ) as [number[], number[]];
      if (block + 1 === scores.length) continue; // the last of the fixture's hidden states is normed
      const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      const cosine = dot(before, after) / Math.sqrt(dot(before, before) * dot(after, after));
      expect(score).toBeCloseTo(Math.acos(cosine) / Math.PI, 4);
    }
  });

  test.each([2, 3])("finds %i consecutive units", async (drops) => {
    const stack = open(goldenModel(golden));
    const units = unitsToDrop(await scorers.angle(scored(stack, { drops })), drops).sort((a, b) => a - b);
    expect(units).toEqual(Array.from({ length: drops }, (_, i) => units[0]! + i));
  });
});

describe("Successive halving", () => {
  test("reads ever more rows for ever fewer units", () => {
    expect(halvingStages({ units: 30, drops: 2, rows: 64 })).toEqual([
      { units: 30, rows: 16 },
      { units: 15, rows: 32 },
      { units: 8, rows: 64 },
    ]);
    expect(halvingStages({ units: 7, drops: 2, rows: 50 })).toEqual([
      { units: 7, rows: 16 },
      { units: 6, rows: 32 },
      { units: 6, rows: 50 },
    ]);
    expect(halvingStages({ units: 30, drops: 2, rows: 9 })).toEqual([{ units: 30, rows: 9 }]);
  });

  test("costs about half of what a scan by all rows does", () => {
    const scan = { units: 30, blocks: 30, drops: 2, rows: 64 };
    expect(scoringPasses["nll-halving"](scan).passes / scoringPasses.nll(scan).passes).toBeCloseTo(0.51, 2);
  });

  test("gives the units of its last stage the scores of all rows, and puts them first", async () => {
    const many = Array.from({ length: 10 }, () => rows).flat(); // 40
    const stack = open(goldenModel(golden));
    const all = await scorers.nll(scored(stack, { rows: many }));
    const found = await scorers["nll-halving"](scored(stack, { rows: many }));
    expect(found.map(({ unit }) => unit).sort()).toEqual([0, 1, 2, 3]);
    const last = leastNeededFirst(found).slice(0, 3);
    for (const { unit, score } of last) expect(score).toBeCloseTo(all[unit]!.score, 6);
    expect(last.map(({ order }) => order)).toEqual([0, 1, 2]);
    expect(unitsToDrop(found, 1)).toEqual(unitsToDrop(all, 1));
  });
});

describe("Greedy elimination", () => {
  test("scans again without the units that it has found", async () => {
    const stack = open(goldenModel(golden));
    const whole = stack.kept;
    const expected: number[] = [];
    for (let found = 0; found < 2; found++) {
      const left = [0, 1, 2, 3].filter((unit) => !expected.includes(unit));
      const nll = new Map<number, number>();
      for (const unit of left) {
        stack.keep([...expected, unit].reduce((kept, gone) => without(kept, "sublayer", gone), [...whole]));
        nll.set(unit, await meanNll(stack));
      }
      expected.push(left.reduce((best, unit) => (nll.get(unit)! < nll.get(best)! ? unit : best)));
    }
    stack.keep(whole);
    expect(unitsToDrop(await scorers.greedy(scored(stack, { drops: 2 })), 2)).toEqual(expected);
    expect(stack.kept).toEqual(whole);
  });

  test("finds only units that may be dropped together", async () => {
    const stack = open(goldenModel(golden));
    const allows = ([unit]: readonly number[]) => unit === 2;
    expect(unitsToDrop(await scorers.greedy(scored(stack, { allows })), 1)).toEqual([2]);
  });
});

describe("Right answers to questions with choices of several tokens", () => {
  const [alone, paired] = golden.ids;
  /** One with choices of different lengths, and one whose choices are single tokens. */
  const asked: QuestionRows[] = [
    {
      rows: [
        { ids: alone!, promptLength: 4 },
        { ids: [...alone!.slice(0, 4), 7], promptLength: 4 },
        { ids: paired!, promptLength: 3 },
      ],
      choices: [
        { row: 0, first: 0, end: alone!.length - 4 },
        { row: 1, first: 0, end: 1 },
        { row: 2, first: 0, end: paired!.length - 3 },
      ],
      choiceBytes: [1, 1, 1],
      answer: 1,
    },
    {
      rows: [{ ids: paired!.slice(0, 6), promptLength: 5, alternatives: [9, 33] }],
      choices: [0, 1, 2].map((first) => ({ row: 0, first, end: first + 1 })),
      choiceBytes: [1, 1, 1],
      answer: 2,
    },
  ];
  const several: CalibrationRow[] = [
    { row: asked[0]!.rows[1]!, answer: null, question: asked[0]! },
    { row: asked[1]!.rows[0]!, answer: 2, question: asked[1]! },
  ];

  /** Of the model without a unit: the accuracy and the mean NLL of the right choices, as where models are measured. */
  async function measured(stack: Stack, unit: number) {
    const whole = stack.kept;
    stack.keep(without(whole, "sublayer", unit));
    const nll: Float32Array[] = [];
    for (const row of asked.flatMap((question) => question.rows))
      nll.push((await stack.nll(new Batcher().batch([row]))).slice());
    stack.keep(whole);
    const { accuracy, answerNll } = evaluationOf(
      choiceLogLikelihoods(asked, nll).map((logLikelihoods, question) => ({
        logLikelihoods,
        ...asked[question]!,
      })),
      [],
    );
    return { accuracy: accuracy!.value, nll: answerNll! };
  }

  test.each(["accuracy", "accuracy-norm"] as const)("are counted by %s", async (scorer) => {
    const stack = open(goldenModel(golden));
    const scores = await scorers[scorer](scored(stack, { rows: several }));
    for (const { unit, score, accuracy, tie } of scores) {
      const expected = await measured(stack, unit);
      expect(accuracy).toBe(expected.accuracy);
      expect(score).toBe(1 - expected.accuracy);
      if (scorer === "accuracy") expect(tie).toBeCloseTo(expected.nll, 4);
    }
  });

  test("are not counted in plans of earlier versions, by the same bits as before", async () => {
    const stack = open(goldenModel(golden));
    const plain = several.map(({ row, answer }) => ({ row, answer }));
    for (const scorer of ["accuracy", "accuracy-norm"] as const) {
      const before = await scorers[scorer](scored(stack, { rows: plain }));
      expect(before.map(({ accuracy }) => accuracy)).toEqual([null, null, null, null]);
      expect(await scorers[scorer](scored(stack, { rows: several, allChoices: false }))).toEqual(before);
    }
  });

  test("are the same where all choices are single tokens", async () => {
    const stack = open(goldenModel(golden));
    const single = questions.map((row): CalibrationRow => {
      const choices = [0, 1, 2].map((first) => ({ row: 0, first, end: first + 1 }));
      return { ...row, question: { rows: [row.row], choices, choiceBytes: [1, 1, 1], answer: row.answer } };
    });
    const accuracies = async (allChoices: boolean) =>
      (await scorers.accuracy(scored(stack, { rows: single, allChoices }))).map(({ accuracy }) => accuracy);
    expect(await accuracies(true)).toEqual(await accuracies(false));
  });

  test("cost what is planned for the rows of all choices", async () => {
    const stack = open(goldenModel(golden));
    for (const scorer of ["accuracy", "accuracy-norm"] as const) {
      let done = 0;
      const progress = { worked: (work: number) => void (done += work), breathe: () => Promise.resolve() };
      await scorers[scorer](scored(stack, { rows: several, progress }));
      const { passes, blocks } = scoringPasses[scorer]({ units: 4, blocks: 2, drops: 1, rows: 2 });
      expect(done).toBeCloseTo(tokensIn(choiceRows(several)) * passes * blocks, 5);
    }
  });
});

describe("Accuracy, then norm", () => {
  test("drops of equals the MLP, then what adds the most", async () => {
    const stack = open(goldenModel(golden));
    const scores = await scorers["accuracy-norm"](scored(stack, { rows: questions }));
    const squares = new Map<number, number>();
    for (const { row } of questions) {
      const batch = new Batcher().batch([row]);
      for (const [unit, { addedSquares }] of (await stack.influence(batch, true)).entries())
        squares.set(unit, (squares.get(unit) ?? 0) + addedSquares);
    }
    const equal = scores.map((score) => ({ ...score, score: 0 }));
    const byNorm = [1, 3, 0, 2].sort(
      (a, b) =>
        Number(halfOf("sublayer", a) === "attention") - Number(halfOf("sublayer", b) === "attention") ||
        squares.get(b)! - squares.get(a)!,
    );
    expect(leastNeededFirst(equal).map(({ unit }) => unit)).toEqual(byNorm);
    for (const { score, accuracy } of scores) expect(score).toBe(1 - accuracy!);
  });

  test("goes by the NLL where there are no questions", async () => {
    const stack = open(goldenModel(golden));
    const [norm, nll] = [await scorers["accuracy-norm"](scored(stack)), await scorers.nll(scored(stack))];
    expect(norm.map(({ score }) => score)).toEqual(nll.map(({ score }) => score));
  });
});

describe("Early gradients", () => {
  test("of adapters are those of the product of both gradients", () => {
    const stack = open(goldenModel(golden), lora);
    const [block] = stack.parameters;
    block!.gradients.forEach((_, i, all) => (all[i] = Math.sin(i)));
    let sum = 0;
    for (const { name, shape } of block!.specs.filter(({ name }) => name.includes("lora_A"))) {
      const [a, b] = [block!.gradient(name), block!.gradient(name.replace("lora_A", "lora_B"))];
      const [rank, width] = shape as [number, number];
      for (let row = 0; row < b.length / rank; row++)
        for (let column = 0; column < width; column++) {
          let product = 0;
          for (let r = 0; r < rank; r++) product += b[row * rank + r]! * a[r * width + column]!;
          sum += product ** 2;
        }
    }
    expect(squaredGradients(block!) / sum).toBeCloseTo(1, 5);
  });

  test("are those of a model that is not trained yet, and leave the trained one as it is", async () => {
    const [fresh, stack] = [open(goldenModel(golden), lora), open(goldenModel(golden), lora)];
    for (const { values, firstMoment, secondMoment } of stack.parameters)
      for (const numbers of [values, firstMoment, secondMoment])
        numbers.forEach((_, i) => (numbers[i]! += 0.01 * i));
    const state = () =>
      stack.parameters.map(({ values, firstMoment, secondMoment }) => [
        ...values,
        ...firstMoment,
        ...secondMoment,
      ]);
    const before = state();
    const sums = await early(stack);
    expect([...sums.values()].every((sum) => sum > 0)).toBe(true);
    expect(sums).toEqual(await early(fresh));
    expect(state()).toEqual(before);
  });
});

test.each(UnitScorer.options)("the cost of %s is what it reports", async (scorer) => {
  const stack = open(goldenModel(golden), lora);
  let done = 0;
  const progress = { worked: (work: number) => void (done += work), breathe: () => Promise.resolve() };
  await scorers[scorer](scored(stack, { progress, drops: 2, early: new Map() }));
  const { kind, passes, blocks } = scoringPasses[scorer]({
    units: 4,
    blocks: 2,
    drops: 2,
    rows: rows.length,
  });
  const tokens = rows.reduce((sum, { row }) => sum + row.ids.length - 1, 0);
  const planned = (kind === "training" ? 4 : 1) * tokens * passes * blocks;
  // A shallower model's scans cost less than the first one's.
  if (scorer === "greedy") expect(done / planned).toBeCloseTo(0.89, 1);
  else expect(done).toBeCloseTo(planned, 5);
});
