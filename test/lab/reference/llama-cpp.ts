/** llama.cpp, through node-llama-cpp and its native library, which is installed on first use. */
import { pathToFileURL } from "node:url";
import { nodeLlamaCpp } from "./setup.ts";

/** The part of node-llama-cpp by which a model's probabilities are read. */
export interface LlamaCpp {
  readonly llamaCppRelease: { release: string };
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

/** On the processor, with its errors alone printed. */
export async function openLlamaCpp(maxThreads: number): Promise<LlamaCpp> {
  const { getLlama } = (await import(pathToFileURL(nodeLlamaCpp()).href)) as {
    getLlama(options: object): Promise<LlamaCpp>;
  };
  return getLlama({ gpu: false, build: "never", maxThreads, logLevel: "error" });
}
