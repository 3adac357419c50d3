import { describe, expect, test } from "vitest";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import { t } from "../../../../renderer/messages/index.svelte.ts";
import { mixesOf } from "../../../../preload/contract/runs/exporting.ts";
import { DEFAULT_PROGRAMS } from "../../../../preload/contract/plans/plan.ts";
import { ExportOfDepth } from "../../../../renderer/wizard/result/exporting.svelte.ts";
import { Result } from "../../../../renderer/wizard/result/result.svelte.ts";
import { WatchedRun } from "../../../../renderer/wizard/trim/run.svelte.ts";
import { unmeasured } from "../../../preload/contract/runs/unmeasured.ts";

const accuracy = (value: number, n = 300) => ({ value, low: value - 0.04, high: value + 0.04, n });

const measured = (share: number | null, tokensPerSecond: number | null): ModelMetrics => ({
  ...unmeasured,
  accuracy: share === null ? null : accuracy(share),
  perplexity: 9,
  tokensPerSecond,
});

/** The same figures on validation questions as on test questions. */
const validated = (model: ModelMetrics, versusTuned: DepthMetrics["versusTuned"] = null): ModelMetrics => ({
  ...model,
  validation: { accuracy: model.accuracy, answerNll: null, perplexity: null, versusTuned },
});

const depth = (
  name: string,
  units: number,
  model: ModelMetrics,
  versusTuned: DepthMetrics["versusTuned"] = null,
): DepthMetrics => ({
  ...validated(model, versusTuned),
  name,
  units,
  healed: name === "healed",
  keptIndices: Array.from({ length: units }, (_, index) => index),
  versusTuned,
});

/** A run from 30 blocks to 15, with the figures that docs/benchmarks.md has for contract clauses. */
const clauses = [
  depth("round 2", 26, measured(0.873, 60), { onlyFirst: 8, onlySecond: 13, p: 0.38 }),
  depth("healed", 15, measured(0.76, 100), { onlyFirst: 8, onlySecond: 47, p: 1.8e-6 }),
];

/** Answers all as the tuned model does. */
const alike = { onlyFirst: 0, onlySecond: 0, p: 1 };

interface Figures {
  base?: ModelMetrics;
  tuned?: ModelMetrics;
  depths?: DepthMetrics[];
  kind?: TrimOutcome["units"]["kind"];
  plan?: object;
}

/** The result of a run that ended with these figures; of one that has not ended without them. */
function resultOf(figures: Figures | null) {
  const run = new WatchedRun("r");
  if (figures) {
    const {
      base = measured(0.5, 50),
      tuned = validated(measured(0.89, 50)),
      depths = clauses,
      kind = "block",
      plan = {},
    } = figures;
    const outcome = { units: { kind, total: 30 }, metrics: { base, tuned, depths, trimmed: depths.at(-1)! } };
    run.detail = { outcome, plan } as never;
  }
  return { run, result: new Result(run) };
}

describe("An export", () => {
  const exporting = () => {
    const { run, result } = resultOf({ kind: "sublayer" });
    run.detail = {
      ...run.detail!,
      plan: { trim: { programs: DEFAULT_PROGRAMS, unit: "sublayer" }, method: { kind: "lora" } },
    } as never;
    return new ExportOfDepth(run, result);
  };

  test("is offered as ONNX whatever was cut, with types of its own", () => {
    const one = exporting();
    expect(one.problemOf("onnx")).toBeNull();
    one.format = "onnx";
    expect(mixesOf("onnx")).toEqual(["FP32", "INT8", "INT4"]);
    expect(one.mix).toBe("INT8");
    one.mix = "INT4";
    one.format = "gguf";
    expect(one.mix).toBe("Q4_K_M");
    one.format = "onnx";
    expect(one.mix).toBe("INT4");
    for (const type of mixesOf("onnx")) expect(t.exporting.mixes[type]).toContain(type);
  });
});

describe("A result", () => {
  test("is empty until the run has ended", () => {
    const { run, result } = resultOf(null);
    expect(result.depths).toEqual([]);
    expect([result.depth, result.recommendation, result.judged, result.scores]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([result.headline, result.because]).toEqual(["", ""]);
    run.detail = resultOf({}).run.detail;
    expect(result.depth?.name).toBe("healed");
  });

  test("shows the run's final depth until a person selects another", () => {
    const { result } = resultOf({});
    expect(result.depths.map(({ name }) => name)).toEqual(["tuned", "round 2", "healed"]);
    expect(result).toMatchObject({ isMade: true, isWhole: false, depth: { units: 15 } });
    result.chosen = "tuned";
    expect(result).toMatchObject({ isMade: false, isWhole: true, depth: { units: 30 } });
  });

  test("says what a depth reaches of the speed that it was chosen for", () => {
    const { result } = resultOf({ plan: { targetTokensPerSecond: 90 } });
    expect(result.targetSpeed).toEqual({
      kind: "good",
      text: "It answers with 100 tokens/s, measured; the target was 90 tokens/s.",
    });
    result.chosen = "round 2";
    expect(result.targetSpeed).toEqual({
      kind: "warn",
      text: "It answers with 60 tokens/s, measured, which is less than the target of 90 tokens/s.",
    });
    expect(resultOf({}).result.targetSpeed).toBeNull();
    const busy = { base: measured(0.5, 20), plan: { targetTokensPerSecond: 90 } };
    expect(resultOf(busy).result.targetSpeed).toBeNull(); // the speeds contradict each other
  });

  test("of an improvement says what it won and lost, and recommends nothing", () => {
    const { run, result } = resultOf({
      depths: [depth("improved", 30, measured(0.9, 50), clauses[0]!.versusTuned)],
    });
    const { outcome } = run.detail!;
    const improvement = { corrections: 14, rehearsed: 64 } as never;
    run.detail = {
      ...run.detail!,
      outcome: { ...outcome!, metrics: { ...outcome!.metrics, improvement } },
    };
    expect(result).toMatchObject({ isImprovement: true, isMade: true, recommendation: null });
    expect(result.improved).toMatch(
      /^No clear loss on .*: .* points .*\. Of the 300 .* won 8 and lost 13\.$/,
    );
    expect(result.headline).toBe("90 of 100 right, was 50.");
    expect(result.scores?.models.map(({ name }) => name)).toEqual(["Before", "Now"]);
  });

  test("recommends the depth without a clear loss, whichever is selected", () => {
    const { result } = resultOf({});
    expect(result.recommendation?.name).toBe("round 2");
    result.chosen = "tuned";
    expect(result.recommendation?.name).toBe("round 2");
  });

  test("says why it recommends no depth, how many questions it takes, and which depth it is then", () => {
    const few = depth("healed", 15, { ...measured(0.9, 50), accuracy: accuracy(0.9, 20) }, alike);
    const missedWith = (plan: object, depths: DepthMetrics[]) => resultOf({ depths, plan }).result.missed;
    expect(missedWith({ floor: "no-loss" }, [few])).toEqual({
      title: "No depth is recommended.",
      text: "20 validation questions are too few to rule out a loss of 5 points; it takes about 150. The result is the largest depth that was healed.",
    });
    expect(missedWith({ floor: 0.95 }, clauses.slice(1))).toEqual({
      title: "No depth is reliably above your floor.",
      text: "Your floor is 95% of the fine-tuned accuracy (89.0%). You can choose the fine-tuned model at full depth below. The result is the largest depth that was healed.",
    });
    expect(missedWith({ floor: 0.975 }, clauses.slice(1))?.text).toMatch(/^Your floor is 97\.5% of/);
    expect(missedWith({ floor: "no-loss" }, clauses)).toBeNull();
    expect(missedWith({}, [few])).toBeNull();
    expect(resultOf({ depths: [few] }).result.tooFew).toContain("it takes about 150.");
    const free = depth("healed", 15, measured(null, 50));
    expect(missedWith({ floor: 0.95 }, [free])?.text).toBe(
      "There are no validation rows to choose it by. The result is the largest depth that was healed.",
    );
  });

  test("says first how many answers are right, how many were before, and how fast it is", () => {
    const { result } = resultOf({});
    expect(result.difference).toMatchObject({ won: 8, lost: 47 });
    expect(result.headline).toBe("76 of 100 right, was 50. 2.0 times as fast.");
    expect(result.judged).toMatchObject({
      verdict: "with-care",
      reasons: ["worse-than-whole", "some-wrong"],
    });
    expect(result.because).toBe(
      "It lost accuracy when it was cut. Check its answers before you rely on them. Keep more of the model, or use the fine-tuned model at full depth.",
    );
    result.chosen = "tuned";
    expect(result.headline).toBe("89 of 100 right, was 50.");
    expect(result.judged?.verdict).toBe("ready");
  });

  test("shows the shares of right answers before, fine-tuned and trimmed", () => {
    const { result } = resultOf({});
    expect(result.scores).toMatchObject({ kind: "right", asked: { n: 300 }, guessing: null });
    expect(result.scores!.models.map(({ name, note, share }) => [name, note, share.value])).toEqual([
      ["Before", "", 0.5],
      ["Fine-tuned", "all 30 blocks", 0.89],
      ["Trimmed", "15 of 30 blocks", 0.76],
    ]);
    result.chosen = "tuned";
    expect(result.scores!.models).toHaveLength(2);
  });

  test("states what the whole model trained on as many rows says of a healed depth, if the run has it", () => {
    const versusControl = { onlyFirst: 6, onlySecond: 30, p: 1e-4 };
    const healed = { ...clauses[1]!, versusControl };
    const { result } = resultOf({ depths: [clauses[0]!, healed] });
    expect(result.control).toBe(
      "Less accurate than the whole model trained on as many rows: −8.0 points (−12.2 to −4.3).",
    );
    result.chosen = "round 2";
    expect(result.control).toBeNull();
    expect(resultOf({}).result.control).toBeNull();
  });

  test("states the same of texts, after questions if there are some", () => {
    const textsVersusControl = { value: Math.log(1.1), low: Math.log(1.05), high: Math.log(1.2), n: 40 };
    const healed = { ...depth("healed", 15, measured(0.8, 100), null), accuracy: null, textsVersusControl };
    const texts =
      "On the same 40 texts, its perplexity is 1.10 times (1.05–1.20) that of the whole model trained on as many rows (paired bootstrap).";
    expect(resultOf({ depths: [{ ...healed, versusControl: null }] }).result.control).toBe(texts);
    const versusControl = { onlyFirst: 6, onlySecond: 30, p: 1e-4 };
    const both = { ...clauses[1]!, versusControl, textsVersusControl };
    expect(resultOf({ depths: [clauses[0]!, both] }).result.control).toMatch(
      /^Less accurate than .*\(−12\.2 to −4\.3\)\. On the same 40 texts, /,
    );
  });

  test("without questions has no figure to begin with, and nothing to be judged by", () => {
    const { result } = resultOf({
      base: measured(null, null),
      tuned: { ...measured(null, null), perplexity: 8 },
      depths: [depth("healed", 15, { ...measured(null, null), perplexity: 8 })],
    });
    expect(result).toMatchObject({ headline: "", scores: null, recommendation: null });
    expect(result.because).toBe(
      "There are no questions to judge it by. Add questions with answers, or have them written from your documents.",
    );
  });

  test("gives a speed that blocks cannot explain no number; half-blocks set no bound", () => {
    const depths = [depth("healed", 15, measured(0.9, 150))];
    expect(resultOf({ depths }).result.speedRatio).toBe("unsure");
    expect(resultOf({ depths }).result.headline).not.toContain("fast");
    expect(resultOf({ depths, kind: "sublayer" }).result.speedRatio).toBeCloseTo(3, 6);
  });

  test("names depths by what was done to them", () => {
    const { result } = resultOf({});
    expect(["tuned", "round 2", "healed"].map((name) => result.nameOf(name))).toEqual([
      t.result.wholeName("block", 30),
      t.result.roundName("block", 26),
      t.result.healedName("block", 15),
    ]);
    expect(result.nameOf("unknown")).toBe("unknown");
  });
});
