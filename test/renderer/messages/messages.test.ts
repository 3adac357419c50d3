import { afterEach, describe, expect, test } from "vitest";
import { resolveLanguage } from "../../../preload/contract/words/language.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import {
  bytesText,
  durationText,
  fieldText,
  intervalPercentText,
  numberIn,
  numberText,
  enteredPercentText,
  percentFieldText,
  percentText,
  sinceText,
  timeText,
} from "../../../renderer/messages/figures.ts";
import { de } from "../../../renderer/messages/de.ts";
import { en } from "../../../renderer/messages/en.ts";
import { language } from "../../../renderer/messages/language.svelte.ts";
import { t } from "../../../renderer/messages/index.svelte.ts";

afterEach(() => {
  language.now = "en";
});

test("a text follows the language that is set", () => {
  expect(t.settings.title).toBe("Settings");
  language.now = "de";
  expect(t.settings.title).toBe("Einstellungen");
});

test.each([
  ["system", ["de-AT", "en"], "de"],
  ["system", ["fr-FR", "de-CH"], "de"],
  ["system", ["fr-FR"], "en"],
  ["system", [], "en"],
  ["en", ["de-DE"], "en"],
] as const)("chosen %s on a system with %j: %s is spoken", (chosen, system, spoken) => {
  expect(resolveLanguage(chosen, system)).toBe(spoken);
});

describe("figures", () => {
  test("have their language's separators", () => {
    const figures = () => [numberText(1420), numberText(0.84, 2), bytesText(1.5e9), durationText(7800)];
    expect(figures()).toEqual(["1,420", "0.84", "1.5 GB", "2 h 10 min"]);
    language.now = "de";
    expect(figures()).toEqual(["1.420", "0,84", "1,5 GB", "2 h 10 min"]);
  });

  test("are read as the language writes them, and shown so in fields", () => {
    const read = (...typed: string[]) => typed.map(numberIn);
    expect(read("1,000", "100,000", "1,420.5", "0.001", "1,5", " 2e-5 ")).toEqual([
      1000, 100_000, 1420.5, 0.001, 1.5, 2e-5,
    ]);
    expect([fieldText(20_000), fieldText(1e-7), fieldText(1.05)]).toEqual(["20000", "0.0000001", "1.05"]);
    const entered = [0.95, 0.975, 0.57, 0.9755, 1];
    expect(entered.map(percentFieldText)).toEqual(["95", "97.5", "57", "97.55", "100"]);
    expect(entered.map(enteredPercentText)).toEqual(["95%", "97.5%", "57%", "97.55%", "100%"]);
    expect(t.target.tooFew({ kind: "questions", rows: 1, least: 2, usual: 3 }, 0.975)).toContain(
      " 97.5% of ",
    );
    language.now = "de";
    expect(read("1.000", "100.000", "1.420,5", "0.001", "0,001", "1.5")).toEqual([
      1000, 100_000, 1420.5, 0.001, 0.001, 1.5,
    ]);
    expect(read("", "many", "1.00.000", "1,000,000")).toEqual([NaN, NaN, NaN, NaN]);
    expect([fieldText(20_000), fieldText(1e-7), fieldText(1.05)]).toEqual(["20000", "0,0000001", "1,05"]);
    expect([percentFieldText(0.975), enteredPercentText(0.975)]).toEqual(["97,5", "97,5\u00A0%"]);
    expect(t.target.tooFew({ kind: "questions", rows: 1, least: 2, usual: 3 }, 0.975)).toContain(
      "97,5\u00A0% der",
    );
    expect(t.target.numberProblem(1.05, 20, false)).toBe("Geben Sie eine Zahl von 1,05 bis 20 ein.");
    expect(t.target.numberProblem(1, 100_000, true)).toContain("ganze Zahl von 1 bis 100.000");
  });

  test("never show more digits than the value has", () => {
    expect([bytesText(999), bytesText(999_600), bytesText(12.34e6), bytesText(120.4e9)]).toEqual([
      "999 bytes",
      "1.0 MB",
      "12 MB",
      "120 GB",
    ]);
    expect([durationText(0.2), durationText(59.6), durationText(3600)]).toEqual(["1 s", "1 min", "1 h"]);
    expect(percentText(0.6513)).toBe("65.1%");
  });

  test("are inflected and spaced as German is", () => {
    const interval = { low: 0.623, high: 0.677 };
    expect([t.result.costTime(260_000, "2 GB"), intervalPercentText(interval)]).toEqual([
      "Made in 3 days; peak memory 2 GB.",
      "62.3–67.7%",
    ]);
    language.now = "de";
    expect([t.result.costTime(260_000, "2 GB"), intervalPercentText(interval)]).toEqual([
      "Erstellt in 3 Tagen; Spitzenbedarf an Speicher 2 GB.",
      "62,3–67,7\u00a0%",
    ]);
    const late = { code: "too-little-time", seconds: 260_000, share: 0.05 } as const;
    expect(t.failures.sentence(late)).toMatch(/^In 3 Tagen schafft /);
    expect(t.trim.left(260_000)).toBe("noch etwa 3 Tage");
  });
});

test("the first hour of a day is 00 in both languages", () => {
  const midnight = new Date(2026, 2, 1, 0, 5);
  const times = () => [
    timeText(midnight),
    timeText(new Date(2026, 2, 1, 15, 4)),
    sinceText(midnight, midnight),
  ];
  expect(times()).toEqual(["00:05", "15:04", "today, 00:05"]);
  language.now = "de";
  expect(times()).toEqual(["00:05", "15:04", "heute, 00:05"]);
});

test("both languages have the same texts, and one is empty only where the other is", () => {
  const texts = (part: unknown, path: string): string[] => {
    if (typeof part === "function") return [path];
    if (typeof part === "string") return [part.trim() === "" ? `${path} is empty` : path];
    return Object.entries(part as object).flatMap(([name, inner]) => texts(inner, `${path}.${name}`));
  };
  expect(texts(de, "t").sort()).toEqual(texts(en, "t").sort());
});

test("a place in a document is named for what it is", () => {
  expect([t.data.place("page", 1200), de.data.place("paragraph", 2)]).toEqual(["page 1,200", "Absatz 2"]);
  const lacking = { code: "no-answer" } as const;
  expect(t.data.leftOut(1, "prices.xlsx", lacking, [7])).toBe(
    "1 row of prices.xlsx left out: the row has a question without an answer (row 7).",
  );
  expect(t.data.leftOut(2, "prices.csv", lacking, [7, 9])).toContain("the line has");
});

test("one of something is one, in both languages", () => {
  const difference = { value: -0.01, low: -0.02, high: 0.001 };
  const onOneThread = { trim: { unit: "block" }, method: { kind: "full" }, seed: 1, threads: 1 } as TrimPlan;
  const said = (all: typeof en | typeof de) => [
    all.result.costLoss(difference, 1, 0),
    all.library.rows(1),
    all.settings.proofMissing(1),
    all.target.advanced(onOneThread),
  ];
  for (const text of said(en)) expect(text).not.toMatch(/\b1 (questions|answers|rows|threads)/);
  for (const text of said(de)) expect(text).not.toMatch(/\b1 (Fragen|Antworten|Zeilen|Threads)|1 Prozessen/);
});

test("German puts a space before an ellipsis that stands for words", () => {
  const texts = (part: unknown): string[] =>
    typeof part === "string" ? [part] : part instanceof Object ? Object.values(part).flatMap(texts) : [];
  expect(texts(de).filter((text) => /\p{L}…/u.test(text))).toEqual([]);
});
