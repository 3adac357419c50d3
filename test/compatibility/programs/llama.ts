/** llama.cpp, through node-llama-cpp and its native library. Keys, values and scores are f32, as here. */
import { pathToFileURL } from "node:url";
import { nodeLlamaCpp } from "../../reference/setup.ts";
import { CONTINUED } from "../program.ts";
import type { Answer, Program, Request } from "../program.ts";

/** The part of node-llama-cpp that is used here. */
interface Llama {
  llamaCppRelease: { release: string };
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

/** Installs it on first use. */
export async function llamaCpp(): Promise<Program> {
  const { getLlama } = (await import(pathToFileURL(nodeLlamaCpp()).href)) as {
    getLlama(options: object): Promise<Llama>;
  };
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: 2, logLevel: "error" });
  return {
    name: "llama.cpp",
    version: llama.llamaCppRelease.release,
    reads: "GGUF",
    async answers(requests) {
      const answers: (Answer | string)[] = [];
      for (const request of requests) answers.push(await answered(llama, request).catch(sentence));
      return answers;
    },
  };
}

const sentence = (error: unknown) => (error as Error).message.split("\n")[0]!;

async function answered(llama: Llama, { path, ids, vocabulary }: Request): Promise<Answer> {
  const model = await llama.loadModel({ modelPath: path });
  const exact = {
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
    flashAttention: false,
  };
  const contextSize = ids.length + CONTINUED + 16;
  const context = await model.createContext({ contextSize, batchSize: contextSize, threads: 2, ...exact });
  const all = { temperature: 1, topK: vocabulary, topP: 1, minP: 0, yieldEogToken: true };
  const sequence = context.getSequence();
  const values = new Float32Array(vocabulary);
  const continued: number[] = [];
  let next = ids;
  for (let step = 0; step < CONTINUED; step++) {
    for await (const { probabilities } of sequence.evaluateWithMetadata(next, { probabilities: true }, all)) {
      if (step === 0) for (const [id, probability] of probabilities) values[id] = probability;
      let top = -1;
      for (const [id, probability] of probabilities)
        if (top < 0 || probability > probabilities.get(top)!) top = id;
      continued.push(top);
      break;
    }
    next = [continued.at(-1)!];
  }
  await model.dispose();
  return { values, kind: "probabilities", ids: continued };
}
