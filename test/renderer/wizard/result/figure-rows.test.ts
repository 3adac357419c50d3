import { expect, test } from "vitest";
import { figureSections } from "../../../../renderer/wizard/result/figure-rows.ts";
import type { ModelMetrics } from "../../../../preload/contract/runs/run.ts";
import { t } from "../../../../renderer/messages/index.svelte.ts";
import { unmeasured } from "../../../preload/contract/runs/unmeasured.ts";

const around = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 48 });
const none: ModelMetrics = { ...unmeasured, tokensPerSecond: 50 };
const sections = (...models: ModelMetrics[]) =>
  figureSections(
    models.map((metrics) => ({ metrics, chatMemoryBytes: null })),
    null,
  );

test("The table of figures has only the sections and rows that a model has figures for", () => {
  const [only, ...others] = sections(none, none);
  expect(others).toEqual([]);
  expect(only!.name).toBe(t.result.sections.chat);
  expect(only!.rows.map(({ name }) => name)).toEqual([t.result.speedRow]);
});

test("The measured speed stands beside the one that the depth was chosen for", () => {
  const [chat] = figureSections([{ metrics: none, chatMemoryBytes: null }], null, 40);
  expect(chat!.rows[0]).toMatchObject({
    note: "measured on this computer; the target was 40 tokens/s",
    cells: [{ text: "50 tokens/s" }],
  });
});

test("Rounding for chat is a row: of choices with the points lost, of texts with the change of perplexity", () => {
  const share = around(0.88, 0.05);
  const rounded: ModelMetrics = {
    ...none,
    rounding: {
      precision: "int8",
      choices: {
        trained: { ...share, n: 200 },
        chat: { ...share, value: 0.875, n: 200 },
        versus: { onlyFirst: 1, onlySecond: 2, p: 1 },
        answerNll: null,
      },
      texts: around(0.01, 0.002),
    },
  };
  const rows = sections(none, rounded).flatMap((section) => section.rows);
  const cell = (name: string) => rows.find((row) => row.name === name)!.cells[1]!;
  expect(cell(t.result.rounded)).toEqual({ text: "87.5%", below: "−0.5 points (−3.1 to +1.9)" });
  expect(cell(t.result.roundedTexts)).toEqual({ text: "+1.0%", below: "+0.8% to +1.2%" });
  expect(rows.find(({ name }) => name === t.result.rounded)!.cells[0]).toEqual({ text: "–" });
});
