import { expect, test } from "vitest";
import { fewRowsSentence, idleSentences, textsSentence } from "../../../main/cli/prepared.ts";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import { patched } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";

test("A run whose model is the recommended depth says before it starts how many validation rows it lacks", () => {
  const sentence = (questions: number, floor: TrimPlan["floor"] = "no-loss") =>
    fewRowsSentence({ floor }, {
      splits: { valid: { examples: 0, questions, conversations: 0 } },
    } as Parameters<typeof fewRowsSentence>[1]);
  expect(sentence(20)).toBe(
    "No depth will be recommended: to rule out a loss of 5 points in 100 takes at least 73 validation questions, or about 651 for a chance of 80% if one answer in five changes. There are 20; add more with coppice data --valid.",
  );
  expect(sentence(100)).toMatch(/^Perhaps no depth will be recommended: /);
  expect(sentence(1, 0.9)).toContain("to show 90% of the fine-tuned accuracy takes at least 35 ");
  expect(sentence(1, 0.975)).toContain("to show 97.5% of the fine-tuned accuracy takes");
  expect(sentence(651)).toBe("");
});

test("A cut for rows without choices is warned of, unless the rows choose the depth", () => {
  const sentence = (fraction: number, questions: number, floor?: TrimPlan["floor"]) =>
    textsSentence(
      { trim: { keep: { fraction }, unit: "block" }, floor } as Parameters<typeof textsSentence>[0],
      { layers: 30 },
      { splits: { valid: { examples: 20, questions, conversations: 0 } } } as Parameters<
        typeof textsSentence
      >[2],
    );
  expect(sentence(0.5, 0)).toMatch(
    /^Your rows are texts without choices\. .* --keep more of them.* coppice data --make-questions /,
  );
  expect([sentence(1, 0), sentence(0.5, 1), sentence(0.5, 0, "no-loss")]).toEqual(["", "", ""]);
});

test("A choice that a run will not follow is named before it starts", () => {
  const model = { path: "m", layers: 30, maxPositions: 64, hiddenSize: 64 };
  const said = (patch: PlanPatch) => idleSentences(planTrim({ model }, patch), model);
  const all: PlanPatch = { control: true, methods: { rewriting: {} }, base: { storage: "q4" } };
  expect(said(patched(all, { method: { kind: "full" }, trim: { keep: { fraction: 1 } } }))).toEqual([
    "All weights are trained, so none are frozen and stored as q4.",
    "Nothing is cut, so the whole model is not trained for comparison.",
    'Nothing is cut, so the method "rewriting" changes nothing.',
  ]);
  expect([...said(all), ...said({ ...all, recipe: "trimllm" })]).toEqual([]);
});
