/** The built-in list names models that Coppice supports, with their publishers' figures. */
import { describe, expect, test } from "vitest";
import { architectures } from "../../../../native-models/architectures/registry.ts";
import { durationsOf } from "../../../../main/services/hub/durations.ts";
import { shapeOf, suggestedModels } from "../../../../main/services/hub/suggested.ts";
import { fitOf } from "../../../../main/services/plans/admission.ts";

describe.each(suggestedModels)("$repository", (model) => {
  test("is of a registered family", () => {
    expect(architectures.flatMap(({ modelTypes }) => modelTypes)).toContain(model.config.model_type);
  });

  test("has as many parameters as its publisher counts", () => {
    expect(shapeOf(model).parameters).toBe(model.parameters);
  });

  test("has a size of at least two bytes a parameter, and a known gain at half its depth", () => {
    expect(model.sizeBytes).toBeGreaterThan(2 * model.parameters);
    expect(model.sizeBytes).toBeLessThan(2.7 * model.parameters);
    const { halfDepthGain } = fitOf({ ...shapeOf(model), path: "" });
    expect(halfDepthGain).toBeGreaterThan(1.1);
    expect(halfDepthGain).toBeLessThan(2);
  });
});

test("The list goes from small to large, names each once, and says which licences ask for terms", () => {
  const sizes = suggestedModels.map(({ sizeBytes }) => sizeBytes);
  expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
  expect(new Set(suggestedModels.map(({ repository }) => repository)).size).toBe(suggestedModels.length);
  for (const { licence, isGated, terms } of suggestedModels) {
    expect(isGated).toBe(/^(gemma|llama)/.test(licence));
    expect(terms === "free").toBe(/^(apache-2.0|mit)$/.test(licence));
  }
});

test("Durations follow the measured speed and the model's size", () => {
  const slow = durationsOf(suggestedModels, 50e9);
  const fast = durationsOf(suggestedModels, 100e9);
  let last = 0;
  for (const { repository, parameters } of [...suggestedModels].sort((a, b) => a.parameters - b.parameters)) {
    const { low, high } = slow[repository]!;
    expect(low).toBeLessThan(high);
    expect(low % 600).toBe(0);
    expect(fast[repository]!.low).toBeLessThanOrEqual(low);
    expect(low, `${repository}, ${parameters}`).toBeGreaterThan(last / 3);
    last = low;
  }
});
