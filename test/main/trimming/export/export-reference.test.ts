/**
 * Exported folders of each family as transformers loads them: whole models, cuts, and models whose head is tied or untied, against how we open
 * the same folders.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportModel } from "../../../../main/trimming/export/export.ts";
import type { Kept } from "../../../../native-models/model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import { openTensors, writeTensors } from "../../../lab/bench/harness/tensors.ts";
import { families } from "../../../native-models/architectures/families.ts";
import { ggufFile, readGguf } from "../../../native-models/architectures/golden-gguf.ts";
import { readVariants } from "../../../native-models/architectures/golden-variants.ts";
import {
  hashedModel,
  trainingLogits,
  worstDifference,
} from "../../../native-models/architectures/hashed-model.ts";
import { runReference } from "../../../lab/reference/setup.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** A Python with transformers, where the comparison is wanted. */
const python = process.env.COPPICE_PYTHON ?? "";

/** Cuts that transformers can express: all blocks, every second one gone, only the last three. */
const cuts: ((block: number, layers: number) => boolean)[] = [
  () => true,
  (block) => block % 2 === 0,
  (block, layers) => block >= layers - 3,
];

test.skipIf(!existsSync(python))(
  "transformers loads what we export and computes the same, of each family, whole and cut (needs COPPICE_PYTHON)",
  async () => {
    const folder = temporaryFolder();
    const ids = readGguf("llama").ids;
    const request = join(folder, "ids.safetensors");
    writeTensors(request, new Map([["ids", { shape: [1, ids.length], data: Int32Array.from(ids) }]]));
    const exported: { output: string; answer: string }[] = [];
    for (const name of families.flatMap(({ gguf }) => gguf)) {
      const source = join(folder, `${name}.gguf`);
      writeFileSync(source, ggufFile(readGguf(name)));
      const model = await openModel(source);
      for (const [index, keeps] of cuts.entries()) {
        const kept = model.sections.map((section, block): Kept =>
          keeps(block, model.sections.length) ? section : null,
        );
        const output = join(folder, `${name}-${index}`);
        await exportModel(
          mergedModel(model, kept, { kind: "none" }, () => undefined),
          model.tokenizer,
          output,
        );
        exported.push({ output, answer: `${output}.safetensors` });
      }
      model.close();
    }
    const { tokenizer, close } = await openModel(join(folder, "llama.gguf"));
    for (const { modelType } of families) {
      const fixture = readVariants(modelType);
      const tied = fixture.variants.find(({ name }) => name === "tie_word_embeddings")!;
      const output = join(folder, `${modelType}-tied`);
      await exportModel(hashedModel(tied.config, fixture), tokenizer, output);
      exported.push({ output, answer: `${output}.safetensors` });
    }
    close();
    runReference(
      "logits.py",
      exported.flatMap(({ output, answer }) => [output, request, answer]),
    );
    const places = ids.map((_, place) => place);
    for (const { output, answer } of exported) {
      const model = await openModel(output);
      const file = openTensors(answer);
      const ours = await trainingLogits(model, ids, places);
      expect(worstDifference(ours, file.read("logits")), output).toBeLessThan(1e-4);
      file.close();
      model.close();
    }
  },
);
