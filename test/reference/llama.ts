/**
 * A resident process that evaluates prompts and decodes with llama.cpp (through node-llama-cpp) when told to.
 *
 *   node test/reference/llama.ts '{"entry": …, "model": …, "threads": 2, "context": 1024}'
 *
 * Answers each line of standard input: {"call": "prompt", "ids": […]} (a fresh cache, batch 512) and {"call": "decode",
 * "tokens": n, "from": id} (greedy, from the cache as it is) with {"ms", "tokens", "ids"}.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** The part of node-llama-cpp that is used here. */
interface Sequence {
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(ids: number[]): Promise<void>;
  evaluate(ids: number[], options: object): AsyncIterable<number>;
}
interface Llama {
  systemInfo: string;
  llamaCppRelease: { release: string };
  loadModel(options: object): Promise<{
    createContext(options: object): Promise<{ getSequence(): Sequence; currentThreads: number }>;
  }>;
}

const { entry, model: modelPath, threads, context: contextSize } = JSON.parse(process.argv[2]!);
const { getLlama } = (await import(pathToFileURL(entry).href)) as {
  getLlama(options: object): Promise<Llama>;
};
const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: "error" });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize, batchSize: 512, threads, sequences: 1 });
const sequence = context.getSequence();
say({ ready: true, llamaCpp: llama.llamaCppRelease.release });

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  say(request.call === "prompt" ? await prompt(request.ids) : await decode(request.from, request.tokens));
}
process.exit(0);

async function prompt(ids: number[]) {
  await sequence.clearHistory();
  const started = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(ids);
  return { ms: performance.now() - started, tokens: ids.length, ids: [] };
}

async function decode(from: number, tokens: number) {
  const ids: number[] = [];
  const started = performance.now();
  for await (const id of sequence.evaluate([from], { temperature: 0, yieldEogToken: true })) {
    ids.push(id);
    if (ids.length >= tokens) break;
  }
  return { ms: performance.now() - started, tokens: ids.length, threads: context.currentThreads, ids };
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
