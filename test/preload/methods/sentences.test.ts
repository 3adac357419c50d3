import { describe, expect, test } from "vitest";
import { methodsText } from "../../../main/cli/writing.ts";
import { methods as engineMethods } from "../../../main/trimming/methods/index.ts";
import type { MethodOutcome } from "../../../preload/contract/runs/run.ts";
import { accuracyText, bytesText, percentText } from "../../../preload/contract/words/figures.ts";
import { applicable, changes, mainSetting, scorers } from "../../../preload/methods/index.ts";
import { methodSentences } from "../../../preload/methods/sentences.ts";
import { methodOutcomes, trimOutcome } from "../../main/services/runs/run-reports.ts";

const methodTexts = (outcomes: Readonly<Record<string, MethodOutcome>>, language: "en" | "de" = "en") =>
  methodSentences(outcomes, language, {
    number: (value) => value.toFixed(0),
    percent: percentText,
    bytes: bytesText,
    accuracy: accuracyText,
  });

const bits = methodOutcomes["mixed-bits"];
const chatOf = (change: Partial<NonNullable<MethodOutcome["chat"]>>) => ({
  "mixed-bits": { ...bits, chat: { ...bits.chat, ...change } },
});

describe("What is said of a run's methods", () => {
  test("is what each changed and how the run's model does with it in chat, in their order", () => {
    expect(methodTexts(methodOutcomes)).toEqual([
      "The fine-tuned model rewrote 200 answers of your training rows. 60.0% took the place of the original, 15.0% were the original, and the rest failed the checks.",
      "In chat, 3 of 16 projections keep 8 bits, which takes 2.5 MB more: into the attention of block 1, out of the MLP of blocks 2 and 5.",
      "On the validation rows, the right words become 1.0% likelier in chat.",
      "With it, chat answers 81.0% (71.0–90.0) of the test questions correctly, without it 80.0% (70.0–90.0): 2 gained, 1 lost.",
      "In chat, every text begins with a recovery prompt of 32 vectors.",
      "On the validation rows, the right words become 10.5% likelier in chat.",
      "With it, chat answers 85.0% (76.0–92.0) of the test questions correctly, without it 80.0% (70.0–90.0): 7 gained, 2 lost.",
    ]);
    expect(methodTexts({})).toEqual([]);
  });

  test("is the same on the command line", () => {
    const { metrics } = trimOutcome;
    const methods = { rewriting: methodOutcomes.rewriting };
    expect(methodsText({ metrics: { ...metrics, methods } })).toBe(methodTexts(methods).join(" "));
    expect(methodsText({ metrics })).toBe("");
  });

  test("is said in German", () => {
    const [parts, likelier] = methodTexts({ "mixed-bits": bits }, "de");
    expect(parts).toContain("in die Attention von Block 1, aus dem MLP der Blöcke 2 und 5.");
    expect(likelier).toContain("im Chat um 1.0% wahrscheinlicher.");
  });

  test("is that it was left out where it does not help, or nothing shows that it does", () => {
    expect(methodTexts(chatOf({ validation: { without: 0.5, with: 0.5 }, choices: null }))).toEqual([
      "“Mixed bits” was left out: on the validation questions and texts, chat is not better with it.",
    ]);
    const [unknown] = methodTexts(chatOf({ validation: { without: 0.5, with: null } }));
    expect(unknown).toContain("no validation rows fit");
    const none = { result: { ...bits.result, raised: [] }, chat: null };
    expect(methodTexts({ "mixed-bits": none })).toEqual([
      "No projection keeps more than 4 bits in chat: none makes the rounded weights better.",
    ]);
  });

  test("is the perplexity of texts where there are no questions", () => {
    const texts = { value: -0.1, low: -0.2, high: 0, n: 20 };
    expect(methodTexts(chatOf({ choices: null, texts })).at(-1)).toContain("is 90.5% of what it is without");
  });
});

describe("The methods", () => {
  test("are the same in the declarations and in the engine, with the same kinds", () => {
    const kinds = Object.entries(engineMethods).map(([id, { kind }]) => [id, kind]);
    expect(kinds).toEqual([...scorers, ...changes].map(({ id, kind }) => [id, kind]));
  });

  test.each(changes)("$id has a main setting within its limits, and every text in both languages", (spec) => {
    const { usual, min, max } = mainSetting(spec);
    expect(usual).toBeGreaterThanOrEqual(min);
    expect(usual).toBeLessThanOrEqual(max);
    expect(Object.keys(spec.text.en)).toEqual(Object.keys(spec.text.de));
    expect(spec.text.en.needs === undefined).toBe(spec.applies === undefined);
  });

  test.each(scorers)("$id, a scorer, is said in both languages", ({ text: { en, de } }) => {
    expect(Object.keys(en)).toEqual(Object.keys(de));
  });

  test("that need other chat weights are left out", () => {
    const both = { "mixed-bits": {}, "recovery-prompt": {} };
    expect(applicable(both, "int4")).toEqual(both);
    for (const precision of ["int8", null] as const)
      expect(applicable(both, precision)).toEqual({ "recovery-prompt": {} });
  });
});
