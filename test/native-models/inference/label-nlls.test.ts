import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openToMeasure } from "../../../main/trimming/devices/open-stack.ts";
import { scoreRows } from "../../../main/trimming/evaluation/evaluate.ts";
import { arbitraryTokens } from "../../../native-models/inference/arbitrary-tokens.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { labelNlls } from "../../../native-models/inference/label-nlls.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { writeTinyModel } from "../../main/cli/tiny-model.ts";

let model: OpenModel;
const folder = mkdtempSync(join(tmpdir(), "coppice-label-nlls-"));
beforeAll(async () => (model = await openModel(await writeTinyModel(join(folder, "tiny")))));
afterAll(() => {
  model.close();
  rmSync(folder, { recursive: true, force: true });
});

const ids = (length: number) => arbitraryTokens(length, model.config.vocabularySize);

/** Long and short prompts and answers, some that start alike, one with alternatives to its last token, one with earlier answers. */
const rows = (): TokenRow[] => [
  { ids: ids(90), promptLength: 20 },
  { ids: ids(40), promptLength: 39, alternatives: [3, 5] },
  { ids: [...ids(39), 6], promptLength: 39 },
  { ids: ids(3), promptLength: 1 },
  { ids: ids(80), promptLength: 70, answers: [[4, 9], [35, 50]] }, // prettier-ignore
];

const nllsOf = async (precision: "fp32" | "int8") => {
  const chat = join(folder, precision);
  await writeInferenceModel(model, chat, { precision });
  const decoder = await Decoder.open(chat, { threads: 1 });
  try {
    const nlls: Float32Array[] = [];
    for (const row of rows()) nlls.push(await labelNlls(decoder, row));
    return nlls;
  } finally {
    await decoder.close();
  }
};

describe("The NLLs of labels by a chat model", () => {
  test("are the trained model's where chat rounds nothing", async () => {
    const stack = openToMeasure(model, { threads: 1, base: { storage: "f32", streamed: false } }, folder);
    const trained = await scoreRows(rows(), new Batcher(), (batch) => stack.nll(batch));
    await stack.close();
    const chat = await nllsOf("fp32");
    expect(chat.map(({ length }) => length)).toEqual([70, 3, 1, 2, 30]);
    for (const [index, nlls] of chat.entries())
      for (const [label, nll] of nlls.entries()) expect(nll).toBeCloseTo(trained[index]![label]!, 4);
  });

  test("differ a little where it rounds", async () => {
    const [exact, rounded] = [await nllsOf("fp32"), await nllsOf("int8")];
    const differences = exact.flatMap((nlls, index) => [...nlls].map((nll, i) => rounded[index]![i]! - nll));
    expect(differences.some((difference) => difference !== 0)).toBe(true);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(0.1);
  });
});
