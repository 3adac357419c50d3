import { expect, test } from "vitest";
import { logarithmicSpanOf } from "../../../renderer/components/chart.ts";
import type { ChartLine } from "../../../renderer/components/chart.ts";

const line = (values: (number | null)[]): ChartLine => ({ label: "", colour: "", kind: "line", values });
const free = [0, Infinity] as const;

test("an axis is logarithmic where values span a decade, and neither zero nor a limit is in the way", () => {
  expect(logarithmicSpanOf([line([48, null]), line([2386])], free)).toEqual([40, 2386 * 1.2]);
  expect(logarithmicSpanOf([line([12, 48])], free)).toBeNull();
  expect(logarithmicSpanOf([line([0, 48])], free)).toBeNull();
  expect(logarithmicSpanOf([line([0.05, 0.9])], [0, 1])).toBeNull();
  expect(logarithmicSpanOf([line([])], free)).toBeNull();
});
