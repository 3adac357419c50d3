import { expect, test } from "vitest";
import { accepts } from "../../../native-models/constraints/regular/dfa.ts";
import { anyNumber, numbersBetween, within } from "../../../native-models/constraints/regular/numbers.ts";
import { Random } from "../../../native-models/random.ts";

const random = new Random(3, "numbers");
/** About a number, with few digits more or less, so that limits are met. */
const near = (value: number) => {
  const step = [0, 1, -1, 0.1, -0.01, 0.001, 10, -10][random.integer(8)]!;
  return Number((value + step).toPrecision(12));
};
const limit = () =>
  Number(((random.uniform() - 0.5) * 10 ** (random.integer(7) - 2)).toFixed(random.integer(4)));

test("numbers are within their limits, as JavaScript compares them", () => {
  for (let round = 0; round < 300; round++) {
    const [min, max] = [limit(), limit()].sort((a, b) => a - b) as [number, number];
    const [isMinExclusive, isMaxExclusive, isInteger] = Array.from(
      { length: 3 },
      () => random.integer(2) === 1,
    ) as [boolean, boolean, boolean];
    const dfa = numbersBetween({ min, max, isMinExclusive, isMaxExclusive, isInteger });
    for (const value of [min, max, 0, near(min), near(max), near((min + max) / 2), (min + max) / 2]) {
      const text = JSON.stringify(value);
      if (text.includes("e") || text.replace(/[-.]/g, "").length > 15) continue;
      const isIn =
        (isMinExclusive ? value > min : value >= min) &&
        (isMaxExclusive ? value < max : value <= max) &&
        (!isInteger || Number.isInteger(value));
      expect(accepts(dfa, text), `${text} in ${min} to ${max}`).toBe(isIn);
    }
  }
});

test("numbers without an end have the digits of a double", () => {
  const above = numbersBetween({
    min: 5e-7,
    max: Infinity,
    isMinExclusive: true,
    isMaxExclusive: false,
    isInteger: false,
  });
  expect(["0.0000005", "0.00000051", "7", "999999999999999"].map((text) => accepts(above, text))).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(accepts(above, "1000000000000000")).toBe(false);
  expect(["0", "-0", "-7", "07", "1.", "1e5", "1.5"].map((text) => accepts(anyNumber(true), text))).toEqual([
    true,
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(["-0.5", "1e5", "1.25e-7", "1e400", ".5"].map((text) => accepts(anyNumber(false), text))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("multiples of a number are counted in its remainders", () => {
  const sevens = within(
    { min: -100, max: 100, isMinExclusive: false, isMaxExclusive: false, isInteger: true },
    [7, 2],
  );
  const found = Array.from({ length: 201 }, (_, index) => index - 100).filter((value) =>
    accepts(sevens, String(value)),
  );
  expect(found).toEqual([-98, -84, -70, -56, -42, -28, -14, 0, 14, 28, 42, 56, 70, 84, 98]);
});
