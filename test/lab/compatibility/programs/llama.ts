/** llama.cpp, through node-llama-cpp and its native library. Keys, values and scores are f32, as here. */
import { openLlamaCpp } from "../../reference/llama-cpp.ts";
import type { LlamaCpp } from "../../reference/llama-cpp.ts";
import { CONTINUED } from "../program.ts";
import type { Answer, Program, Request } from "../program.ts";

/** Installs it on first use. */
export async function llamaCpp(): Promise<Program> {
  const llama = await openLlamaCpp(2);
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

async function answered(llama: LlamaCpp, { path, ids, vocabulary }: Request): Promise<Answer> {
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
