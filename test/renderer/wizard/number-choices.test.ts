import { expect, test } from "vitest";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { numberChoices } from "../../../renderer/wizard/target/number-choices.ts";

const plan = (recipe: TrimPlan["recipe"]) =>
  ({ recipe, optimizer: {}, tune: {}, heal: {}, trim: {} }) as unknown as TrimPlan;

test("a number that is chosen is the one that its field shows", () => {
  for (const { name, patch, of } of numberChoices(plan("coppice"))) {
    expect([name, of({ ...plan("coppice"), ...patch(7) } as TrimPlan)]).toEqual([name, 7]);
  }
});

test("rows per round are not offered for TrimLLM, whose rounds take all rows", () => {
  const names = (recipe: TrimPlan["recipe"]) => numberChoices(plan(recipe)).map(({ name }) => name);
  expect(names("coppice").filter((name) => !names("trimllm").includes(name))).toEqual(["rowsPerRound"]);
});
