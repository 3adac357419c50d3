/** The scorers on models with a unit that does nothing, and against what they estimate. */
import { afterEach, describe, expect, test } from "vitest";
import type { Scored } from "../../../../main/trimming/scoring/scan.ts";
import { choiceLogLikelihoods } from "../../../../main/trimming/evaluation/evaluate.ts";
import { choiceRows } from "../../../../main/trimming/evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../../../../main/trimming/evaluation/held-out-rows.ts";
import { tokensIn } from "../../../../main/trimming/rows/rows.ts";
import type { QuestionRows } from "../../../../main/trimming/rows/rows.ts";
import { scorerOf } from "../../../../main/trimming/methods/index.ts";
import { leastNeededFirst, unitsToDrop } from "../../../../main/trimming/schedule/scoring.ts";
import { halfOf, without } from "../../../../main/trimming/schedule/units.ts";
import { evaluationOf } from "../../../../native-models/evaluation/score.ts";
import { fromFloat32 } from "../../../../native-models/formats/views.ts";
import type { Model } from "../../../../native-models/model.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import type { Trainable } from "../../../../native-models/training/unit-graphs.ts";
import { scorers } from "../../../../preload/methods/index.ts";
import { halvingStages } from "../../../../preload/methods/nll-halving.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";

const scoresBy = (scorer: string) => scorerOf(scorer).score;
const passesOf = (scorer: string) => scorers.find(({ id }) => id === scorer)!.passes;

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
const questions = [...golden.ids, [1, 5, 8, 20], [1, 40, 3, 7, 9]].map((ids, i): CalibrationRow => {
  const row = { ids, promptLength: ids.length - 1, alternatives: [9 + i, 33] };
  const choices = [0, 1, 2].map((first) => ({ row: 0, first, end: first + 1 }));
  return { row, answer: i % 3, question: { rows: [row], choices, choiceBytes: [1, 1, 1], answer: i % 3 } };
});

const scored = (stack: Stack, change: Partial<Scored> = {}): Scored => ({
  stack,
  kind: "sublayer",
  rows,
  batcher: new Batcher(),
  progress: { worked: () => {}, yieldToEventLoop: () => Promise.resolve() },
  drops: 1,
  seed: 1,
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

/** The same without each half-block. */
async function nllsWithout(stack: Stack): Promise<number[]> {
  const whole = stack.kept;
  const nlls: number[] = [];
  for (const unit of [0, 1, 2, 3]) {
    stack.keep(without(whole, "sublayer", unit));
    nlls.push(await meanNll(stack));
  }
  stack.keep(whole);
  return nlls;
}

describe.each(["influence", "taylor"] as const)("By %s", (scorer) => {
  test.each([0, 1])("a unit that does nothing is dropped first, in block %i", async (block) => {
    const stack = open(withDeadMlp(block), lora);
    const scores = await scoresBy(scorer)(scored(stack));
    const [first, second] = leastNeededFirst(scores);
    expect(first!.unit).toBe(2 * block + 1);
    expect(first!.score).toBeLessThan(1e-6);
    expect(second!.score).toBeGreaterThan(1e-4);
    expect(scores.map(({ unit }) => unit)).toEqual([0, 1, 2, 3]);
  });
});

describe("First-order Taylor", () => {
  test("gives the derivative that finite differences give", async () => {
    const scores = await scoresBy("taylor")(scored(open(goldenModel(golden))));
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
    expect(passesOf("nll-halving")(scan).passes / scan.units).toBeCloseTo(0.51, 2);
  });

  test("gives the units of its last stage the scores of all rows, and puts them first", async () => {
    const many = Array.from({ length: 10 }, () => rows).flat(); // 40
    const stack = open(goldenModel(golden));
    const nlls = await nllsWithout(stack);
    const found = await scoresBy("nll-halving")(scored(stack, { rows: many }));
    expect(found.map(({ unit }) => unit).sort()).toEqual([0, 1, 2, 3]);
    const last = leastNeededFirst(found).slice(0, 3);
    for (const { unit, score } of last) expect(score).toBeCloseTo(nlls[unit]!, 5);
    expect(last.map(({ order }) => order)).toEqual([0, 1, 2]);
    expect(unitsToDrop(found, 1)).toEqual([nlls.indexOf(Math.min(...nlls))]);
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

  /** The accuracy of the model without a unit, as where models are measured. */
  async function measured(stack: Stack, unit: number): Promise<number> {
    const whole = stack.kept;
    stack.keep(without(whole, "sublayer", unit));
    const nll: Float32Array[] = [];
    for (const row of asked.flatMap((question) => question.rows))
      nll.push((await stack.nll(new Batcher().batch([row]))).slice());
    stack.keep(whole);
    const { accuracy } = evaluationOf(
      choiceLogLikelihoods(asked, nll).map((logLikelihoods, question) => ({
        logLikelihoods,
        ...asked[question]!,
      })),
      [],
    );
    return accuracy!.value;
  }

  test("are counted", async () => {
    const stack = open(goldenModel(golden));
    for (const { unit, score, accuracy } of await scoresBy("accuracy-norm")(
      scored(stack, { rows: several }),
    )) {
      const expected = await measured(stack, unit);
      expect(accuracy).toBe(expected);
      expect(score).toBe(1 - expected);
    }
  });

  test("cost what is planned for the rows of all choices", async () => {
    const stack = open(goldenModel(golden));
    let done = 0;
    const progress = {
      worked: (work: number) => void (done += work),
      yieldToEventLoop: () => Promise.resolve(),
    };
    await scoresBy("accuracy-norm")(scored(stack, { rows: several, progress }));
    const { passes, blocks } = passesOf("accuracy-norm")({ units: 4, blocks: 2, drops: 1, rows: 2 });
    expect(done).toBeCloseTo(tokensIn(choiceRows(several)) * passes * blocks, 5);
  });
});

describe("Accuracy, then norm", () => {
  test("drops of equals the MLP, then what adds the most", async () => {
    const stack = open(goldenModel(golden));
    const scores = await scoresBy("accuracy-norm")(scored(stack, { rows: questions }));
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
    const [norm, nlls] = [await scoresBy("accuracy-norm")(scored(stack)), await nllsWithout(stack)];
    for (const [unit, { score }] of norm.entries()) expect(score).toBeCloseTo(nlls[unit]!, 5);
  });
});

test.each(scorers.map(({ id }) => id))("the cost of %s is what it reports", async (scorer) => {
  const stack = open(goldenModel(golden), lora);
  let done = 0;
  const progress = {
    worked: (work: number) => void (done += work),
    yieldToEventLoop: () => Promise.resolve(),
  };
  await scoresBy(scorer)(scored(stack, { progress, drops: 2 }));
  const { kind, passes, blocks } = passesOf(scorer)({
    units: 4,
    blocks: 2,
    drops: 2,
    rows: rows.length,
  });
  const tokens = rows.reduce((sum, { row }) => sum + row.ids.length - 1, 0);
  const planned = (kind === "training" ? 4 : 1) * tokens * passes * blocks;
  expect(done).toBeCloseTo(planned, 5);
});
