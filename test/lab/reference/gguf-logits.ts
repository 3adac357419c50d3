/**
 * Opens the GGUF fixtures of test/native-models/architectures/golden/gguf with llama.cpp and compares what it expects next with the
 * fixtures' logits, so that their keys and names are those that llama.cpp reads; then cuts by half blocks of the families that have a form
 * for them, with what Coppice computes of the same cut. Ends with 1 where something differs.
 *
 *   node build/run.js test/lab/reference/gguf-logits.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Kept } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { families } from "../../native-models/architectures/families.ts";
import { ggufFile, readGguf } from "../../native-models/architectures/golden-gguf.ts";
import type { GoldenGguf } from "../../native-models/architectures/golden-gguf.ts";
import { openLlamaCpp } from "./llama-cpp.ts";

const TOLERANCE = 1e-4;
/** Weights are rounded to 16 bits on the way. */
const HALVES_TOLERANCE = 2e-3;

const llama = await openLlamaCpp(1);
const folder = mkdtempSync(join(tmpdir(), "coppice-gguf-logits-"));
for (const name of families.flatMap(({ gguf }) => gguf)) {
  const golden = readGguf(name);
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, ggufFile(golden));
  const worst = await worstDifference(path, golden);
  console.log(`${name}: probabilities of the next token differ by ${worst.toExponential(1)} at most`);
  if (!(worst < TOLERANCE)) process.exitCode = 1;
}
for (const name of families.flatMap(({ gguf }) => gguf)) {
  const golden = readGguf(name);
  const source = join(folder, `${name}.gguf`);
  const model = await openModel(source);
  if (model.architecture.ggufOfHalves) {
    // each kind of missing half, at the first block too
    for (const first of ["mlp", "attention"] as const) {
      const kept = model.sections.map((_, block): Kept =>
        block === 0 ? first : block % 2 === 1 ? "attention" : "mlp",
      );
      const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
      const path = join(folder, `${name}-${first}.gguf`);
      await writeGgufModel(path, cut, model.tokenizer, { mix: "F16", name, licence: null });
      await writeInferenceModel(cut, `${path}-chat`, { precision: "fp32" });
      const decoder = await Decoder.open(`${path}-chat`, { threads: 1 });
      const data = (await decoder.read([...golden.ids])).slice();
      await decoder.close();
      const logits = { shape: [1, data.length], data };
      const worst = await worstDifference(path, { ids: golden.ids, logits });
      console.log(
        `${name}, half blocks from ${first}: probabilities differ by ${worst.toExponential(1)} at most`,
      );
      if (!(worst < HALVES_TOLERANCE)) process.exitCode = 1;
    }
  }
  model.close();
}
rmSync(folder, { recursive: true });
process.exit();

/** Of the probabilities after the whole text. */
async function worstDifference(
  path: string,
  { ids, logits }: Pick<GoldenGguf, "ids" | "logits">,
): Promise<number> {
  const model = await llama.loadModel({ modelPath: path });
  const exact = {
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
    flashAttention: false,
  };
  const context = await model.createContext({ contextSize: 64, batchSize: 64, threads: 1, ...exact });
  const vocabulary = logits.shape[1]!;
  const last = logits.data.subarray(-vocabulary);
  const powers = last.map((logit) => Math.exp(logit - Math.max(...last)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const asTheyAre = { temperature: 1, topK: vocabulary, topP: 1, minP: 0, yieldEogToken: true };
  const tokens = context.getSequence().evaluateWithMetadata(ids, { probabilities: true }, asTheyAre);
  for await (const { probabilities } of tokens) {
    await model.dispose();
    return Math.max(...powers.map((power, id) => Math.abs(power / total - (probabilities.get(id) ?? NaN))));
  }
  throw new Error("llama.cpp gave no token");
}
