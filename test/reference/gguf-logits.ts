/**
 * Opens the GGUF fixtures of test/native-models/architectures/golden/gguf with llama.cpp and compares what it expects next with the
 * fixtures' logits, so that their keys and names are those that llama.cpp reads. Ends with 1 where something differs.
 *
 *   node test/reference/gguf-logits.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { families } from "../native-models/architectures/families.ts";
import { ggufFile, readGguf } from "../native-models/architectures/golden-gguf.ts";
import type { GoldenGguf } from "../native-models/architectures/golden-gguf.ts";
import { nodeLlamaCpp } from "./setup.ts";

/** The part of node-llama-cpp that is used here. */
interface Llama {
  loadModel(options: object): Promise<{
    createContext(options: object): Promise<{
      getSequence(): {
        evaluateWithMetadata(
          ids: readonly number[],
          wanted: object,
          options: object,
        ): AsyncIterable<{ probabilities: ReadonlyMap<number, number> }>;
      };
    }>;
    dispose(): Promise<void>;
  }>;
}

const TOLERANCE = 1e-4;

const { getLlama } = (await import(pathToFileURL(nodeLlamaCpp()).href)) as {
  getLlama(options: object): Promise<Llama>;
};
const llama = await getLlama({ gpu: false, build: "never", maxThreads: 1, logLevel: "error" });
const folder = mkdtempSync(join(tmpdir(), "coppice-gguf-logits-"));
for (const name of families.flatMap(({ gguf }) => gguf)) {
  const golden = readGguf(name);
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, ggufFile(golden));
  const worst = await worstDifference(path, golden);
  console.log(`${name}: probabilities of the next token differ by ${worst.toExponential(1)} at most`);
  if (!(worst < TOLERANCE)) process.exitCode = 1;
}
rmSync(folder, { recursive: true });
process.exit();

/** Of the probabilities after the whole text. */
async function worstDifference(path: string, { ids, logits }: GoldenGguf): Promise<number> {
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
