import { expect, test } from "vitest";
import { median, medianOf, medianRatio, takeTurns } from "./paired.ts";
import type { Contestant, Sample } from "./paired.ts";

/** A contestant that records its turns and returns 1, 2, 3, … */
function counting(name: string, turns: string[], awake: string[] = []): Contestant {
  let count = 0;
  const resident = {
    ready: {},
    ask: () => Promise.reject(new Error("not asked")),
    peakMemoryBytes: () => null,
    sleep: () => void awake.splice(0, awake.length, ...awake.filter((other) => other !== name)),
    wake: () => void awake.push(name),
    close: () => Promise.resolve(),
  };
  return {
    name,
    resident,
    async turn(): Promise<Sample> {
      turns.push(awake.length > 0 ? `${name} of ${awake.join()}` : name);
      return { value: ++count };
    },
  };
}

test("contestants take turns while the others sleep, and warm-up rounds are not recorded", async () => {
  const [turns, awake] = [[] as string[], [] as string[]];
  const samples = await takeTurns([counting("a", turns, awake), counting("b", turns, awake)], { rounds: 2 });
  expect(turns).toEqual(["a of a", "b of b", "a of a", "b of b", "a of a", "b of b"]);
  expect(samples.get("a")).toEqual([{ value: 2 }, { value: 3 }]);
});

test("the median is the middle value, or the mean of the middle two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(() => median([])).toThrow();
  expect(() => median([1, NaN, 2])).toThrow();
});

test("ratios are taken within a round, so a slow moment cancels out", () => {
  const ours = [{ speed: 20 }, { speed: 2 }, { speed: 22 }];
  const theirs = [{ speed: 10 }, { speed: 1 }, { speed: 10 }];
  expect(medianRatio(ours, theirs, "speed")).toBe(2);
  expect(medianOf(ours, "speed")).toBe(20);
});
