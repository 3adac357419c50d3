import { expect, onTestFinished, test } from "vitest";
import { measureModel } from "../../../../main/services/results/measuring.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { evaluationDiskBytes, evaluationMemoryBytes } from "../../../../native-models/estimate.ts";
import type { Base } from "../../../../preload/contract/plan.ts";
import { sample as shape } from "../../../native-models/shapes.ts";
import { cutSample } from "../../cut-sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

/** Measures the sample where its weights just fit if they are kept in this way. */
async function measuredWith(base: Base) {
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const data = cutSample(temporaryFolder(), { "test.jsonl": 24, "test_sft.jsonl": 4 });
  const free = {
    memoryBytes: () => evaluationMemoryBytes(shape, shape.maxPositions, base),
    diskBytes: () => evaluationDiskBytes(shape, base),
  };
  const request = { model: { path: sample.model, name: "sample" }, data: [data] };
  return (await measureModel(servicesForTest(), reading, request, { free })).evaluation;
}

test("A model is measured with weights that fit, and the result says so if these are not the usual ones", async () => {
  const whole = await measuredWith({ storage: "f32", streamed: false });
  expect(whole.storage).toBeUndefined();
  expect(await measuredWith({ storage: "f32", streamed: true })).toEqual(whole);

  const smaller = await measuredWith({ storage: "q8", streamed: false });
  expect(smaller.storage).toBe("q8");
  expect(smaller.perplexity).not.toBe(whole.perplexity);
  expect(smaller.perplexity! / whole.perplexity!).toBeCloseTo(1, 2);
});
