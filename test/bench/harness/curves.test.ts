import { expect, test } from "vitest";
import { curves } from "./curves.ts";

const columns = [
  { key: "speed", title: "tokens/s", unit: "tokens/s" },
  { key: "memory", title: "peak", unit: "bytes" },
] as const;
const points = [1, 2, 4].map((at) => ({ name: `${at} rows`, sweep: "rows", at }));

test("a sweep has a picture for each column with two figures or more, and what was not measured is left out", () => {
  const rows = [
    { name: "1 rows", figures: { speed: 100, memory: 1e9 } },
    { name: "2 rows", figures: { speed: 150, memory: null } },
    { name: "4 rows", figures: { speed: 180 } },
  ];
  const pictures = curves(points, columns, rows);
  expect(pictures.map(({ name, label }) => [name, label])).toEqual([["rows-speed", "tokens/s by rows"]]);
  expect(pictures[0]!.svg).toMatch(/^<svg xmlns=.*<\/svg>$/s);
  expect(pictures[0]!.svg.match(/<circle/g)).toHaveLength(3);
});

test("one figure makes no curve", () => {
  expect(curves(points, columns, [{ name: "1 rows", figures: { speed: 100 } }])).toEqual([]);
});
