import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decoderOn } from "../../../../main/trimming/devices/chat-device.ts";
import type { DecoderOptions } from "../../../../native-models/inference/decoder.ts";
import { graphForGpu } from "../../../../native-models/inference/whole-model-graph.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";

const hasDevice = Boolean(process.env["VK_ICD_FILENAMES"]);
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function written(): Promise<{ folder: string; options: DecoderOptions }> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-chat-device-"));
  folders.push(folder);
  const model = goldenModel(readGolden("llama-gqa"));
  const layout = await writeInferenceModel(model, folder, { precision: "int8" });
  return { folder, options: { threads: 1, device: "webgpu", graph: graphForGpu(model, layout) } };
}

test.skipIf(!hasDevice)("a device that agrees with the CPU answers, from an empty cache", async () => {
  const { folder, options } = await written();
  const opened = await decoderOn(folder, options);
  if ("problem" in opened) throw new Error(JSON.stringify(opened.problem));
  expect(opened.decoder.ids).toEqual([]);
  expect((await opened.decoder.read([3, 14])).every(Number.isFinite)).toBe(true);
  await opened.decoder.close();
});

test.skipIf(hasDevice)("a missing device is reported as the problem, and stops nothing", async () => {
  const { folder, options } = await written();
  expect(await decoderOn(folder, options)).toEqual({ problem: { kind: "no-card" } });
});
