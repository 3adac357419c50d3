import { describe, expect, test } from "vitest";
import { Random } from "../../../native-models/random.ts";
import {
  averaged,
  bestTemperature,
  detectable,
  differences,
  isNoLoss,
  pairedBootstrap,
  spreadOf,
  tempered,
  wordOf,
} from "./statistics.ts";

/** 300 questions: 30 that only the first answers correctly, 18 that only the second does. */
const clauses = [...Array<number>(30).fill(1), ...Array<number>(18).fill(-1), ...Array<number>(252).fill(0)];

describe("A paired bootstrap", () => {
  test("has the mean of the differences, and about the normal interval for many questions", () => {
    const { value, low, high } = pairedBootstrap([clauses]);
    // The mean is 12/300; its standard error is √(48/300 − 0.04²) / √300 = 0.02298.
    expect(value).toBeCloseTo(0.04, 12);
    expect(low).toBeCloseTo(0.04 - 1.96 * 0.02298, 2);
    expect(high).toBeCloseTo(0.04 + 1.96 * 0.02298, 2);
  });

  test("of two questions that differ by 0 and 1 reaches from 0 to 1", () => {
    expect(pairedBootstrap([[0, 1]])).toEqual({ value: 0.5, low: 0, high: 1, n: 2 });
  });

  test("gives the same interval again", () => {
    expect(pairedBootstrap([clauses])).toEqual(pairedBootstrap([clauses]));
  });

  test("draws within each set: sets without any variation have no interval, however different they are", () => {
    const sets = [Array<number>(50).fill(1), Array<number>(150).fill(-1)];
    expect(pairedBootstrap(sets)).toEqual({ value: -0.5, low: -0.5, high: -0.5, n: 200 });
  });

  test("refuses no questions", () => {
    expect(() => pairedBootstrap([[]])).toThrow(RangeError);
  });
});

describe("A temperature", () => {
  /** A model that is as sure as it should be: of 50 questions each, it gets 60%, 80% and 90% right, with these probabilities. */
  const calibrated = [0.6, 0.8, 0.9].flatMap((probability) => {
    const right = Math.round(50 * probability);
    return [probability, 1 - probability].flatMap((one, i) =>
      Array<number>(i === 0 ? right : 50 - right).fill(-Math.log(one)),
    );
  });

  test("is 1 for a model that is as sure as it should be, 3 if its log-likelihoods are tripled", () => {
    expect(bestTemperature(calibrated)).toBeCloseTo(1, 4);
    expect(bestTemperature(tempered(calibrated, 1 / 3))).toBeCloseTo(3, 4);
  });

  test("undoes what tripling does to the losses", () => {
    const again = tempered(tempered(calibrated, 1 / 3), 3);
    for (const [question, nll] of again.entries()) expect(nll).toBeCloseTo(calibrated[question]!, 8);
  });

  test("stays within its limits for a model that is always right or always wrong", () => {
    expect(bestTemperature([0, 0.1])).toBeCloseTo(0.05, 4);
    expect(bestTemperature([3, 5])).toBeCloseTo(20, 4);
    expect(tempered([0, 200], 1)).toEqual([expect.closeTo(5e-5, 8), expect.closeTo(200, 8)]);
  });
});

describe("Seeds", () => {
  test("are averaged per question", () => {
    expect(
      averaged([
        [1, 0, 1],
        [0, 0, 1],
      ]),
    ).toEqual([0.5, 0, 1]);
    expect(differences([0.5, 0, 1], [1, 0, 0])).toEqual([-0.5, 0, 1]);
  });

  test("of other questions are refused", () => {
    expect(() => averaged([[1, 0], [1]])).toThrow(RangeError);
    expect(() => differences([1], [1, 0])).toThrow(RangeError);
  });
});

describe("What questions can detect", () => {
  test("is 2.8 standard errors", () => {
    // 16% of 300 questions differ: 2.8016 × 0.4 / √300.
    expect(detectable(300, 0.4)).toBeCloseTo(0.0647, 4);
    expect(detectable(1584, 0.4)).toBeCloseTo(0.02816, 4);
  });

  test("is found in 80% of simulated studies", () => {
    const [questions, differing] = [400, 0.16];
    const random = new Random(7, "studies");
    const loss = detectable(questions, Math.sqrt(differing));
    const studies = 2000;
    let found = 0;
    for (let study = 0; study < studies; study++) {
      const paired = Array.from({ length: questions }, () => {
        const drawn = random.uniform();
        return drawn < (differing + loss) / 2 ? -1 : drawn < differing ? 1 : 0;
      });
      const value = paired.reduce<number>((sum, one) => sum + one, 0) / questions;
      if (Math.abs(value) > (1.96 * spreadOf([paired])) / Math.sqrt(questions)) found++;
    }
    expect(found / studies).toBeGreaterThan(0.77);
    expect(found / studies).toBeLessThan(0.84);
  });

  test("grows with how often the two differ", () => {
    expect(spreadOf([[1, -1, 0, 0]])).toBeCloseTo(Math.sqrt(0.5), 12);
  });

  test("does not grow with how far sets are apart", () => {
    const sets = [Array<number>(50).fill(1), Array<number>(50).fill(-1)];
    expect(spreadOf(sets)).toBe(0);
    expect(spreadOf([[1, 0], Array<number>(2).fill(-1)])).toBeCloseTo(Math.sqrt(0.5 / 4), 12);
  });
});

describe("Words", () => {
  test("are those that the interval supports", () => {
    expect(wordOf({ low: 0.01, high: 0.05 })).toBe("better");
    expect(wordOf({ low: -0.05, high: -0.01 })).toBe("worse");
    expect(wordOf({ low: -0.02, high: 0.04 })).toBe("no difference shown");
    expect(isNoLoss({ low: -0.0199, n: 500 })).toBe(true);
    expect(isNoLoss({ low: -0.02, n: 500 })).toBe(false);
  });

  test("say no loss of no fewer questions than would show one", () => {
    // 0.98^182 = 0.0253, 0.98^183 = 0.0248: the chance that a loss of 2 in 100 changes no answer
    expect(isNoLoss({ low: 0, n: 182 })).toBe(false);
    expect(isNoLoss({ low: 0, n: 183 })).toBe(true);
  });
});
