/** The built-in list names models that Coppice supports, with their publishers' figures. */
import { describe, expect, test } from "vitest";
import { architectures } from "../../../../native-models/architectures/registry.ts";
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

test("A run computes about as much more as a model is larger", () => {
  let last = 0;
  for (const model of [...suggestedModels].sort((a, b) => a.parameters - b.parameters)) {
    const { operations } = fitOf({ ...shapeOf(model), path: "" });
    expect(operations, model.repository).toBeGreaterThan(last / 3);
    expect(operations / model.parameters, model.repository).toBeGreaterThan(1e5); // each of 100,000 tokens at least once
    last = operations;
  }
});
