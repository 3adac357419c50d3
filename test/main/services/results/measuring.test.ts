import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CHAT_FOLDER, writeChat } from "../../../../main/trimming/chat/chat-model.ts";
import { writePromptFile } from "../../../../main/trimming/chat/prompt-file.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { measureModel } from "../../../../main/services/results/measuring.ts";
import {
  evaluationDiskBytes,
  evaluationMemoryBytes,
} from "../../../../native-models/estimates/evaluation.ts";
import { productsOf } from "../../../../native-models/inference/whole-model-graph.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { Base } from "../../../../preload/contract/plans/plan.ts";
import { sample as shape } from "../../../native-models/shapes.ts";
import { cutSample } from "../../cut-sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

/** Measures a model, the sample by default, where the sample's weights just fit if they are kept in this way. */
async function measured(base: Base, path: string = sample.model) {
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const data = cutSample(temporaryFolder(), { "test.jsonl": 24, "test_sft.jsonl": 4 });
  const free = {
    memoryBytes: () => evaluationMemoryBytes(shape, shape.maxPositions, base),
    diskBytes: () => evaluationDiskBytes(shape, base),
  };
  const request = { model: { path, name: "sample" }, data: [data] };
  return measureModel(servicesForTest(), reading, request, { free });
}

const measuredWith = async (base: Base) => (await measured(base)).evaluation;

test("A model is measured with weights that fit, and the result says so if these are not the usual ones", async () => {
  const whole = await measuredWith({ storage: "f32", streamed: false });
  expect(whole.storage).toBeUndefined();
  expect(await measuredWith({ storage: "f32", streamed: true })).toEqual(whole);

  const smaller = await measuredWith({ storage: "q8", streamed: false });
  expect(smaller.storage).toBe("q8");
  expect(smaller.perplexity).not.toBe(whole.perplexity);
  expect(smaller.perplexity! / whole.perplexity!).toBeCloseTo(1, 2);
});

test("A model is measured in chat with the bits and the recovery prompt that its own folder has", async () => {
  const folder = temporaryFolder();
  cpSync(sample.model, folder, { recursive: true });
  const model = await openModel(folder);
  onTestFinished(() => model.close());
  const raised = productsOf(model)
    .slice(0, 2)
    .map(({ name }) => name);
  const prompt = new Float32Array(4 * model.config.hiddenSize).fill(0.1);
  await writePromptFile(folder, prompt, model);
  const form = { precision: "int4", raised, prompt } as const;
  const { sizeBytes } = await writeChat(model, join(folder, CHAT_FOLDER), form);

  const { metrics } = await measured({ storage: "f32", streamed: false }, folder);
  expect(metrics.sizeBytes).toBe(sizeBytes);
  expect(metrics.rounding).toMatchObject({ precision: "int4", prompted: true });
});
