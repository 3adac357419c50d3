/** The product's chat model answered in several ways. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Decoder } from "../../../../native-models/inference/decoder.ts";
import type { DecoderOptions } from "../../../../native-models/inference/decoder.ts";
import { stepsOf } from "../../../../native-models/inference/steps.ts";
import { graphForGpu } from "../../../../native-models/inference/whole-model-graph.ts";
import {
  DESCRIPTION_FILE,
  readDescription,
  writeInferenceModel,
} from "../../../../native-models/inference/write-model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { AnswersAdapter, Way } from "../answers.ts";
import { BENCH_CACHE } from "../harness/models.ts";

export const openAnswers: AnswersAdapter["openAnswers"] = async (modelPath, { precision, way, threads }) => {
  const folder = join(BENCH_CACHE, `answers-${precision}`);
  const model = await openModel(modelPath);
  if (!existsSync(join(folder, DESCRIPTION_FILE))) await writeInferenceModel(model, folder, { precision });
  const layout = await readDescription(folder);
  const options: Readonly<Record<Way, Omit<DecoderOptions, "threads">>> = {
    native: { steps: () => stepsOf(model, layout) },
    whole: {},
    single: {},
    exact: precision === "fp32" ? {} : { graph: graphForGpu(model, layout) },
  };
  const decoder = await Decoder.open(folder, { threads, ...options[way] });
  if (decoder.isNative !== (way === "native"))
    throw new Error("There is no native decoder here: it is built with a compiler for C++.");
  const { tokenizer } = model;
  const inPieces = (ids: readonly number[]) => (way === "single" ? ids.map((id) => [id]) : [ids]);
  const goOn = async (ids: readonly number[]) => {
    let logits = new Float32Array(0);
    for (const piece of inPieces(ids)) logits = Float32Array.from(await decoder.read(piece));
    return logits;
  };
  return {
    idsOf: (text) => tokenizer.encode(text),
    read(ids) {
      decoder.truncate(0);
      return goOn(ids);
    },
    goOn,
    async *readAll(ids) {
      decoder.truncate(0);
      for (const piece of inPieces(ids)) {
        const all = await decoder.readAll(piece);
        const size = all.length / piece.length;
        for (let token = 0; token < piece.length; token++)
          yield all.subarray(token * size, (token + 1) * size);
      }
    },
    async close() {
      await decoder.close();
      model.close();
    },
  };
};
