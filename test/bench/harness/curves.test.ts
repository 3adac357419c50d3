import { expect, test } from "vitest";
import { curves, roundNumbers } from "./curves.ts";

const columns = [
  { key: "speed", title: "tokens/s", unit: "tokens/s" },
  { key: "memory", title: "peak", unit: "bytes" },
] as const;
const points = [1, 2, 4].map((at) => ({ name: `${at} rows`, sweep: "rows", at }));

test("a sweep has a picture per column with two or more figures; missing figures are left out", () => {
  const rows = [
    { name: "1 rows", figures: { speed: 100, memory: 1e9 } },
    { name: "2 rows", figures: { speed: 150, memory: null } },
    { name: "4 rows", figures: { speed: 180 } },
  ];
  const pictures = curves(points, columns, rows);
  expect(pictures.map(({ name, label }) => [name, label])).toEqual([["rows-speed", "tokens/s by rows"]]);
  expect(pictures[0]!.svg).toMatch(/^<svg xmlns=.*<\/svg>$/s);
  expect(pictures[0]!.svg.match(/translate\(/g)).toHaveLength(3 + 1); // and one in the legend
});

test("one figure makes no curve", () => {
  expect(curves(points, columns, [{ name: "1 rows", figures: { speed: 100 } }])).toEqual([]);
});

test.each([
  [2500, [0, 1000, 2000]],
  [4, [0, 1, 2, 3, 4]],
  [5.7e9, [0, 2e9, 4e9]],
  [0.61e9, [0, 0.2e9, 0.4e9, 0.6e9]],
])("an axis up to %d has few ticks, all of them round", (most, ticks) => {
  roundNumbers(most).forEach((tick, index) => expect(tick).toBeCloseTo(ticks[index]!));
  expect(roundNumbers(most)).toHaveLength(ticks.length);
});
