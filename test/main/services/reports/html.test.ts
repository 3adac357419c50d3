import { describe, expect, test } from "vitest";
import { htmlOf } from "../../../../main/services/reports/html.ts";
import type { Report } from "../../../../preload/contract/calls/compare.ts";
import { pointShapes, Series } from "../../../../preload/contract/results/series.ts";

const hostile = `</title><script>alert(1)</script>"'&`;

const report = (text: string): Report => ({
  language: "en",
  title: text,
  about: text,
  findings: [text],
  charts: [
    {
      title: text,
      label: text,
      xName: text,
      xTexts: [{ at: 4, text }],
      yTexts: [{ at: 0.5, text }],
      reversed: true,
      lines: [
        {
          name: text,
          series: "trimmed",
          points: [
            { x: 8, y: 0.7, low: 0.6, high: 0.8 },
            { x: 4, y: 0.6, low: null, high: null },
          ],
        },
      ],
    },
  ],
  table: { caption: text, head: [text, text], rows: [[text, text]] },
  notes: [text],
});

describe("a report", () => {
  test("contains its words as text, whatever they are", () => {
    const page = htmlOf(report(hostile));
    expect(page).not.toContain("<script");
    expect(page.match(/<\/title>/g)).toHaveLength(1);
    expect(page.split("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;")).toHaveLength(
      17,
    );
  });

  test("is a single file that loads nothing and runs nothing", () => {
    const page = htmlOf(report("Clauses"));
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
  });

  test("draws each point at its figures, the deepest on the left", () => {
    const page = htmlOf(report("Clauses"));
    const places = [...page.matchAll(/translate\(([\d.]+) ([\d.]+)\)/g)].map(([, x, y]) => [+x!, +y!]);
    expect(places).toHaveLength(3); // and one in the legend
    const [[deepX, deepY], [shallowX, shallowY]] = places as [[number, number], [number, number]];
    expect(deepX).toBeLessThan(shallowX);
    expect(deepY).toBeLessThan(shallowY); // higher accuracy lies higher
  });

  test("draws each model with points of its own shape, also for those who cannot tell its colour", () => {
    expect(new Set(Object.values(pointShapes)).size).toBe(Series.options.length);
    const page = htmlOf(report("Clauses"));
    expect(page.split(`d="${pointShapes.trimmed}"`)).toHaveLength(4); // at two depths and in the legend
  });

  test("without measurements is still a page", () => {
    const empty = {
      ...report("x"),
      charts: [{ ...report("x").charts[0]!, lines: [], xTexts: [], yTexts: [] }],
    };
    expect(htmlOf(empty)).not.toContain("NaN");
  });
});
