/** The product's logits, from the whole-model graph in fp32. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decoder } from "../../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import type { LogitsAdapter } from "../logits.ts";

export const logits: LogitsAdapter["logits"] = async (modelPath, ids, without = []) => {
  const model = await openModel(modelPath);
  const folder = await mkdtemp(join(tmpdir(), "coppice-logits-"));
  try {
    const kept = model.sections.map((section, block) => (without.includes(block) ? null : section));
    await writeInferenceModel(
      mergedModel(model, kept, { kind: "none" }, () => undefined),
      folder,
      { precision: "fp32" },
    );
    const decoder = await Decoder.open(folder, { threads: 2 });
    const all = new Float32Array(ids.flat().length * model.config.vocabularySize);
    let done = 0;
    for (const row of ids) {
      decoder.truncate(0);
      const rows = await decoder.readAll(row);
      all.set(rows, done);
      done += rows.length;
    }
    await decoder.close();
    return all;
  } finally {
    model.close();
    await rm(folder, { recursive: true });
  }
};
