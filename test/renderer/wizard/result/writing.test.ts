import { describe, expect, test } from "vitest";
import { writingFindings } from "../../../../renderer/wizard/result/writing.ts";

const around = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 48 });
const compared = { nll: around(0.1, 0.02), rougeL: around(-0.12, 0.06), repetition: null, stops: null };

describe("What is found about a depth's writing", () => {
  test("is a warning that names what choices hide, with its interval", () => {
    const [warning, ...others] = writingFindings({ textsVersusTuned: compared }, "noClearLoss");
    expect(others).toEqual([]);
    expect(warning).toEqual({
      kind: "warn",
      text:
        "It chooses as well as before, but writes worse: its answers have less in common with yours " +
        "(ROUGE-L −12.0 points (−18.0 to −6.0)) and the perplexity of your texts is 1.11 times (1.08–1.13) as high.",
    });
  });

  test("does not say that choices are kept where they are lost, or where there are none", () => {
    for (const choices of ["loss", null] as const)
      expect(writingFindings({ textsVersusTuned: compared }, choices)[0]!.text).toMatch(
        /^It writes worse than/,
      );
  });

  test("compares texts by a paired bootstrap, as choices by McNemar's test", () => {
    const texts = { ...compared, rougeL: null, nll: around(0.01, 0.02) };
    expect(writingFindings({ textsVersusTuned: texts }, null)).toEqual([
      {
        kind: "plain",
        text:
          "On the same 48 texts, its perplexity is 1.01 times (0.99–1.03) that of the fine-tuned model at full depth " +
          "(paired bootstrap).",
      },
    ]);
  });

  test("is nothing without a comparison", () => {
    expect(writingFindings({}, null)).toEqual([]);
  });
});
